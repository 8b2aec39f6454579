"""Moving a database: what is refused, named by table and key and without a word of it."""

import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from db import move_rows, schema
from db.engine import Database, open_engine, writing
from db.models import ClinicRow, PatientRow
from db.move import move
from recovery.errors import DatabaseUnavailable, InvalidEntry
from tests.db.moves import Maker, cut_after, no_bar, rows_in, tables_in
from tests.factories import make_clinic
from tests.small_clinic import make_small_clinic

ENGINES = ("sqlite", "postgresql")


@pytest.mark.parametrize("kind", ENGINES)
def test_what_was_stored_in_between_needs_a_new_beginning(kind: str, make: Maker) -> None:
    """Rows that were copied may have changed since; the same goes for another source."""
    old, new = make("sqlite"), make(kind)
    make_small_clinic(Database(old))
    with pytest.raises(KeyboardInterrupt):
        move(old, new, cut_after(2))
    make_small_clinic(Database(old), prefix="later-")

    for _ in range(2):
        with pytest.raises(InvalidEntry, match="changed since that move began"):
            move(old, new, no_bar)


@pytest.mark.parametrize("kind", ENGINES)
def test_a_difference_is_named_without_a_word_of_it(kind: str, make: Maker) -> None:
    """One row changed, one missing and one more, each by its table and key."""
    old, new = make("sqlite"), make(kind)
    clinic = make_small_clinic(Database(old))
    with pytest.raises(KeyboardInterrupt):
        move(old, new, cut_after(0, "Comparing"))
    more = UUID(int=0)
    with new.execution_options(mendline_writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE patient SET name = 'Canary'"))
        connection.execute(sa.text("DELETE FROM patient_name_word WHERE word = 'elm'"))
        values = {"id": more, "name": "Canary", "time_zone": "UTC"}
        row = ClinicRow.model_validate(values).model_dump()
        connection.execute(SQLModel.metadata.tables["clinic"].insert(), row)

    with pytest.raises(InvalidEntry) as refusal:
        move(old, new, no_bar)

    place = f"{clinic.clinic_id} {clinic.own.patient_id}"
    word = f"patient_name_word {clinic.clinic_id} ... {clinic.own.patient_id}"
    named = f"clinic {more} is in the new one alone; patient {place} differs; {word} is missing"
    assert f"{named}. Make a new, empty database" in str(refusal.value)
    assert "Canary" not in str(refusal.value)
    with pytest.raises(DatabaseUnavailable, match="not finished"):
        schema.check(new)


def test_a_key_with_a_name_in_it_is_not_shown() -> None:
    """The words of a patient's name are part of a key."""
    [words] = [table for table in move_rows.all_moved() if table.name == "patient_name_word"]
    clinic_id, patient_id = UUID(int=1), UUID(int=2)

    assert words.place_of((clinic_id.hex, "elm", patient_id.hex)) == (
        f"patient_name_word {clinic_id} ... {patient_id}"
    )


@pytest.mark.parametrize("kind", ENGINES)
def test_only_an_empty_database_is_moved_into(kind: str, make: Maker) -> None:
    """A clinic there, the old one itself, or tables of something else are left as they are."""
    old, new, other = make("sqlite"), make(kind), make(kind, has_tables=False)
    make_small_clinic(Database(old))
    with writing(Database(new)) as session:
        make_clinic(session)
    with other.begin() as connection:
        connection.execute(sa.text("CREATE TABLE something_else (id integer)"))

    with pytest.raises(InvalidEntry, match="not empty"):
        move(old, new, no_bar)
    with pytest.raises(InvalidEntry, match="something else"):
        move(old, other, no_bar)
    with pytest.raises(InvalidEntry, match="old database itself"):
        move(new, new, no_bar)
    assert tables_in(other) == {"something_else"}
    assert rows_in(new) == 1
    schema.check(new)


@pytest.mark.parametrize("kind", ENGINES)
def test_databases_of_another_version_are_refused(kind: str, make: Maker) -> None:
    """Neither an older one is moved, nor one moved into a newer."""
    old, new = make(kind), make(kind)
    with pytest.raises(DatabaseUnavailable, match="older than this version"):
        move(make(kind, has_tables=False), new, no_bar)
    with new.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(InvalidEntry, match="new database is of another version"):
        move(old, new, no_bar)


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize("which", ["old", "new"])
def test_nothing_moves_while_somebody_is_there(
    kind: str, which: str, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one who does nothing: a server keeps its connections open."""
    monkeypatch.setattr("db.alone.WAIT_SECONDS", 0)
    monkeypatch.setattr("db.connections.BUSY_TIMEOUT_MS", 0)
    engines = {"old": make(kind), "new": make(kind)}
    server = open_engine(make.url(engines[which]))
    with server.connect() as idle:
        idle.execute(sa.text("SELECT 1 FROM clinic"))
        idle.rollback()

        with pytest.raises(DatabaseUnavailable, match=f"using the {which} database"):
            move(engines["old"], engines["new"], no_bar)
    server.dispose()

    assert move(engines["old"], engines["new"], no_bar).rows == 0


@pytest.mark.parametrize("kind", ENGINES)
def test_a_refused_row_is_named_and_can_be_mended(
    kind: str, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A patient of no clinic, which only a damaged file holds, among sound rows of its batch."""
    old, new = make("sqlite"), make(kind)
    database = Database(old)
    clinics = [make_small_clinic(database, prefix=f"{number}-") for number in range(5)]
    damaged = clinics[3]
    with closing(sqlite3.connect(str(old.url.database))) as plain, plain:
        plain.execute("DELETE FROM clinic WHERE id = ?", [damaged.clinic_id.hex])

    with pytest.raises(InvalidEntry) as refusal:
        move(old, new, no_bar)

    assert f"patient {damaged.clinic_id} {damaged.own.patient_id}. Mend" in str(refusal.value)
    assert "Rowan" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_a_sign_that_postgresql_cannot_store_is_refused(make: Maker) -> None:
    """The app takes none, but a file may hold one; nothing is shortened."""
    old, new = make("sqlite"), make("postgresql")
    clinic = make_small_clinic(Database(old))
    with writing(Database(old)) as session:
        session.get_one(PatientRow, (clinic.clinic_id, clinic.own.patient_id)).name = "Ro\x00wan"

    with pytest.raises(InvalidEntry, match=f"refuses a row: patient {clinic.clinic_id}"):
        move(old, new, no_bar)
