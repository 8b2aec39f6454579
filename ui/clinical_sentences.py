"""What a clinician's chart shows, in sentences: for reading, and for whoever cannot see it."""

from collections.abc import Iterable

import pandas as pd

from charts.lanes import next_beyond
from charts.layers import within
from recovery.reports import PainMedicine
from ui.clinical_view import ClinicalView
from ui.sentences import activity_sentence, brace_sentence
from ui.words import count_of, plain_number, short_day


def level_sentence(view: ClinicalView) -> str:
    """Say pain before the procedure and the best week, each where it is known."""
    before, level = view.drawing.recovery.episode.baseline_nrs, view.level
    said = "Pain before is not known." if before is None else f"Pain before: {before} of 10."
    if level.best_nrs is None or level.best_day is None:
        return f"{said} No seven days hold four logged ones yet, so there is no best week."
    best = plain_number(round(level.best_nrs, 1))
    return f"{said} Best week: {best} on average, the seven days to {short_day(level.best_day)}."


def missing_sentence(view: ClinicalView) -> str:
    """Say on which of the days that were due there is no report."""
    if not view.due:
        return "No daily report was due on these days."
    missing = list(view.recorded.missing["pod"])
    due = count_of(len(view.due), "day")
    if not missing:
        return f"A report on each of {due}."
    return f"No report on {len(missing)} of {due}: {_spans(missing)}."


def alert_sentence(view: ClinicalView) -> str:
    """Count the alerts that rest on the days drawn, open and closed."""
    days, alerts = view.drawing.days, view.recorded.alerts
    shown = alerts[(alerts["first"] <= days.last) & (alerts["last"] >= days.first)]
    if shown.empty:
        return "No alert rests on these days."
    still_open = int(shown["is_open"].sum())
    return f"Alerts on these days: {still_open} open, {len(shown) - still_open} closed."


def happening_sentence(view: ClinicalView) -> str:
    """Count events and visits on the days drawn."""
    days, recorded = view.drawing.days, view.recorded
    events, visits = within(recorded.events, days), within(recorded.visits, days)
    noted = int(visits["is_noted"].sum())
    parts = (
        count_of(len(events), "event"),
        count_of(noted, "visit note"),
        count_of(len(visits) - noted, "planned visit"),
    )
    beyond = next_beyond(recorded.visits, days)
    later = "" if beyond is None else f" The next visit is planned for day {beyond}."
    return f"On these days: {', '.join(parts)}.{later}"


def medicine_sentence(view: ClinicalView) -> str:
    """Say on how many days pain medicine was taken, and on how many a prescribed one."""
    said = view.recorded.reports["medicine"].dropna()
    if said.empty:
        return "No answer about medicine on these days."
    taken = int((said != PainMedicine.NONE.value).sum())
    prescribed = int(said.isin([PainMedicine.PRESCRIBED.value, PainMedicine.BOTH.value]).sum())
    asked = count_of(len(said), "answered day")
    return f"Pain medicine on {taken} of {asked}, prescribed on {prescribed}."


def brace_words(view: ClinicalView) -> str:
    """Say how the brace was worn beside the plan."""
    recovery = view.drawing.recovery
    return brace_sentence(view.counted.week, recovery.episode, recovery.today)


def activity_words(view: ClinicalView) -> str:
    """Say how active the last answered day was."""
    recovery = view.drawing.recovery
    return activity_sentence(view.counted.week, [stored.report for stored in recovery.reports])


def cohort_sentence(cohort: pd.DataFrame) -> str:
    """Say whom the comparison is drawn from; *cohort* is what is drawn."""
    if cohort.empty:
        return (
            "On none of these days did 20 of the clinic's own patients log after this procedure. "
            "The median is shown from 20 patients up."
        )
    least, most = cohort["n"].min(), cohort["n"].max()
    people = f"{least}" if least == most else f"{least} to {most}"
    return (
        f"Dashes and dots: median of average pain of {people} of the clinic's own patients a day "
        "after the same procedure, whose middle half is tinted. Shown from 20 patients up."
    )


def _spans(pods: Iterable[int]) -> str:
    """Name days in a row together: ``days 3, 7 to 9``."""
    spans: list[list[int]] = []
    for pod in pods:
        if spans and pod == spans[-1][-1] + 1:
            spans[-1].append(pod)
        else:
            spans.append([pod])
    named = [f"{each[0]}" if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in spans]
    is_one = len(spans) == 1 and len(spans[0]) == 1
    return f"{'day' if is_one else 'days'} {', '.join(named)}"
