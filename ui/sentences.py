"""Plain sentences about a log: what it says, never a verdict."""

from collections.abc import Mapping
from datetime import date, timedelta

from content.shelf import sources
from recovery.episodes import Episode
from recovery.expectations import Course
from recovery.reports import DailyReport, StoredReport
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS, WeekSummary
from recovery.wording import marked, tr
from ui.words import ACTIVITY_WORDS, plain_number

NO_REPORTS = marked("Nothing is logged yet. Your chart starts with your first day.")
BAND_MEANING = marked(
    "The wide band holds about 8 of 10 people, the narrow one about 5 of 10. "
    "Both are worked out from the average and the spread that the studies report."
)
NO_BAND = marked("No course is documented for these days, so no band is drawn.")


_AVERAGE = marked("Average: figures from {source}, {people}.")
_SPREAD = marked("Spread: figures from {source}, {people}.")


def week_sentence(week: WeekSummary, pod: int = WEEK_DAYS) -> str:
    """
    Say what the last seven days of pain amount to, for patient and clinician alike.

    Args:
        week: The seven days.
        pod: Post-procedure day of the last of them; before the procedure no day could be logged.
    """
    if pod < 0:
        return tr("You can log from the day of your procedure on.")
    logged = tr("Logged {count} of the last {days} days.", count=week.days_logged, days=WEEK_DAYS)
    if pod + 1 < WEEK_DAYS:
        logged = tr("Days logged so far: {count} of {days}.", count=week.days_logged, days=pod + 1)
    if week.worst_pain_nrs is None:
        later = tr("From {days} days on, an average is shown here.", days=ENOUGH_DAYS)
        return f"{logged} {later}"
    worst = plain_number(week.worst_pain_nrs)
    if pod + 1 < WEEK_DAYS:
        said = tr("On average so far, the worst pain of a day was about {nrs} of 10.", nrs=worst)
        return f"{said} {logged}"
    said = tr(
        "On average over the last {days} days, the worst pain of a day was about {nrs} of 10.",
        days=WEEK_DAYS,
        nrs=worst,
    )
    return f"{said} {logged}"


def band_sentence(course: Course | None, pod: int, baseline_nrs: int | None) -> str:
    """Say what is documented for a day, with no word about how the person compares."""
    limits = course.limits(pod, baseline_nrs) if course else None
    mean = course.mean(pod, baseline_nrs) if course else None
    if limits is not None:
        low, high = plain_number(round(limits.p10)), plain_number(round(limits.p90))
        return tr(
            "Worked out from studies, about 8 of 10 people have pain of {low} to {high} on day {pod}.",
            low=low,
            high=high,
            pod=pod,
        )
    if mean is not None and pod > 0:
        about = plain_number(round(mean))
        return tr("On day {pod}, people in the study had pain of about {nrs}.", pod=pod, nrs=about)
    if course is not None and pod < 0:
        return tr("The documented course begins on the day of the procedure.")
    return tr(NO_BAND)


def scaling_sentence(course: Course, baseline_nrs: int | None) -> str:
    """Say whether the band is fitted to the person's own pain before the procedure."""
    if baseline_nrs is None:
        typical = plain_number(course.reference_baseline_nrs)
        return tr(
            "Pain before the procedure is not on record, so the band is not fitted. "
            "It starts from the {nrs} of 10 that people in the study had.",
            nrs=typical,
        )
    return tr("The band is fitted to the pain before the procedure: {nrs} of 10.", nrs=baseline_nrs)


def source_lines(course: Course) -> list[str]:
    """Return one Markdown line per source of the band: figures from ..., n = ...."""
    lines = []
    for what, points in ((_AVERAGE, course.points), (_SPREAD, course.spreads)):
        for source_id in dict.fromkeys(point.source_id for point in points):
            counts = [point.n for point in points if point.source_id == source_id]
            lines.append(_source_line(what, source_id, counts))
    return lines


def brace_sentence(week: WeekSummary, episode: Episode, today: date) -> str:
    """Say how the brace was worn beside what was planned."""
    plan = episode.brace_plan
    if plan is None:
        return tr("No brace was prescribed.")
    planned = plan.hours_on(today)
    if week.brace_hours is not None and week.planned_hours is not None:
        return tr(
            "Brace worn {hours} hours a day on average over the last {days} days. "
            "The plan was {planned}.",
            hours=plain_number(week.brace_hours),
            days=WEEK_DAYS,
            planned=plain_number(week.planned_hours),
        )
    if planned is None:
        return tr("The brace plan does not cover today.")
    return tr(
        "The plan is {hours} hours a day. Too few days are logged to average.",
        hours=plain_number(planned),
    )


def activity_sentence(week: WeekSummary, reports: list[DailyReport]) -> str:
    """Say how active the last answered day was, and how much was walked."""
    levels = [(each.day, each.activity) for each in reports if each.activity is not None]
    if not levels:
        return tr("No activity is logged yet.")
    latest = levels[-1][1]
    said = tr("Last answer: {activity}.", activity=tr(ACTIVITY_WORDS[latest]).lower())
    if week.walking_minutes is None:
        return said
    minutes = plain_number(round(week.walking_minutes))
    walked = tr("Walked {minutes} minutes a day on average.", minutes=minutes)
    return f"{said} {walked}"


def saved_sentence(stored: StoredReport, reports: Mapping[date, StoredReport]) -> str:
    """Say what a saved answer means beside the day before."""
    report = stored.report
    before = reports.get(report.day - timedelta(days=1))
    said = tr("Worst pain {nrs} of 10.", nrs=report.worst_pain_nrs)
    if before is None:
        return said
    change = report.worst_pain_nrs - before.report.worst_pain_nrs
    if change == 0:
        beside = tr("The same as the day before.")
    elif change > 0:
        beside = tr("That is {points} more than the day before.", points=change)
    else:
        beside = tr("That is {points} less than the day before.", points=-change)
    return f"{said} {beside}"


def _source_line(what: str, source_id: str, counts: list[int]) -> str:
    source = sources()[source_id]
    linked = f"[{source.citation}]({source.address})" if source.address else source.citation
    people = f"n = {counts[0]}"
    if counts[-1] != counts[0]:
        people = tr("n = {first} at first and {last} at the end", first=counts[0], last=counts[-1])
    return tr(what, source=linked, people=people)
