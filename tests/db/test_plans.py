"""Every function of ``db`` finds its rows by an index, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from content.shelf import rules_for
from db.engine import Database, reading, writing
from db.models import AlertRow, DailyReportRow, EpisodeStatusRow, PatientRow
from db.patients import authorize
from db.review import list_episodes
from db.sweep import sweep
from recovery.access import Role, grant_admin, grant_clinic
from recovery.errors import RecoveryError
from recovery.judgement.reasons import ReasonKind
from recovery.review import DayRange, ReviewOrder, ReviewQuery
from tests.db.access_table import (
    ADMIN_CALLS,
    ADMIN_KEY_CALLS,
    CLINIC_CALLS,
    PATIENT_CALLS,
    Call,
    Rows,
    Target,
)
from tests.db.world import World, make_world
from tests.factories import NOW
from tests.plans import partitions_read, recorded, whole_reads
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("clock")

Act = Callable[[Session], object]

WHOLE = {
    "DELETE FROM account": "of an erasure: SQLite looks for rows that refer to it",
    "DELETE FROM patient WHERE": "of an erasure: SQLite looks for alerts that refer to it",
    "SELECT auth_session.id": "an administrator's list of everybody who is signed in",
    "SELECT count(*) AS count_1  FROM emergency_access": "an administrator's count; an emergency is rare",
}
"""Statements that may read all that a clinic has in a table, by their beginning, with why."""


@pytest.fixture
def world(database: Database, clinic: SmallClinic, other_clinic: SmallClinic) -> World:
    """Return two clinics with something beside everybody."""
    return make_world(database, clinic, other_clinic)


def test_no_function_reads_a_table_from_end_to_end(database: Database, world: World) -> None:
    """All reads and writes of the access table, the review list in its ways, and the clock's."""
    _make_due(database)
    with recorded(database.engine) as sent:
        for act in _acts(world):
            _try(database, act)
        sweep(database, rules_for, NOW)

    assert any("daily_report" in each for each in sent)
    found = whole_reads(database.engine, sent)
    assert {each: step for each, step in found.items() if not _may_be_whole(each)} == {}
    if database.engine.dialect.name == "postgresql":
        assert found == {}
        assert partitions_read(database.engine, sent) == {}
    else:
        assert {each for each in WHOLE if not any(_begins(s, each) for s in found)} == set()


def test_a_read_from_end_to_end_is_seen(database: Database) -> None:
    """The test above can fail: by a column without an index, and by a whole clinic's rows."""
    with recorded(database.engine) as sent, reading(database) as session:
        session.exec(select(DailyReportRow).where(col(DailyReportRow.note) == "test")).all()
        session.exec(select(PatientRow).where(col(PatientRow.name) == "test")).all()
    found = whole_reads(database.engine, sent)

    assert len(found) == 2
    assert all("can " in each.lower() for each in found.values())


def test_a_read_of_a_whole_clinic_is_seen(database: Database, clinic: SmallClinic) -> None:
    """A table that grows is not read by the clinic alone, which an index would allow."""
    if database.engine.dialect.name == "postgresql":
        return  # it chooses by figures that a small table has none of
    with recorded(database.engine) as sent, reading(database) as session:
        session.exec(
            select(DailyReportRow.episode_id).where(
                DailyReportRow.clinic_id == clinic.clinic_id, col(DailyReportRow.note) == "test"
            )
        ).all()

    assert list(whole_reads(database.engine, sent).values()) == [
        "SEARCH daily_report USING INDEX sqlite_autoindex_daily_report_1 (clinic_id=?)"
    ]


def _begins(statement: str, words: str) -> bool:
    return statement.replace("\n", " ").startswith(words)


def _may_be_whole(statement: str) -> bool:
    return any(_begins(statement, each) for each in WHOLE)


def _acts(world: World) -> Iterator[Act]:
    rows = world.rows[Target.OWN]
    treating, running = (
        grant_clinic(world.clinic.clinician),
        grant_admin(world.clinic.administrator),
    )
    for roles, call in PATIENT_CALLS.values():
        yield partial(_about_patient, call=call, world=world, role=min(roles))
    for call in CLINIC_CALLS.values():
        yield partial(_about_clinic, call=call, access=treating, rows=rows)
    for call in (*ADMIN_CALLS.values(), *ADMIN_KEY_CALLS.values()):
        yield partial(_about_clinic, call=call, access=running, rows=rows)
    for query in _queries():
        yield partial(list_episodes, access=treating, query=query, now=NOW)


def _about_clinic(session: Session, *, call: Call, access: object, rows: Rows) -> object:
    return call(session, access, rows)


def _about_patient(session: Session, *, call: Call, world: World, role: Role) -> object:
    rows = world.rows[Target.OWN]
    return call(session, authorize(session, world.actor(role), rows.patient_id), rows)


def _queries() -> Iterator[ReviewQuery]:
    for order in ReviewOrder:
        yield ReviewQuery(order=order)
        yield ReviewQuery(order=order, search="can own")
        yield ReviewQuery(order=order, is_mine=True, has_visit=True)
    yield ReviewQuery(reason=ReasonKind.FALL)
    yield ReviewQuery(procedure="kyphoplasty", days=DayRange(first=0, last=14))
    yield ReviewQuery(changed_since=NOW - timedelta(days=1), reason=ReasonKind.FALL)


def _try(database: Database, act: Act) -> None:
    """Do something with all that is done at its end, and undo it."""
    with writing(database) as session:
        with suppress(RecoveryError):
            act(session)
            session.flush()
        for name in ("counts_at_end", "at_end"):
            at_end = session.info.pop(name, None)
            if at_end is not None:
                at_end(session)
        session.rollback()


def _make_due(database: Database) -> None:
    """Leave work for the clock: everybody to judge, and every snooze over."""
    with writing(database) as session:
        session.execute(sa.update(EpisodeStatusRow).values(judge_on=NOW.date()))
        over = NOW.date() - timedelta(days=3)
        session.execute(sa.update(AlertRow).values(snoozed_until=over))
