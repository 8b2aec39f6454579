"""What a clinician needs for a visit: the numbers since the last one, nothing made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from recovery.alerts import Alert, AlertState
from recovery.days import post_procedure_day, today_in
from recovery.episodes import Episode
from recovery.expectations import BandLimits
from recovery.judgement.reasons import Judgement
from recovery.reports import DailyReport, Event, EventKind, PainMedicine, StoredReport
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS
from recovery.visits import VisitQuestion, still_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    All that a brief is made from, of one recovery.

    Attributes:
        time_zone: The person's own; decides which day an instant belongs to.
        today: The person's own day, which the brief is made on.
        last_visit: Day of the last visit before today; None when there was none.
        judgement: What the rules say today; its levels are the week's and the best week's.
        limits: What is documented for today; None where nothing is.
        expects_reports: Whether the procedure's recoveries are logged each day.
        questions: That were not taken back.
    """

    episode: Episode
    time_zone: str
    today: date
    last_visit: date | None
    judgement: Judgement
    limits: BandLimits | None
    expects_reports: bool
    reports: Sequence[StoredReport] = ()
    events: Sequence[Event] = ()
    alerts: Sequence[Alert] = ()
    questions: Sequence[VisitQuestion] = ()


@dataclass(frozen=True, slots=True)
class WorstDay:
    """The day with the highest worst pain, NRS 0-10; the newest of equal ones."""

    day: date
    nrs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BraceWorn:
    """
    The brace since the last visit.

    Attributes:
        days: Days with a plan and an answer.
        worn_hours: Mean hours worn on those days, 0-24; None without any.
        planned_hours: Mean hours planned on those days; None without any.
    """

    days: int
    worn_hours: float | None
    planned_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineTaken:
    """
    Pain medicine in seven days.

    Attributes:
        answered: Days with an answer, 0-7.
        taken: Days of those on which some was taken.
        times: Mean times a day, a day without medicine counting as 0; None where fewer than
            four days say how often.
    """

    answered: int
    taken: int
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Events of one kind since the last visit, at least one."""

    kind: EventKind
    count: int
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsTicked:
    """Days with a ticked warning sign since the last visit, at least one."""

    days: int
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """
    The numbers of a brief; None where one is missing.

    Attributes:
        today: The day it was made on.
        pod: Post-procedure day of it; negative before the procedure.
        since: First day counted: that of the last visit, else of the procedure.
        follows_visit: Whether *since* is the day of a visit.
        baseline_nrs: Pain before the procedure, NRS 0-10.
        judgement: Own levels of average pain, and beside what is documented.
        level_days: Logged days of the last seven, 0-7, which the level now is the mean of.
        limits: What is documented for the day.
        worst: Highest worst pain since.
        days_logged: Days logged since.
        days_expected: Days since that are over, and today once it is logged; None where no daily
            report is expected.
        has_brace: Whether a brace was prescribed.
        medicine: In the last seven days.
        medicine_before: In the seven days before those; None where the procedure came after.
        signs: Ticked warning signs since; None without any.
        happened: Events since that were not taken back, by kind, the gravest first.
        alerts: That were made since or are still open, the gravest first.
        questions: That no visit came after, in the person's own words, oldest first.
    """

    today: date
    pod: int
    since: date
    follows_visit: bool
    baseline_nrs: int | None
    judgement: Judgement
    level_days: int
    limits: BandLimits | None
    worst: WorstDay | None
    days_logged: int
    days_expected: int | None
    has_brace: bool
    brace: BraceWorn
    medicine: MedicineTaken
    medicine_before: MedicineTaken | None
    signs: SignsTicked | None
    happened: tuple[Happened, ...]
    alerts: tuple[Alert, ...]
    questions: tuple[VisitQuestion, ...]

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """The alerts that nobody closed yet."""
        return tuple(each for each in self.alerts if each.state is not AlertState.CLOSED)


def brief_of(record: Record) -> Brief:
    """
    Return the numbers for a visit on the day of *record*.

    Everything is counted from the day of the last visit, that day included, or from the
    procedure; levels of pain and medicine are of whole weeks, as everywhere else.
    """
    episode, today = record.episode, record.today
    since = record.last_visit or episode.procedure_date
    reports = [each.report for each in record.reports if each.report.day <= today]
    newer = [each for each in reports if each.day >= since]
    week_before = today - timedelta(days=WEEK_DAYS)
    return Brief(
        today=today,
        pod=post_procedure_day(episode.procedure_date, today),
        since=since,
        follows_visit=record.last_visit is not None,
        baseline_nrs=episode.baseline_nrs,
        judgement=record.judgement,
        level_days=len(_week(reports, today)),
        limits=record.limits,
        worst=_worst(newer),
        days_logged=len(newer),
        days_expected=_expected(newer, since, today) if record.expects_reports else None,
        has_brace=episode.brace_plan is not None,
        brace=_brace(newer, episode),
        medicine=_medicine(reports, today),
        medicine_before=(
            _medicine(reports, week_before) if week_before >= episode.procedure_date else None
        ),
        signs=_signs(newer),
        happened=_happened(record.events, since, record.time_zone),
        alerts=_alerts(record.alerts, since, record.time_zone),
        questions=tuple(still_open(record.questions, record.last_visit, record.time_zone)),
    )


def _expected(reports: Iterable[DailyReport], since: date, today: date) -> int:
    # Nobody missed a day that is not over.
    is_logged = any(each.day == today for each in reports)
    return max(0, (today - since).days + is_logged)


def _week(reports: Iterable[DailyReport], last_day: date) -> list[DailyReport]:
    first_day = last_day - timedelta(days=WEEK_DAYS - 1)
    return [each for each in reports if first_day <= each.day <= last_day]


def _signs(reports: Iterable[DailyReport]) -> SignsTicked | None:
    days = [each.day for each in reports if each.warning_signs]
    return SignsTicked(days=len(days), last_day=max(days)) if days else None


def _worst(reports: Iterable[DailyReport]) -> WorstDay | None:
    worst = max(reports, key=lambda each: (each.worst_pain_nrs, each.day), default=None)
    return None if worst is None else WorstDay(worst.day, worst.worst_pain_nrs)


def _brace(reports: Iterable[DailyReport], episode: Episode) -> BraceWorn:
    plan = episode.brace_plan
    days = [
        (each.brace_hours, planned)
        for each in reports
        if plan is not None
        and each.brace_hours is not None
        and (planned := plan.hours_on(each.day)) is not None
    ]
    return BraceWorn(
        days=len(days),
        worn_hours=fmean(worn for worn, _ in days) if days else None,
        planned_hours=fmean(planned for _, planned in days) if days else None,
    )


def _medicine(reports: Iterable[DailyReport], last_day: date) -> MedicineTaken:
    answered = [each for each in _week(reports, last_day) if each.medicine is not None]
    taken = [each for each in answered if each.medicine is not PainMedicine.NONE]
    times = [each.medicine_times for each in taken if each.medicine_times is not None]
    times += [0] * (len(answered) - len(taken))
    return MedicineTaken(
        answered=len(answered),
        taken=len(taken),
        times=fmean(times) if len(times) >= ENOUGH_DAYS else None,
    )


# What says nothing about how somebody is stands elsewhere.
_TOLD = (EventKind.SUDDEN_PAIN, EventKind.FALL, EventKind.PAIN_READING)


def _happened(events: Sequence[Event], since: date, zone_name: str) -> tuple[Happened, ...]:
    told = [
        (each.kind, day)
        for each in events
        if not each.is_withdrawn and (day := today_in(zone_name, each.occurred_at)) >= since
    ]
    days = {kind: [day for each, day in told if each is kind] for kind in _TOLD}
    return tuple(
        Happened(kind=kind, count=len(found), last_day=max(found))
        for kind, found in days.items()
        if found
    )


def _alerts(alerts: Sequence[Alert], since: date, zone_name: str) -> tuple[Alert, ...]:
    kept = [
        each
        for each in alerts
        if each.state is not AlertState.CLOSED or today_in(zone_name, each.opened_at) >= since
    ]
    return tuple(
        sorted(
            kept,
            key=lambda each: (
                each.state is AlertState.CLOSED,
                -each.reason.kind.need,
                -each.reason.last_day.toordinal(),
                each.alert_id,
            ),
        )
    )
