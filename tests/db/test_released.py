"""Every release's own data, brought to this version on each engine; nothing is lost."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import Session, SQLModel, col, select

from content.consent import CONSENT_VERSION
from content.shelf import rules_for
from db import schema
from db.audit_check import find_break
from db.consents import give_consent, list_consents
from db.counting import outcome_in
from db.engine import Database, open_engine, reading, writing
from db.models import (
    NEVER,
    AccountRow,
    EpisodeOutcomeRow,
    EpisodeRow,
    EpisodeStatusRow,
    OutcomeCountRow,
)
from db.partitions import is_compared
from db.reports import answers_of, list_past_answers, list_reports, save_report
from db.sweep import Swept, sweep
from recovery.access import Actor, PatientAccess, Role, grant_patient
from recovery.outcome_counts import counted_in
from tests.db.acts import all_at_once
from tests.factories import NOW, TODAY, saving
from tests.released import REVISIONS, Stored, released_at, stored_by, table_of

ANSWERS = tuple(answers_of(saving().report))
MADE_ANEW = {"judge_on"}
"""Columns that a migration sets on purpose: everybody is judged again when rules are added."""


def test_what_was_released_is_kept_for_these_tests() -> None:
    """Each that came out has its data here, with reports, a correction and an audit."""
    assert REVISIONS == ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0011")
    for revision in REVISIONS:
        stored = stored_by(revision)
        assert len(stored["daily_report"].rows) > 100
        assert len(stored["daily_report_revision"].rows) == 2
        assert len(stored["audit"].rows) >= 10


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_release_with_its_data_becomes_this_version(empty_url: str, revision: str) -> None:
    """
    Every row and value is kept, the schema is the models', and a report can be saved.

    One test, since each question is asked of the same database and making it is what takes time.
    """
    with released_at(empty_url, revision) as released:
        _check_upgrade(released, revision)


def test_servers_that_start_together_upgrade_old_data_once(
    oldest: Database, empty_url: str
) -> None:
    """Three that find the first release's data wait for each other, and none is refused."""

    def start(_which: int) -> None:
        engine = open_engine(empty_url)
        schema.upgrade(engine)
        schema.check(engine)
        engine.dispose()

    assert all_at_once(start, 3) == [None] * 3
    _check_reports(oldest, stored_by(REVISIONS[0]))


def _check_upgrade(released: Database, revision: str) -> None:
    engine = released.engine
    schema.upgrade(engine)

    schema.check(engine)
    with engine.connect() as connection:
        for name, stored in stored_by(revision).items():
            _check_kept(connection, name, stored)
        _check_foreign_keys(connection)
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_compared}
        )
        assert compare_metadata(context, SQLModel.metadata) == []
    _check_reports(released, stored_by(revision))
    entries = _check_audit(released)
    assert entries == len(stored_by(revision)["audit"].rows)
    assert sweep(released, rules_for, NOW) == Swept(judged=_due(stored_by(revision)))
    _check_list(released)
    _check_outcome_counts(released)
    _check_a_save(released)
    assert _check_audit(released) > entries


