"""
Every number of a brief, found again by a query of its own over made-up recoveries.

The queries share nothing with the code that makes briefs but the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from content.shelf import course_for
from db.alerts import act_on_alert, list_alerts
from db.engine import Database, writing
from db.events import add_event, list_events, withdraw_event
from db.models import (
    AlertRow,
    DailyReportRow,
    EpisodeRow,
    EventRow,
    PlannedVisitRow,
    VisitNoteRow,
    VisitQuestionRow,
)
from db.patients import current_episode
from db.reports import save_report
from db.visit_notes import NotePress, add_visit_note
from db.visit_questions import add_question, list_questions, withdraw_question
from db.visits import plan_visit
from recovery.alerts import AlertActKind, AlertPress, CloseReason
from recovery.episodes import BracePlan
from recovery.reports import Event, EventKind, PainMedicine
from tests.factories import NOW, TODAY, ZONE, make_patient, saving
from tests.small_clinic import SmallClinic
from ui.briefs import ReadBrief, read_brief

pytestmark = pytest.mark.usefixtures("frozen_clock")

WEEK = timedelta(days=6)
SIGN_SHARE = 0.1
# Their columns, which the type checker takes for values.
REPORT: Any = DailyReportRow
EVENT: Any = EventRow
ALERT: Any = AlertRow
QUESTION: Any = VisitQuestionRow
PLANNED: Any = PlannedVisitRow
NOTE: Any = VisitNoteRow
EPISODE: Any = EpisodeRow
LOCAL = ZoneInfo(ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One recovery in the database, and the way to ask about it."""

    session: Session
    episode: EpisodeRow
    made: ReadBrief

    @property
    def since(self) -> date:
        """Return the day from which the brief counts, as another query finds it."""
        days = [
            sa.select(table.visit_date).where(table.episode_id == self.episode.id)
            for table in (NOTE, PLANNED)
        ]
        visits = sa.union_all(*days).subquery()
        day = visits.c.visit_date
        inside = (day > self.episode.procedure_date) & (day < TODAY)
        found: date | None = self.session.scalar(sa.select(sa.func.max(day)).where(inside))
        return found or self.episode.procedure_date

    def line(self, label: str) -> str:
        """Return a line of the brief."""
        return next(each.text for each in self.made.text.lines if each.label == label)

    def one(self, table: Any, *what: Any, where: Sequence[Any] = ()) -> Any:
        """Return one row of what is asked of the episode's rows in *table*."""
        asked = sa.select(*what).where(table.episode_id == self.episode.id, *where)
        return self.session.execute(asked).one()

    def week(self, last_day: date) -> tuple[int, int]:
        """Return how many days of a week are logged, and the sum of their average pain."""
        days = REPORT.day.between(last_day - WEEK, last_day)
        pains = sa.func.sum(REPORT.average_pain_nrs)
        count, total = self.one(REPORT, sa.func.count(), pains, where=[days])
        return count, total or 0


@pytest.fixture(params=[3, 8, 16, 32])
def asked(request: pytest.FixtureRequest, database: Database, clinic: SmallClinic) -> Any:
    """Return a made-up recovery of some days with its brief; the same for each number."""
    _live(database, clinic, Random(request.param), request.param)
    with writing(database) as session:
        access = make_patient(session, clinic.clinician, name="Alder Ash")
        # A neighbour's answers must count nowhere.
        save_report(session, access, saving(worst_pain_nrs=10, average_pain_nrs=10))
    with writing(database) as session:
        made = read_brief(session, clinic.clinician, clinic.treating.patient_id)
        yield Asked(session=session, episode=current_episode(session, clinic.treating), made=made)


def _live(database: Database, clinic: SmallClinic, dice: Random, pod: int) -> None:
    """Live through a recovery, each day by the functions that the app uses."""
    begins = TODAY - timedelta(days=pod)
    with writing(database) as session:
        episode = current_episode(session, clinic.treating)
        episode.procedure_date = begins
        plan = BracePlan(hours_per_day=7, from_date=begins, to_date=begins + timedelta(days=20))
        episode.brace_from, episode.brace_to = plan.from_date, plan.to_date
        episode.brace_hours_per_day = plan.hours_per_day
    for day in (begins + timedelta(days=each) for each in range(pod + 1)):
        with writing(database) as session:
            _live_a_day(session, clinic, day, dice)


