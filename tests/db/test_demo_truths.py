"""The demo's known truths: what is planted is found, and the ordinary is left alone."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from content.shelf import rules_for
from db.alerts import list_alerts
from db.demo import DEMO_USERNAMES, SECOND_CLINICIAN, fill_demo
from db.demo_alerts import work_off_days, work_off_events
from db.demo_courses import CourseKind, made_up_reports
from db.demo_people import KINDS, TREES, draw_enrolment, episode_of
from db.engine import Database, open_engine, reading, writing
from db.models import AccountRow, AlertRow, PlannedVisitRow, VisitQuestionRow
from db.patients import authorize
from db.review import list_episodes
from db.sweep import sweep
from recovery.access import Actor, Role, grant_clinic
from recovery.alerts import AlertActKind, AlertState
from recovery.judgement.judge import judge
from recovery.judgement.log import log_of
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import JudgementSettings
from recovery.review import ReviewQuery, ReviewRow
from tests.factories import TODAY

AT = datetime.combine(TODAY, time(15), tzinfo=UTC)
DAY = timedelta(days=1)
TRUTHS: Mapping[CourseKind, frozenset[ReasonKind]] = {
    CourseKind.WARNING_SIGN: frozenset({ReasonKind.WARNING_SIGN}),
    # An event is no matter of the days, and its alert is made where it is recorded.
    CourseKind.SUDDEN_PAIN: frozenset(),
    CourseKind.FALL: frozenset({ReasonKind.CHANGE, ReasonKind.WORSE_AGAIN}),
    CourseKind.CHANGED: frozenset({ReasonKind.CHANGE}),
    CourseKind.SLOWLY_WORSE: frozenset({ReasonKind.WORSE_AGAIN}),
    CourseKind.HIGHER: frozenset({ReasonKind.HIGHER}),
    CourseKind.NONE: frozenset({ReasonKind.NO_RESPONSE}),
    CourseKind.SILENT: frozenset({ReasonKind.SILENCE}),
    CourseKind.MORE_MEDICINE: frozenset({ReasonKind.MEDICINE}),
    CourseKind.LESS_BRACE: frozenset({ReasonKind.BRACE}),
}
BY_EVENTS = frozenset({CourseKind.SUDDEN_PAIN})
FOUND_FOR_DAYS = 14
"""Days back that the first sweep judges."""

ORDINARY = {f"Demo {tree}" for tree, kind in zip(TREES, KINDS, strict=True) if kind.is_ordinary}


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a demo clinic as it stands when somebody first looks."""
    file = tmp_path_factory.mktemp("truths") / "demo.db"
    file.write_bytes(sqlite_template.read_bytes())
    opened = Database(open_engine(f"sqlite:///{file}"), is_demo=True)
    fill_demo(opened, TODAY)
    work_off_events(opened, AT)
    sweep(opened, rules_for, AT)
    work_off_days(opened, AT)
    sweep(opened, rules_for, AT)
    yield opened
    opened.engine.dispose()


def _clinician(session: Session) -> Actor:
    name = DEMO_USERNAMES[Role.CLINICIAN]
    row = session.exec(select(AccountRow).where(AccountRow.username == name)).one()
    return Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=row.role,
        display_name=row.display_name,
        patient_id=None,
        session_id=uuid4(),
    )


def _list(database: Database) -> list[ReviewRow]:
    """Return every row of the review list, in its own order."""
    rows: list[ReviewRow] = []
    with writing(database) as session:
        access = grant_clinic(_clinician(session))
        for number in range(2):
            rows += list_episodes(session, access, ReviewQuery(page=number), AT).rows
    return rows