def _check_kept(connection: sa.Connection, name: str, stored: Stored) -> None:
    """Compare every value that this version has a column for; a dropped table was empty or derived."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(name)}
    shared = {
        each: kind for each, kind in stored.types.items() if each in there and each not in MADE_ANEW
    }
    found = connection.execute(sa.select(table_of(name, Stored(shared, [])))).mappings()
    kept = Counter(_spelled(row, shared) for row in found)

    assert kept == Counter(_spelled(row, shared) for row in stored.rows), name


def _spelled(row: Any, columns: dict[str, str]) -> str:
    values = (row[each] for each in columns)
    # The zone of an instant is the connection's; the instant is what is kept.
    return repr([each.astimezone(UTC) if isinstance(each, datetime) else each for each in values])


def _check_foreign_keys(connection: sa.Connection) -> None:
    """Look for rows that refer to nothing; keys are asked one by one, as neither engine did so."""
    inspector = sa.inspect(connection)
    for name in SQLModel.metadata.tables:
        for key in inspector.get_foreign_keys(name):
            if key["referred_table"] not in SQLModel.metadata.tables:
                # PostgreSQL names the parts of a table too, of which only one has the row.
                continue
            pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
            here, there = (
                sa.table(name).alias("here"),
                sa.table(key["referred_table"]).alias("there"),
            )
            same = " AND ".join(f"here.{mine} = there.{theirs}" for mine, theirs in pairs)
            given = " AND ".join(f"here.{mine} IS NOT NULL" for mine in key["constrained_columns"])
            orphans = (
                sa.select(sa.func.count())
                .select_from(here)
                .where(sa.text(given), ~sa.exists().select_from(there).where(sa.text(same)))
            )
            assert connection.scalar(orphans) == 0, key["name"]


def _check_reports(released: Database, stored: dict[str, Stored]) -> None:
    """Read each person's reports and corrections through the app's own functions."""
    reports, pasts = 0, 0
    with reading(released) as session:
        for episode in session.exec(select(EpisodeRow)).all():
            access = _treating(session, episode)
            read = [
                answers_of(each.report) | {"day": each.report.day, "version": each.version}
                for each in list_reports(session, access)
            ]
            assert read == _answers(stored["daily_report"], episode.id)
            past = [
                answers_of(each.report) | {"day": each.report.day, "version": each.version}
                for each in reversed(list_past_answers(session, access))
            ]
            assert past == _answers(stored["daily_report_revision"], episode.id)
            reports, pasts = reports + len(read), pasts + len(past)
    assert reports == len(stored["daily_report"].rows)
    assert pasts == len(stored["daily_report_revision"].rows)


def _answers(stored: Stored, episode_id: UUID) -> list[dict[str, Any]]:
    rows = [row for row in stored.rows if row["episode_id"] == episode_id]
    rows.sort(key=lambda row: (row["day"], row["version"]))
    return [{each: row[each] for each in (*ANSWERS, "day", "version")} for row in rows]


def _check_audit(released: Database) -> int:
    with reading(released) as session:
        found = find_break(session)
    assert found.broken is None
    return found.entries


def _due(stored: dict[str, Stored]) -> int:
    """Return how many of a release's episodes wait to be judged once it is this version."""
    # Before 0006 nobody's outcome was counted, so everybody is judged anew.
    if "cohort_count" not in stored:
        return len(stored["episode"].rows)
    return sum(row["judge_on"] <= TODAY for row in stored["episode_status"].rows)


def _check_list(released: Database) -> None:
    """Compare the review rows with the reports that they sum up."""
    with reading(released) as session:
        rows = session.exec(select(EpisodeStatusRow)).all()
        assert rows
        for row in rows:
            episode = session.get_one(EpisodeRow, (row.clinic_id, row.episode_id))
            reports = list_reports(session, _treating(session, episode))
            assert row.judge_on > NEVER
            assert row.last_day == reports[-1].report.day
            assert row.last_worst_pain_nrs == reports[-1].report.worst_pain_nrs


def _check_outcome_counts(released: Database) -> None:
    """Compare what a migration or the first judging counted with the recoveries."""
    with reading(released) as session:
        kept = {
            (row.clinic_id, row.procedure, row.month, row.measure, row.value): row.number
            for row in session.exec(select(OutcomeCountRow))
        }
        assert kept == Counter(
            (row.clinic_id, row.procedure, row.procedure_date.replace(day=1), measure, value)
            for row in session.exec(select(EpisodeOutcomeRow))
            for measure, value in counted_in(outcome_in(row), row.procedure_date)
        )
    assert kept


def _check_a_save(released: Database) -> None:
    """Save a report of a person whom the release enrolled, once however often it is pressed."""
    with reading(released) as session:
        row = session.exec(
            select(AccountRow).where(col(AccountRow.username) == "small-patient")
        ).one()
        own = _access(row, row.patient_id, row.clinic_id)
        version = list_reports(session, own)[-1].version
    pressed = replace(
        saving(expected_version=version, worst_pain_nrs=6, note="after the upgrade"),
        rules=rules_for("kyphoplasty", shares_augmentation_curve=True),
    )
    for _ in range(2):
        with writing(released) as session:
            if not any(each.withdrawn_at is None for each in list_consents(session, own)):
                give_consent(session, own, CONSENT_VERSION, NOW)
            stored = save_report(session, own, pressed)
        assert (stored.report, stored.version) == (pressed.report, version + 1)


def _treating(session: Session, episode: EpisodeRow) -> PatientAccess:
    row = session.exec(
        select(AccountRow).where(
            AccountRow.clinic_id == episode.clinic_id, AccountRow.role == Role.CLINICIAN
        )
    ).first()
    assert row is not None
    return _access(row, episode.patient_id, episode.clinic_id)


def _access(row: AccountRow, patient_id: UUID | None, clinic_id: UUID) -> PatientAccess:
    assert patient_id is not None
    actor = Actor(
        account_id=row.id,
        clinic_id=row.clinic_id,
        role=row.role,
        display_name=row.display_name,
        patient_id=row.patient_id,
        session_id=uuid4(),
    )
    return grant_patient(actor, patient_id=patient_id, clinic_id=clinic_id)
