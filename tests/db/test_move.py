"""Moving a database: all arrives as it was, also when it was cut off on the way."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from db import move_rows, schema
from db.audit_check import find_break
from db.engine import Database, open_engine, reading, writing
from db.move import move
from recovery.errors import DatabaseUnavailable
from tests.db.every_table import fill_every_table
from tests.db.moves import Maker, cut_after, no_bar, rows_in, tables_in
from tests.factories import make_clinic
from tests.postgres import Cluster
from tests.small_clinic import make_small_clinic

ENGINES = ("sqlite", "postgresql")
MARK = "unfinished_move"


def _stored(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return what the file of a SQLite database holds, past every type of ours."""
    with closing(sqlite3.connect(str(engine.url.database))) as plain:
        plain.text_factory = bytes
        return {
            name: sorted(plain.execute(f'SELECT * FROM "{name}"'), key=repr)
            for name in SQLModel.metadata.tables
        }


def test_every_value_arrives_as_it_was(make: Maker) -> None:
    """Two rows of every table go over all kinds of ways, and back into a file that is the same."""
    first = engine = make("sqlite")
    fill_every_table(Database(first))
    for kind in ("sqlite", "postgresql", "postgresql", "sqlite"):
        before, engine = engine, make(kind)
        made = move(before, engine, no_bar)

        assert made.rows == made.copied > 2 * (made.tables - 4)
        assert made.audit.broken is None
        schema.check(engine)

    assert all(_stored(first).values())
    assert _stored(engine) == _stored(first)


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_a_database_of_nobody_moves(kinds: tuple[str, str], make: Maker) -> None:
    """As after the very first start; what was moved can be worked with."""
    old, new = make(kinds[0]), make(kinds[1], has_tables=False)

    made = move(old, new, no_bar)

    assert (made.rows, made.audit.entries) == (0, 0)
    schema.check(new)
    assert tables_in(new) >= {*SQLModel.metadata.tables}
    assert MARK not in tables_in(new)
    make_small_clinic(Database(new))
    with reading(Database(new)) as session:
        assert find_break(session).broken is None


@pytest.mark.parametrize("kind", ENGINES)
def test_a_move_goes_on_where_it_was_cut_off(
    kind: str, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any of its batches, twice in a row, and during the comparison."""
    monkeypatch.setattr(move_rows, "BATCH", 3)
    old = make("sqlite")
    fill_every_table(Database(old))
    total, known = rows_in(old), []
    for cut in (1, 16):
        new = make(kind)
        for bar in (cut_after(cut), cut_after(1), cut_after(cut, "Comparing")):
            with pytest.raises(KeyboardInterrupt):
                move(old, new, bar)
            known.append(rows_in(new))
            with pytest.raises(DatabaseUnavailable, match="not finished"):
                schema.check(new)
        made = move(old, new, no_bar)
        assert (made.rows, made.copied, known.pop()) == (total, 0, total)
        assert known.pop() > known.pop() > 0
        assert MARK not in tables_in(new)
        schema.check(new)


@pytest.mark.parametrize("kind", ENGINES)
def test_nobody_writes_while_it_is_moved(
    kind: str, make: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries is told so, and nothing of it is stored."""
    monkeypatch.setattr("db.connections.BUSY_TIMEOUT_MS", 0)
    old, new = make(kind), make("sqlite")
    make_small_clinic(Database(old))
    server = Database(open_engine(make.url(old)))
    tried = []

    def write() -> None:
        with writing(server) as session:
            if kind == "postgresql":
                session.connection().exec_driver_sql("SET LOCAL lock_timeout = '10ms'")
            make_clinic(session)

    @contextmanager
    def bar(words: str, _total: int) -> Iterator[Callable[[int], None]]:
        with pytest.raises(DatabaseUnavailable):
            write()
        tried.append(words)
        yield lambda _steps: None

    move(old, new, bar)

    assert tried == ["Copying", "Comparing", "Checking the audit"]
    server.engine.dispose()


def test_a_server_lost_on_the_way_is_said_in_plain_words(make: Maker, cluster: Cluster) -> None:
    """And the move goes on once it is back."""
    old, new = make("sqlite"), make("postgresql")
    make_small_clinic(Database(old))

    @contextmanager
    def bar(_words: str, _total: int) -> Iterator[Callable[[int], None]]:
        with psycopg.connect(cluster.url("postgres")) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [new.url.database],
            )
        yield lambda _steps: None

    with pytest.raises(DatabaseUnavailable, match="reached"):
        move(old, new, bar)

    assert move(old, new, no_bar).rows == rows_in(old)


def test_texts_are_ordered_by_code_point(make: Maker) -> None:
    """Wherever the server stands, since both sides have to come in one order."""
    asked: list[str] = []
    new = make("postgresql")
    sa.event.listen(new, "before_cursor_execute", lambda *given: asked.append(given[2]))
    [words] = [table for table in move_rows.all_moved() if table.name == "job"]

    with new.connect() as connection:
        list(move_rows.batches(connection, words, after=("a",)))

    assert asked[0].count('COLLATE "C"') == 2


def test_numbers_that_the_server_gives_go_on_behind_those_moved(make: Maker) -> None:
    """Should a key ever be given by a sequence."""
    old, new = make("sqlite"), make("postgresql")
    fill_every_table(Database(old))
    move(old, new, no_bar)

    with new.connect() as connection:
        name = connection.scalar(sa.text("SELECT pg_get_serial_sequence('backup_plan', 'id')"))
        taken = connection.execute(sa.text(f"SELECT last_value, is_called FROM {name}")).one()
    assert tuple(taken) == (1, True)
