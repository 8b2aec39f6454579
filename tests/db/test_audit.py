"""The audit: tied entry to entry, only added to, and every break is found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select, update

from db import audit_check
from db.audit import note_act, note_bare_act
from db.audit_chain import NO_CLINIC, entry_hash
from db.audit_check import AuditCheck, find_break
from db.engine import Database, reading, writing
from db.models import AuditHeadRow, AuditRow
from recovery.access import Actor
from tests.db.acts import all_at_once
from tests.small_clinic import SmallClinic

REFUSALS = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": ["ALTER TABLE audit DISABLE TRIGGER ALL"],
}


def _note(database: Database, actor: Actor, count: int = 3) -> None:
    for number in range(count):
        with writing(database) as session:
            note_act(session, actor, "thing.done", subject=str(number))


def _check(database: Database) -> AuditCheck:
    with reading(database) as session:
        return find_break(session)


def _entries(database: Database) -> list[AuditRow]:
    with reading(database) as session:
        return list(session.exec(select(AuditRow).order_by(col(AuditRow.number))))


def _tamper(database: Database, statement: sa.Executable) -> None:
    """Change the audit as somebody who owns the database could."""
    with writing(database) as session:
        for switch in REFUSALS[database.engine.dialect.name]:
            session.connection().exec_driver_sql(switch)
        session.connection().execute(statement)


def test_entries_are_tied_to_the_one_before(database: Database, clinic: SmallClinic) -> None:
    """Numbered without a gap, each with the hash of the last, the first with none."""
    _note(database, clinic.clinician)
    entries = _entries(database)

    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.previous_hash for entry in entries] == [
        "",
        *(entry.hash for entry in entries[:-1]),
    ]
    assert _check(database) == AuditCheck(entries=len(entries), chains=1, broken=None)


def test_what_belongs_to_no_clinic_has_a_chain_of_its_own(
    database: Database, clinic: SmallClinic
) -> None:
    """A try to sign in by an unknown name is nobody's."""
    with writing(database) as session:
        note_bare_act(session, "sign_in.refused", clinic_id=None)

    assert {entry.chain for entry in _entries(database)} == {clinic.clinic_id, NO_CLINIC}
    assert _check(database).chains == 2


def test_an_act_that_does_not_happen_leaves_no_entry(
    database: Database, clinic: SmallClinic
) -> None:
    """The entry stands and falls with the transaction."""
    before = len(_entries(database))

    def fail() -> None:
        with writing(database) as session:
            note_act(session, clinic.clinician, "thing.done")
            raise RuntimeError("stopped in the middle")

    with pytest.raises(RuntimeError, match="stopped"):
        fail()

    assert len(_entries(database)) == before
    assert _check(database).broken is None


def test_twenty_acts_at_once_make_one_chain(database: Database, clinic: SmallClinic) -> None:
    """Entries wait for each other; none is lost, doubled or refused."""
    before = len(_entries(database))

    assert all_at_once(lambda _: _note(database, clinic.clinician, 1)) == [None] * 20
    assert len(_entries(database)) == before + 20
    assert _check(database).broken is None


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditRow).values(action="nothing.happened"),
        delete(AuditRow).where(col(AuditRow.number) == 1),
        sa.text("UPDATE audit SET reason = 'better'"),
    ],
    ids=["update", "delete", "by hand"],
)
def test_the_database_refuses_to_change_an_entry(
    database: Database, clinic: SmallClinic, statement: sa.Executable
) -> None:
    """Whatever code asks for it."""
    _note(database, clinic.clinician)
    before = [entry.model_dump() for entry in _entries(database)]

    def change(session: Session) -> None:
        session.connection().execute(statement)

    with pytest.raises(DBAPIError, match="only added to"), writing(database) as session:
        change(session)

    assert [entry.model_dump() for entry in _entries(database)] == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "nothing.happened"),
        ("subject", "1 "),
        ("reason", "said later"),
        ("new", '{"phone": "1"}'),
        ("actor_id", UUID(int=7)),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_named(
    database: Database, clinic: SmallClinic, field: str, value: object
) -> None:
    """The first entry that is not as it was written is found by its number."""
    _note(database, clinic.clinician)
    _tamper(database, update(AuditRow).where(col(AuditRow.number) == 3).values({field: value}))

    broken = _check(database).broken

    assert broken is not None
    assert (broken.chain, broken.number) == (clinic.clinic_id, 3)
    assert broken.why == "it was changed"


def test_an_entry_written_anew_with_its_hash_is_found_by_the_next(
    database: Database, clinic: SmallClinic
) -> None:
    """Whoever can reckon the hash too has to write every later entry anew."""
    _note(database, clinic.clinician)
    forged = _entries(database)[1]
    forged.action = "nothing.happened"
    changes = {"action": forged.action, "hash": entry_hash(forged)}
    _tamper(database, update(AuditRow).where(col(AuditRow.number) == 2).values(changes))

    broken = _check(database).broken

    assert broken is not None
    assert (broken.number, broken.why) == (3, "it does not follow the entry before it")


@pytest.mark.parametrize(
    ("gone", "number", "why"),
    [(2, 2, "an entry is missing"), (4, 4, "the newest entries are missing")],
)
def test_a_missing_entry_is_found(
    database: Database, clinic: SmallClinic, gone: int, number: int, why: str
) -> None:
    """In the middle by its number, at the end by the head."""
    _note(database, clinic.clinician)
    assert len(_entries(database)) == 4
    _tamper(database, delete(AuditRow).where(col(AuditRow.number) == gone))

    broken = _check(database).broken

    assert broken is not None
    assert (broken.number, broken.why) == (number, why)


def test_a_missing_head_is_found(database: Database, clinic: SmallClinic) -> None:
    """Without it the newest entries could go unseen."""
    with writing(database) as session:
        session.connection().execute(delete(AuditHeadRow))

    broken = _check(database).broken

    assert broken is not None
    assert broken.why == "the newest entries are missing"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_is_not_replaced_by_inserting_over_it(
    database: Database, clinic: SmallClinic
) -> None:
    """SQLite has a way to insert that deletes without firing the delete trigger."""
    _note(database, clinic.clinician)
    columns = ", ".join(AuditRow.model_fields)
    over = f"INSERT OR REPLACE INTO audit ({columns}) SELECT {columns} FROM audit WHERE number = 1"

    with pytest.raises(DBAPIError, match="only added to"), writing(database) as session:
        session.connection().exec_driver_sql(over)


def test_a_check_while_others_act_finds_nothing_wrong(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heads and entries are read as of one instant."""
    _note(database, clinic.clinician)
    following = audit_check._following  # noqa: SLF001 - where another act comes in between

    def act_first(session: Session, chain: UUID, number: int) -> Sequence[sa.Row[Any]]:
        _note(database, clinic.clinician, 1)
        return following(session, chain, number)

    monkeypatch.setattr(audit_check, "_following", act_first)

    assert _check(database).broken is None


def test_old_and_new_hold_only_what_changed(database: Database, clinic: SmallClinic) -> None:
    """Settings by their names; what stayed is left out."""
    with writing(database) as session:
        changed = {"phone": ("1", "2"), "name": ("Oak", "Oak")}
        note_act(session, clinic.administrator, "clinic.changed", changed=changed)

    entry = _entries(database)[-1]
    assert (entry.old, entry.new) == ('{"phone": "1"}', '{"phone": "2"}')
