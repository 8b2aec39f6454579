"""Day data in parts on PostgreSQL: nothing is lost on the way there and back, one part is read."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import Session, SQLModel

from db import schema
from db.engine import Database, open_engine, reading, writing
from db.events import add_event, list_events
from db.own_data import own_data
from db.partitions import PARTITIONED, PARTITIONS, is_partition, partition_name
from db.reports import find_report, list_past_answers, list_reports, save_report
from recovery.access import PatientAccess
from recovery.reports import Event, EventKind
from tests.factories import NOW, TODAY, saving
from tests.postgres import Cluster
from tests.small_clinic import SmallClinic, make_small_clinic

_PART = re.compile(rf"\b({'|'.join(PARTITIONED)})_p\d\d\b")


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """Return a fresh database on PostgreSQL."""
    with cluster.copy_of_template() as url:
        opened = Database(open_engine(url))
        yield opened
        opened.engine.dispose()


def _log(session: Session, access: PatientAccess) -> None:
    """Save a day, correct it, and add an event: a row in each of the tables."""
    save_report(session, access, saving(note="first"))
    session.flush()
    save_report(session, access, saving(note="second", expected_version=1))
    event = Event(kind=EventKind.FALL, occurred_at=NOW, pain_nrs=7)
    add_event(session, access, event, idempotency_key=uuid4(), now=NOW)


def _migrate(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        go = command.upgrade if revision == "head" else command.downgrade
        go(config, revision)


def _rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that stands in the tables in parts, as text."""
    with database.engine.connect() as connection:
        return {
            table: sorted(
                tuple(map(str, row))
                for row in connection.execute(sa.select(SQLModel.metadata.tables[table]))
            )
            for table in PARTITIONED
        }


def _constraints(database: Database) -> set[tuple[str, ...]]:
    """Return the names and words of every constraint and index of those tables themselves."""
    asked = sa.text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid::regclass::text = ANY(:tables) AND conparentid = 0 UNION ALL "
        "SELECT tablename, indexname, replace(indexdef, 'ON ONLY', 'ON') FROM pg_indexes"
        " WHERE tablename = ANY(:tables)"
    )
    with database.engine.connect() as connection:
        return {tuple(row) for row in connection.execute(asked, {"tables": list(PARTITIONED)})}


def test_each_table_has_its_parts(database: Database) -> None:
    """As many as are told to the rest of the code, and named so."""
    parts = {partition_name(table, number) for table in PARTITIONED for number in range(PARTITIONS)}
    found = sa.inspect(database.engine).get_table_names()

    assert {name for name in found if is_partition(name)} == parts
    assert not any(is_partition(name) for name in SQLModel.metadata.tables)


def test_nothing_is_lost_there_and_back(database: Database) -> None:
    """Rows, keys, checks and indexes are the same in one piece and in parts."""
    for prefix in ("", "other-", "third-"):
        clinic = make_small_clinic(database, prefix)
        with writing(database) as session:
            _log(session, clinic.own)
    in_parts, keys_in_parts = _rows(database), _constraints(database)
    assert Counter(map(len, in_parts.values())) == {3: len(PARTITIONED)}

    _migrate(database, "0008")
    assert not any(map(is_partition, sa.inspect(database.engine).get_table_names()))
    assert (_rows(database), _constraints(database)) == (in_parts, keys_in_parts)

    _migrate(database, "head")
    assert (_rows(database), _constraints(database)) == (in_parts, keys_in_parts)


def test_a_clinic_lies_in_one_part(database: Database) -> None:
    """All that its patients log, the same part of each table."""
    clinic = make_small_clinic(database)
    with writing(database) as session:
        _log(session, clinic.own)
    with database.engine.connect() as connection:
        lying = [
            connection.exec_driver_sql(f"SELECT DISTINCT tableoid::regclass::text FROM {table}")
            .scalars()
            .all()
            for table in PARTITIONED
        ]

    assert len({each[0][-4:] for each in lying}) == 1
    assert [len(each) for each in lying] == [1] * len(PARTITIONED)


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of the tables in parts, with its values."""
    asked: list[tuple[str, Any]] = []

    def keep(*event: Any) -> None:
        statement, parameters = event[2], event[3]
        if any(table in statement for table in PARTITIONED) and "SAVEPOINT" not in statement:
            asked.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", keep)
    yield asked
    sa.event.remove(database.engine, "before_cursor_execute", keep)


def _use(database: Database, clinic: SmallClinic) -> None:
    """Do what pages do with the days of one patient."""
    with writing(database) as session:
        _log(session, clinic.own)
    with writing(database) as session:
        own_data(session, clinic.own, NOW)
    with reading(database) as session:
        find_report(session, clinic.own, TODAY)
        list_reports(session, clinic.own)
        list_past_answers(session, clinic.own)
        list_events(session, clinic.own)


def test_a_page_reads_one_part(database: Database) -> None:
    """Whatever is asked about a patient's days names the clinic, and the plan keeps to its part."""
    clinic = make_small_clinic(database)
    with _statements(database) as asked:
        _use(database, clinic)
    assert {name for statement, _ in asked for name in PARTITIONED if name in statement} == set(
        PARTITIONED
    )
    with database.engine.connect() as connection:
        # Small tables are read from end to end; what is asked here is which of them.
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
            parts = Counter(name[:-4] for name in set(_parts_in(plan)))
            assert not parts or max(parts.values()) == 1, (statement, plan)


def _parts_in(plan: Sequence[str]) -> list[str]:
    return [found[0] for line in plan for found in _PART.finditer(line)]
