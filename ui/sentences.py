"""Plain sentences about a log: what it says, never a verdict."""

from collections.abc import Mapping
from datetime import date, timedelta

from content.shelf import sources
from recovery.episodes import Episode
from recovery.expectations import Course
from recovery.reports import DailyReport, StoredReport
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS, WeekSummary
from ui.words import ACTIVITY_WORDS, plain_number

NO_REPORTS = "Nothing is logged yet. Your chart starts with your first day."
BAND_MEANING = (
    "The wide band holds about 8 of 10 people, the narrow one about 5 of 10. "
    "Both are worked out from the average and the spread that the studies report."
)
NO_BAND = "No course is documented for these days, so no band is drawn."


def week_sentence(week: WeekSummary) -> str:
    """Say what the last seven days of pain amount to, for patient and clinician alike."""
    logged = f"Logged {week.days_logged} of the last {WEEK_DAYS} days."
    if week.worst_pain_nrs is None:
        return f"{logged} From {ENOUGH_DAYS} days on, an average is shown here."
    return f"The worst pain of a day was about {plain_number(week.worst_pain_nrs)} of 10. {logged}"


def band_sentence(course: Course | None, pod: int, baseline_nrs: int | None) -> str:
    """Say what is documented for a day, with no word about how the person compares."""
    limits = course.limits(pod, baseline_nrs) if course else None
    mean = course.mean(pod, baseline_nrs) if course else None
    if limits is not None:
        low, high = plain_number(round(limits.p10)), plain_number(round(limits.p90))
        return f"Worked out from studies, about 8 of 10 people have pain of {low} to {high} on day {pod}."
    if mean is not None and pod > 0:
        return f"On day {pod}, people in the study had pain of about {plain_number(round(mean))}."
    return NO_BAND


def scaling_sentence(course: Course, baseline_nrs: int | None) -> str:
    """Say whether the band is fitted to the person's own pain before the procedure."""
    if baseline_nrs is None:
        typical = plain_number(course.reference_baseline_nrs)
        return (
            "Pain before the procedure is not on record, so the band is not fitted. "
            f"It starts from the {typical} of 10 that people in the study had."
        )
    return f"The band is fitted to the pain before the procedure: {baseline_nrs} of 10."


def source_lines(course: Course) -> list[str]:
    """Return one Markdown line per source of the band: figures from ..., n = ...."""
    lines = []
    for what, points in (("Average", course.points), ("Spread", course.spreads)):
        for source_id in dict.fromkeys(point.source_id for point in points):
            counts = [point.n for point in points if point.source_id == source_id]
            lines.append(_source_line(what, source_id, counts))
    return lines


def brace_sentence(week: WeekSummary, episode: Episode, today: date) -> str:
    """Say how the brace was worn beside what was planned."""
    plan = episode.brace_plan
    if plan is None:
        return "No brace was prescribed."
    planned = plan.hours_on(today)
    if week.brace_hours is not None and week.planned_hours is not None:
        return (
            f"Brace worn {plain_number(week.brace_hours)} hours a day on average over the last "
            f"{WEEK_DAYS} days. The plan was {plain_number(week.planned_hours)}."
        )
    if planned is None:
        return "The brace plan does not cover today."
    return f"The plan is {plain_number(planned)} hours a day. Too few days are logged to average."


def activity_sentence(week: WeekSummary, reports: list[DailyReport]) -> str:
    """Say how active the last answered day was, and how much was walked."""
    levels = [(each.day, each.activity) for each in reports if each.activity is not None]
    if not levels:
        return "No activity is logged yet."
    latest = levels[-1][1]
    said = f"Last answer: {ACTIVITY_WORDS[latest].lower()}."
    if week.walking_minutes is None:
        return said
    return f"{said} Walked {plain_number(round(week.walking_minutes))} minutes a day on average."


def saved_sentence(stored: StoredReport, reports: Mapping[date, StoredReport]) -> str:
    """Say what a saved answer means beside the day before."""
    report = stored.report
    before = reports.get(report.day - timedelta(days=1))
    said = f"Worst pain {report.worst_pain_nrs} of 10."
    if before is None:
        return said
    change = report.worst_pain_nrs - before.report.worst_pain_nrs
    if change == 0:
        return f"{said} The same as the day before."
    word = "more" if change > 0 else "less"
    return f"{said} That is {abs(change)} {word} than the day before."


def _source_line(what: str, source_id: str, counts: list[int]) -> str:
    source = sources()[source_id]
    linked = f"[{source.citation}]({source.address})" if source.address else source.citation
    people = f"n = {counts[0]}"
    if counts[-1] != counts[0]:
        people = f"{people} at first and {counts[-1]} at the end"
    return f"{what}: figures from {linked}, {people}."