def _live_a_day(session: Session, clinic: SmallClinic, day: date, dice: Random) -> None:
    at = datetime.combine(day, time(9, 30), LOCAL).astimezone(UTC)
    at = min(at, NOW)
    if dice.random() < 0.75:
        average, medicine = dice.randrange(9), dice.choice([None, *PainMedicine])
        answers = {
            "worst_pain_nrs": average + dice.randrange(3),
            "average_pain_nrs": average,
            "brace_hours": dice.choice([None, 0, 4.5, 8]),
            "medicine": medicine,
            "medicine_times": None
            if medicine in {None, PainMedicine.NONE}
            else dice.choice([None, 1, 5]),
            "warning_signs": frozenset({"fever"} if dice.random() < SIGN_SHARE else ()),
        }
        save_report(session, clinic.own, saving(day=day, today=day, now=at, **answers))
    if dice.random() < 0.3:
        kind = dice.choice([EventKind.SUDDEN_PAIN, EventKind.FALL, EventKind.PAIN_READING])
        event = Event(kind=kind, occurred_at=at, pain_nrs=6)
        add_event(session, clinic.own, event, idempotency_key=uuid4(), now=at)
    if dice.random() < 0.2:
        add_question(session, clinic.own, f"asked on {day}", at)
    if dice.random() < 0.1:
        note = NotePress(visit_date=day, text="seen", today=day, idempotency_key=uuid4(), now=at)
        add_visit_note(session, clinic.treating, note)
    if dice.random() < 0.1:
        plan_visit(session, clinic.treating, day + timedelta(days=2), today=day, now=at)
    _change_your_mind(session, clinic, at, dice)


def _change_your_mind(session: Session, clinic: SmallClinic, at: datetime, dice: Random) -> None:
    events, questions = list_events(session, clinic.own), list_questions(session, clinic.own)
    alerts = [each for each in list_alerts(session, clinic.treating) if each.state != "closed"]
    if events and dice.random() < 0.2:
        assert events[-1].event_id
        withdraw_event(session, clinic.own, events[-1].event_id, at)
    if questions and dice.random() < 0.1:
        withdraw_question(session, clinic.own, questions[-1].question_id, at)
    if alerts and dice.random() < 0.3:
        press = AlertPress(
            alert_id=alerts[0].alert_id,
            expected_version=alerts[0].version,
            kind=AlertActKind.CLOSED,
            reason=CloseReason.SPOKE,
        )
        act_on_alert(session, clinic.treating, press, today=TODAY, now=at)


def test_every_number_is_found_again(asked: Asked) -> None:
    """By another query, in the numbers and in the words."""
    _check_days(asked)
    _check_levels(asked)
    _check_brace(asked)
    _check_medicine(asked)
    _check_events(asked)
    _check_alerts(asked)
    _check_questions(asked)
    _check_documented(asked)


def _check_days(asked: Asked) -> None:
    brief, since = asked.made.brief, asked.since
    days = REPORT.day.between(since, TODAY)
    (count,) = asked.one(REPORT, sa.func.count(), where=[days])
    assert brief.since == since
    assert brief.pod == (TODAY - asked.episode.procedure_date).days
    (is_over,) = asked.one(REPORT, sa.func.count(), where=[REPORT.day == TODAY])
    expected = (TODAY - since).days + is_over
    assert brief.days_expected == expected
    assert asked.line("Logged").startswith(f"{count} of {expected} day")
    (worst,) = asked.one(REPORT, sa.func.max(REPORT.worst_pain_nrs), where=[days])
    if worst is None:
        assert brief.worst is None
        return
    is_worst = sa.and_(days, REPORT.worst_pain_nrs == worst)
    (day,) = asked.one(REPORT, sa.func.max(REPORT.day), where=[is_worst])
    assert brief.worst is not None
    assert (brief.worst.nrs, brief.worst.day) == (worst, day)
    assert asked.line("Worst").startswith(f"{worst} on {day.day} ")


def _check_levels(asked: Asked) -> None:
    level = asked.made.brief.judgement.level
    count, total = asked.week(TODAY)
    assert level.now_nrs == (round(total / count, 2) if count >= 4 else None)
    assert asked.made.brief.level_days == count
    if count >= 4:
        assert f", mean of {count} logged days;" in asked.line("Now")
    weeks = []
    for back in range((TODAY - asked.episode.procedure_date).days + 1):
        day = TODAY - timedelta(days=back)
        (is_logged,) = asked.one(REPORT, sa.func.count(), where=[REPORT.day == day])
        count, total = asked.week(day)
        if is_logged and count >= 4:
            weeks.append((Fraction(total, count), back, day))
    if not weeks:
        assert (level.best_nrs, level.best_day) == (None, None)
        return
    mean, _, day = min(weeks)
    assert (level.best_nrs, level.best_day) == (round(float(mean), 2), day)
    assert f"week to {day.day} " in asked.line("Best")


