"""``python -m db move``: all arrives as it was, also when it was cut off, and nothing else does."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from db import cli_move, move_rows, schema
from db.__main__ import main
from db.audit_check import find_break
from db.engine import Database, open_engine, reading, writing
from db.models import AuditHeadRow, ClinicRow, PatientRow
from db.move import Bar, move
from recovery.errors import DatabaseUnavailable, InvalidEntry
from tests.db.every_table import fill_every_table
from tests.factories import make_clinic
from tests.known_statements import with_known_statements
from tests.postgres import TEMPLATE, Cluster
from tests.small_clinic import make_small_clinic

ENGINES = ("sqlite", "postgresql")
MARK = "unfinished_move"


@contextmanager
def no_bar(_words: str, _total: int) -> Iterator[Callable[[int], None]]:
    """Show nothing."""
    yield lambda _steps: None


def cut_after(batches: int, stage: str = "Copying") -> Bar:
    """Return a bar during which somebody presses the interrupt key."""

    @contextmanager
    def bar(words: str, _total: int) -> Iterator[Callable[[int], None]]:
        # What was there before is told first.
        left = iter([None] * (batches + 1))

        def done(_steps: int) -> None:
            if words == stage and next(left, "none left") is not None:
                raise KeyboardInterrupt

        yield done

    return bar


class Maker:
    """Makes databases on either engine, and removes them at the end of *kept*."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path, kept: ExitStack) -> None:
        self._request = request
        self._folder = folder
        self._kept = kept
        self._urls: list[tuple[sa.Engine, str]] = []

    def __call__(self, kind: str, *, has_tables: bool = True) -> sa.Engine:
        """Make a database, migrated unless it shall be without tables."""
        name = f"move_{len(self._urls)}"
        url = getattr(self, f"_{kind}")(name, has_tables=has_tables)
        engine = with_known_statements(open_engine(url))
        self._kept.callback(engine.dispose)
        self._urls.append((engine, url))
        return engine

    def url(self, engine: sa.Engine) -> str:
        """Return the address of a database that was made."""
        return next(url for made, url in self._urls if made is engine)

    def _sqlite(self, name: str, *, has_tables: bool) -> str:
        file = self._folder / f"{name}.db"
        if has_tables:
            shutil.copy(self._request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"

    def _postgresql(self, name: str, *, has_tables: bool) -> str:
        cluster: Cluster = self._request.getfixturevalue("cluster")
        url = cluster.create(name, template=TEMPLATE if has_tables else None)
        self._kept.callback(cluster.drop, name)
        return url


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    """Return what makes databases for a test."""
    with ExitStack() as kept:
        yield Maker(request, tmp_path, kept)


def _stored(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return what the file of a SQLite database holds, past every type of ours."""
    with closing(sqlite3.connect(str(engine.url.database))) as plain:
        plain.text_factory = bytes
        return {
            name: sorted(plain.execute(f'SELECT * FROM "{name}"'), key=repr)
            for name in SQLModel.metadata.tables
        }


def _tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def _rows(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return sum(move_rows.count(connection, moved) for moved in move_rows.all_moved())


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
    assert _tables(new) >= {*SQLModel.metadata.tables}
    assert MARK not in _tables(new)
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
    total, known = _rows(old), []
    for cut in (1, 16):
        new = make(kind)
        for bar in (cut_after(cut), cut_after(1), cut_after(cut, "Comparing")):
            with pytest.raises(KeyboardInterrupt):
                move(old, new, bar)
            known.append(_rows(new))
            with pytest.raises(DatabaseUnavailable, match="not finished"):
                schema.check(new)
        made = move(old, new, no_bar)
        assert (made.rows, made.copied, known.pop()) == (total, 0, total)
        assert known.pop() > known.pop() > 0
        assert MARK not in _tables(new)
        schema.check(new)


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
    assert _tables(other) == {"something_else"}
    assert _rows(new) == 1
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

    assert tried == ["Copying", "Comparing"]
    server.engine.dispose()


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

    assert move(old, new, no_bar).rows == _rows(old)


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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a way to move the database at an address, which answers all that was printed."""

    def run(url: str, *options: str) -> str:
        monkeypatch.setenv("MENDLINE_DATABASE_URL", url)
        main(["move", *options])
        return "".join(capsys.readouterr())

    return run


def test_the_command_says_what_it_moved(run: Callable[..., str], make: Maker) -> None:
    """And draws no bar where nobody watches."""
    old, new = make("sqlite"), make("postgresql")
    make_small_clinic(Database(old))
    total = _rows(old)
    old.dispose()

    said = run(make.url(old), "--to", make.url(new))

    assert said.startswith(f"Moved {total} rows of 42 tables, {total} of them now. Each was read")
    assert "The audit holds: 1 entries." in said
    assert "secret key" in said
    assert said.count("\n") == 4


def test_the_command_refuses_in_one_sentence(run: Callable[..., str], tmp_path: Path) -> None:
    """No target, none that is one, and no source; no file is made."""
    old = f"sqlite:///{tmp_path / 'old.db'}"
    assert run(old).startswith("Write: uv run python -m db move --to")
    assert run(old, "--to", "elsewhere").startswith("There is no database yet.")
    schema.upgrade(open_engine(old))
    assert run(old, "--to", "elsewhere").startswith("--to is not a database address.")

    assert {file.name for file in tmp_path.iterdir()} <= {"old.db", "old.db-wal", "old.db-shm"}


def test_the_command_can_be_stopped(
    run: Callable[..., str], make: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The interrupt key ends it with what to do next."""
    old = make("sqlite")
    make_small_clinic(Database(old))
    old.dispose()
    monkeypatch.setattr(cli_move, "progress_bar", cut_after(1))

    said = run(make.url(old), "--to", f"sqlite:///{tmp_path / 'new.db'}")

    assert said.startswith("Stopped before the end.")
    assert said.count("\n") == 1


def test_a_broken_audit_is_moved_as_it_is_and_said(run: Callable[..., str], make: Maker) -> None:
    """The rows are what they were, so the old one is broken alike."""
    old, new = make("sqlite"), make("sqlite")
    make_small_clinic(Database(old))
    with writing(Database(old)) as session:
        for head in session.exec(select(AuditHeadRow)):
            session.delete(head)
    old.dispose()

    said = run(make.url(old), "--to", make.url(new))

    assert "The audit is broken at entry 2 of chain" in said
    schema.check(new)
