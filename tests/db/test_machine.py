"""What the server asks of the database for its figures, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from db.audit import note_act
from db.engine import Database, open_engine, reading, writing
from db.jobs import run_once
from db.machine import machine_state, pool_state
from db.models import ONLY_PLAN, AlertRow, BackupPlanRow, EpisodeRow, utc_now
from db.watching import NO_CONNECTION, reasons
from recovery.alerts import AlertState, CloseReason
from recovery.judgement.reasons import ReasonKind
from tests.db.hearing import Heard
from tests.factories import NOW, days_ago
from tests.small_clinic import SmallClinic


def _alert(session: Session, clinic: SmallClinic, kind: ReasonKind, **values: object) -> AlertRow:
    of_clinic = select(EpisodeRow.id).where(EpisodeRow.clinic_id == clinic.clinic_id)
    return AlertRow.model_validate(
        {
            "clinic_id": clinic.clinic_id,
            "episode_id": session.exec(of_clinic).one(),
            "patient_id": clinic.own.patient_id,
            "kind": kind,
            "first_day": days_ago(3),
            "last_day": days_ago(1),
            "figures": {},
            "settings_version": 1,
        }
        | values
    )


def test_open_alerts_are_counted_by_kind_for_all_clinics(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Closed ones are none; nobody has seen those that are new and were not passed on."""
    first, second = list(ReasonKind)[:2]
    old = NOW - timedelta(hours=5)
    closed = {
        "state": AlertState.CLOSED,
        "closed_at": NOW,
        "closed_by": clinic.clinician.account_id,
        "close_reason": next(iter(CloseReason)),
    }
    with writing(database) as session:
        session.add(_alert(session, clinic, first, opened_at=NOW))
        session.add(_alert(session, other_clinic, first, opened_at=old))
        session.add(
            _alert(
                session,
                clinic,
                second,
                state=AlertState.SEEN,
                seen_at=NOW,
                seen_by=clinic.clinician.account_id,
            )
        )
        session.add(_alert(session, clinic, second, **closed))
    with reading(database) as session:
        state = machine_state(session)

    assert state.open_alerts == {first: 2, second: 1}
    assert (state.untouched, state.oldest_untouched) == (2, old)


def test_jobs_and_the_plan_are_told_as_they_stand(database: Database) -> None:
    """Nothing before anything ran or was planned."""
    now = utc_now()
    with reading(database) as session:
        before = machine_state(session)
    run_once(database, "look", lambda: "done", every=timedelta(0), now=now)
    with writing(database) as session:
        session.add(BackupPlanRow(id=ONLY_PLAN, hour=3, time_zone="UTC", folder="x", keep=7))
    with reading(database) as session:
        after = machine_state(session)

    assert (before.jobs, before.planned_backup, before.open_alerts) == ({}, None, {})
    assert after.jobs["look"].finished_at == now
    assert after.planned_backup is not None


def test_the_queue_is_counted_from_its_indexes(database: Database) -> None:
    """Else every look would read all alerts there ever were."""
    asked: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with reading(database) as session:
        machine_state(session)
    plans = []
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))
        words = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        for statement in [each for each in asked if "FROM alert" in each]:
            rows = connection.exec_driver_sql(f"{words} {statement}").all()
            plans.append(" ".join(str(value) for row in rows for value in row))

    by_kind, untouched = plans
    assert "ix_alert_open" in by_kind
    # Both hold new ones alone; on a table this small the planner may take either.
    assert "ix_alert_untouched" in untouched or "uq_alert_one_new" in untouched
    assert "Seq Scan" not in by_kind + untouched


def test_an_act_is_told_of_once_it_is_stored(
    database: Database, clinic: SmallClinic, heard: Heard
) -> None:
    """In the order in which they were done; nothing is told of what was taken back."""
    with writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
        note_act(session, clinic.clinician, "view.deleted")
        assert heard.acts == []
    assert heard.acts == ["view.saved", "view.deleted"]
    with pytest.raises(ZeroDivisionError), writing(database) as session:
        note_act(session, clinic.clinician, f"view.{1 // 0}")
    with writing(database):
        pass

    assert heard.acts == ["view.saved", "view.deleted"]


def test_an_act_that_could_not_be_stored_is_not_told_of(
    database: Database, clinic: SmallClinic, heard: Heard
) -> None:
    """As when the database goes away while it is being committed."""

    def break_off(_connection: object) -> None:
        raise ConnectionError

    sa.event.listen(database.engine, "commit", break_off)
    with pytest.raises(ConnectionError), writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
    sa.event.remove(database.engine, "commit", break_off)

    assert heard.acts == []


def test_each_connection_is_timed(database: Database, heard: Heard) -> None:
    """Those that were open already too; the pool knows how many are out."""
    for _ in range(3):
        with database.engine.connect():
            out = pool_state(database)
    free = pool_state(database)

    assert out is not None
    assert free is not None
    assert (out.in_use, free.in_use) == (1, 0)
    assert replace(free, in_use=1, idle=free.idle - 1) == out
    assert len(heard.waits) >= 3


def test_mistakes_of_ours_are_no_outage(database: Database, heard: Heard) -> None:
    """A broken rule of a table is the doing of a statement, not of the database."""
    with pytest.raises(sa.exc.IntegrityError), writing(database) as session:
        session.connection().exec_driver_sql("INSERT INTO job (name) VALUES ('x')")

    assert heard.why == []
    assert len(set(reasons())) == len(reasons())
    assert NO_CONNECTION in reasons()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_is_away_is_told_by_its_reason(database: Database, heard: Heard) -> None:
    """Once for each try."""
    away = Database(open_engine(str(database.engine.url.set(database="gone").render_as_string())))
    with pytest.raises(sa.exc.OperationalError), away.engine.connect():
        pass

    assert heard.why == ["unreachable"]
    away.engine.dispose()