def _check_brace(asked: Asked) -> None:
    worn = REPORT.brace_hours
    last = asked.episode.brace_to or TODAY
    counted = [
        REPORT.day >= max(asked.since, asked.episode.brace_from or TODAY),
        REPORT.day <= last,
        sa.not_(worn.is_(None)),
    ]
    count, mean = asked.one(REPORT, sa.func.count(), sa.func.avg(worn), where=counted)
    brace = asked.made.brief.brace
    assert brace.days == count
    assert brace.worn_hours == (None if mean is None else pytest.approx(float(mean)))
    assert brace.planned_hours == (7 if count else None)


def _check_medicine(asked: Asked) -> None:
    brief = asked.made.brief
    last_week = TODAY - WEEK - timedelta(1)
    weeks = [(TODAY, brief.medicine)]
    if last_week < asked.episode.procedure_date:
        assert brief.medicine_before is None
    else:
        assert brief.medicine_before
        weeks.append((last_week, brief.medicine_before))
    for week, taken in weeks:
        days = REPORT.day.between(week - WEEK, week)
        none = sa.case((REPORT.medicine == PainMedicine.NONE, 1))
        answered, without, said, times = asked.one(
            REPORT,
            sa.func.count(REPORT.medicine),
            sa.func.count(none),
            sa.func.count(REPORT.medicine_times),
            sa.func.coalesce(sa.func.sum(REPORT.medicine_times), 0),
            where=[days],
        )
        assert (taken.answered, taken.taken) == (answered, answered - without)
        known = said + without
        assert taken.times == (pytest.approx(times / known) if known >= 4 else None)


def _check_events(asked: Asked) -> None:
    begins = datetime.combine(asked.since, time(), LOCAL).astimezone(UTC)
    found = asked.session.execute(
        sa.select(EVENT.kind, sa.func.count(), sa.func.max(EVENT.occurred_at))
        .where(
            EVENT.episode_id == asked.episode.id,
            EVENT.occurred_at >= begins,
            EVENT.withdrawn_at.is_(None),
        )
        .group_by(EVENT.kind)
    ).all()
    expected = {kind: (count, last.astimezone(LOCAL).date()) for kind, count, last in found}
    happened = asked.made.brief.happened
    assert {each.kind: (each.count, each.last_day) for each in happened} == expected
    assert all(f"{count} " in asked.line("Events") for count, _ in expected.values())
    _check_signs(asked)


def _check_signs(asked: Asked) -> None:
    days = sorted(
        day
        for day, signs in asked.session.execute(
            sa.select(REPORT.day, REPORT.warning_signs).where(
                REPORT.episode_id == asked.episode.id, REPORT.day.between(asked.since, TODAY)
            )
        )
        if signs
    )
    signs = asked.made.brief.signs
    assert (signs and (signs.days, signs.last_day)) == ((len(days), days[-1]) if days else None)
    assert (f"{len(days)} warning-sign day" in asked.line("Events")) == bool(days)


def _check_alerts(asked: Asked) -> None:
    begins = datetime.combine(asked.since, time(), LOCAL).astimezone(UTC)
    is_open = ALERT.state != "closed"
    kept = sa.or_(is_open, ALERT.opened_at >= begins)
    count, unclosed = asked.one(
        ALERT,
        sa.func.count(),
        sa.func.count(sa.case((is_open, 1))),
        where=[kept],
    )
    assert len(asked.made.brief.alerts) == count
    line = asked.line("Alerts")
    if not unclosed:
        assert line == (f"{count}, all closed" if count else "none")
        return
    assert line.startswith(f"{unclosed} open of {count}")
    _check_first_named(asked, line)


def _check_first_named(asked: Asked, line: str) -> None:
    # A warning sign goes before all else, the newest first.
    (newest,) = asked.one(
        ALERT,
        sa.func.max(ALERT.first_day),
        where=[ALERT.state != "closed", ALERT.kind == "warning_sign"],
    )
    if newest is not None and ":" in line:
        assert f": warning sign {newest.day} " in line


def _check_questions(asked: Asked) -> None:
    begins = datetime.combine(asked.since, time(), LOCAL).astimezone(UTC)
    texts = asked.session.scalars(
        sa.select(QUESTION.text)
        .where(
            QUESTION.episode_id == asked.episode.id,
            QUESTION.created_at >= begins,
            QUESTION.withdrawn_at.is_(None),
        )
        .order_by(QUESTION.created_at)
    ).all()
    assert [each.text for each in asked.made.brief.questions] == list(texts)


def _check_documented(asked: Asked) -> None:
    course = course_for("kyphoplasty", shares_augmentation_curve=True)
    assert course is not None
    (baseline,) = asked.session.execute(
        sa.select(EPISODE.baseline_nrs).where(EPISODE.id == asked.episode.id)
    ).one()
    limits = course.limits((TODAY - asked.episode.procedure_date).days, baseline)
    assert asked.made.brief.limits == limits
    assert limits is not None
    assert f"{limits.p10:.1f} to {limits.p90:.1f}" in asked.line("Documented")