def _found(number: int, kind: CourseKind, today: date, dice: Random) -> set[ReasonKind]:
    """Draw one course and return all that the rules find in its last days."""
    enrolment = draw_enrolment("Demo", number, kind, today, dice)
    episode = episode_of(enrolment, UUID(int=number))
    log = log_of(episode, made_up_reports(episode, kind, today - DAY, dice))
    rules = rules_for(episode.procedure, shares_augmentation_curve=True)
    days = (today - back * DAY for back in range(FOUND_FOR_DAYS))
    return {
        reason.kind
        for day in days
        if day >= episode.procedure_date
        for reason in judge(log, rules, JudgementSettings(), day).reasons
    }


@pytest.mark.parametrize("back", range(0, 370, 37))
def test_every_planted_course_is_found_and_no_ordinary_one(back: int) -> None:
    """By the rules themselves, whatever is drawn on a day, for ten days of a year."""
    today = TODAY - back * DAY
    dice = Random(f"truths {today.isoformat()}")

    for number, kind in enumerate(KINDS):
        found = _found(number, kind, today, dice)
        assert TRUTHS.get(kind, frozenset()) <= found, kind
        if kind.is_ordinary or kind in BY_EVENTS:
            assert found == set(), kind


def test_each_rule_has_planted_cases() -> None:
    """And each kind that is not ordinary has its truth."""
    planted = [kind for kind in KINDS if not kind.is_ordinary]

    assert set(TRUTHS) == set(planted)
    assert frozenset().union(*TRUTHS.values()) == set(ReasonKind) - {
        ReasonKind.FALL,
        ReasonKind.SUDDEN_PAIN,
    }


def test_the_list_puts_every_planted_case_above_every_ordinary_one(demo: Database) -> None:
    """Also after the demo's clinician worked some of them off."""
    rows = _list(demo)
    names = [row.name for row in rows]

    assert len(names) == len(set(names)) == len(KINDS)
    assert set(names[-len(ORDINARY) :]) == ORDINARY
    assert all(bool(row.alerts) is (row.name not in ORDINARY) for row in rows)


def test_what_was_recorded_has_its_alert(demo: Database) -> None:
    """A fall and a sudden pain, as if they had been recorded in the app."""
    with reading(demo) as session:
        kinds = [each.kind for each in session.exec(select(AlertRow))]

    assert (kinds.count(ReasonKind.FALL), kinds.count(ReasonKind.SUDDEN_PAIN)) == (2, 1)


def test_the_closed_loop_shows(demo: Database) -> None:
    """Every state, with words and times in order, and one alert that went to the second clinician."""
    with reading(demo) as session:
        clinician = _clinician(session)
        rows = session.exec(select(AlertRow)).all()
        alerts = [
            alert
            for patient_id in sorted({each.patient_id for each in rows})
            for alert in list_alerts(session, authorize(session, clinician, patient_id))
        ]
        second = session.exec(
            select(AccountRow.id).where(AccountRow.username == SECOND_CLINICIAN)
        ).one()

    assert {each.state for each in alerts} == set(AlertState)
    [escalated] = [each for each in rows if each.escalated_at is not None]
    assert (escalated.kind, escalated.state) == (ReasonKind.WARNING_SIGN, AlertState.NEW)
    assert escalated.escalated_to == second
    for alert in alerts:
        times = [alert.opened_at, *(act.at for act in alert.acts), AT]
        assert times == sorted(times), alert.reason.kind
        for act in alert.acts:
            assert bool(act.words) is (act.kind in {AlertActKind.ACTED, AlertActKind.CLOSED})


def test_visits_and_questions_lie_ahead(demo: Database) -> None:
    """At least five tomorrow, others within the week, and somebody wants to ask something."""
    with reading(demo) as session:
        visits = sorted(each.visit_date for each in session.exec(select(PlannedVisitRow)))
        questions = session.exec(select(VisitQuestionRow)).all()

    assert visits.count(TODAY + DAY) >= 5
    assert TODAY + DAY < visits[-1] <= TODAY + 7 * DAY
    assert len(questions) == 6
    assert all(each.created_at < AT for each in questions)
