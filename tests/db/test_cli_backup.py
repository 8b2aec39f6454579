"""Backup, restore and their plan at the terminal: one sentence each, also when refused."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db.__main__ import main
from db.connections import open_engine
from db.engine import Database, writing
from tests.factories import make_clinic
from tests.small_clinic import make_small_clinic

pytestmark = pytest.mark.usefixtures("lasting_folders")

Run = Callable[..., tuple[int, str, str]]
PLAN = ("--hour", "2", "--keep", "30", "--folder")


@pytest.fixture
def url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'mendline.db')}"


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a way to run a command on that file, without a terminal to ask at."""

    def nobody_answers(*_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_answers)
    monkeypatch.setenv("MENDLINE_DATABASE_URL", url)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said, refused = capsys.readouterr()
        assert (code == 0) is (refused == "")
        assert refused.count("\n") <= 1
        return code, said, refused

    return run


def _opened(url: str) -> Database:
    return Database(open_engine(url))


def _fill(url: str) -> None:
    database = _opened(url)
    make_small_clinic(database)
    database.engine.dispose()


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_the_file_has_to_be_named(run: Run, verb: str) -> None:
    assert f"db {verb} FILE" in run(verb)[2]


@pytest.mark.parametrize("verb", [("backup", "x.db"), ("restore", "x.db"), ("backup-plan", "show")])
def test_postgresql_has_its_own_ways(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    """No file is made; a plan needs the database, the others do not even ask it."""
    monkeypatch.setenv("MENDLINE_DATABASE_URL", "postgresql://u@127.0.0.1:1/x")
    monkeypatch.chdir(tmp_path)

    code, _, refused = run(*verb)

    assert code == 1
    assert ("pg_dump" in refused) is (verb[0] != "backup-plan")
    assert not Path("x.db").exists()


def test_there_and_back(run: Run, url: str, tmp_path: Path) -> None:
    """What was backed up is there again; what was there meanwhile is kept, and it says where."""
    _fill(url)
    code, said, _ = run("backup", str(tmp_path / "copy.db"))
    assert code == 0
    assert f"Backed up to {tmp_path / 'copy.db'}: " in said
    assert said.endswith(" audit entries.\n")
    assert "There is a file" in run("backup", str(tmp_path / "copy.db"))[2]

    code, said, _ = run("restore", str(tmp_path / "copy.db"))

    [kept] = tmp_path.glob("mendline.db.replaced-*")
    assert code == 0
    assert said.splitlines()[0].startswith(
        f"The backup is at {tmp_path / 'mendline.db'} now, with "
    )
    [where, closed] = said.splitlines()[1:]
    assert where.startswith(f"The database that was there is kept as {kept}. ")
    assert closed.startswith("Everybody signs in again: 0 sign-ins and 0 invitations ")
    assert run("check")[0] == 0


def test_an_older_backup_says_what_comes_next(run: Run, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "copy.db"))
    connection = sqlite3.connect(tmp_path / "copy.db", isolation_level=None)
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()

    assert "python -m db upgrade" in run("restore", str(tmp_path / "copy.db"))[1]


def test_a_fault_of_the_database_is_an_error_and_leaves_the_copy(
    run: Run, url: str, tmp_path: Path
) -> None:
    """So that whatever started the command notices."""
    _fill(url)
    connection = sqlite3.connect(tmp_path / "mendline.db", isolation_level=None)
    connection.execute("UPDATE audit_head SET number = number + 1")
    connection.close()

    code, said, refused = run("backup", str(tmp_path / "copy.db"))

    assert (code, said.startswith("Backed up to ")) == (1, True)
    assert "the audit in it is broken" in refused
    assert "the audit in it is broken" in run("restore", str(tmp_path / "copy.db"))[2]
    assert run("restore", str(tmp_path / "copy.db"), "--despite-faults")[0] == 0


def test_a_restore_says_who_has_to_be_erased_again(run: Run, url: str, tmp_path: Path) -> None:
    """An entry of an erasure in what was replaced, and the record in the backup."""
    _fill(url)
    assert run("backup", str(tmp_path / "copy.db"))[0] == 0
    connection = sqlite3.connect(tmp_path / "mendline.db", isolation_level=None)
    connection.execute(
        "INSERT INTO audit SELECT chain, number + 100, clinic_id, at, actor_id, session_id, "
        "(SELECT id FROM patient), 'patient.erased', subject, old, new, reason, previous_hash, "
        "hash FROM audit LIMIT 1"
    )
    connection.close()

    assert "are back: 1. Erase them again." in run("restore", str(tmp_path / "copy.db"))[1]


@pytest.mark.parametrize("arguments", [(), ("make",), ("set", "--hour")])
def test_a_plan_is_shown_set_or_removed(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("backup-plan", *arguments)[0] == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--hour", "two", "--keep", "3", "--folder", "/tmp"), "whole numbers"),
        (("--hour", "25", "--keep", "3", "--folder", "/tmp"), "from 0 to 23"),
        (("--hour", "2", "--keep", "3", "--folder", "copies"), "from the root"),
        (("--hour", "2", "--keep", "3", "--folder", "/b\n/c"), "in one line"),
        (("--hour", "2", "--keep", "3"), "An answer is missing"),
        ((*PLAN, "/tmp", "--time-zone", "Mars/Olympus"), "time zone"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    run: Run, url: str, options: tuple[str, ...], words: str
) -> None:
    _fill(url)
    assert words in run("backup-plan", "set", *options)[2]
    assert run("backup-plan", "show")[1] == "No backups are planned.\n"


def test_a_plan_of_a_single_clinic_has_its_zone(run: Run, url: str, tmp_path: Path) -> None:
    """Then it is shown, and removed."""
    _fill(url)
    words = f"Each day at 2:00 (America/New_York) to {tmp_path / 'copies'}; the newest 30 stay.\n"

    said = run("backup-plan", "set", *PLAN, str(tmp_path / "copies"))[1]

    assert said.startswith(words)
    assert "first copy" in said
    assert run("backup-plan", "show")[1] == words
    assert run("backup-plan", "remove")[0] == 0
    assert "nothing to remove" in run("backup-plan", "remove")[2]


def test_of_several_clinics_the_zone_is_asked_for(run: Run, url: str, tmp_path: Path) -> None:
    database = _opened(url)
    with writing(database) as session:
        make_clinic(session, "Oak")
        make_clinic(session, "Elm")
    database.engine.dispose()
    options = (*PLAN, str(tmp_path / "copies"))

    assert "An answer is missing" in run("backup-plan", "set", *options)[2]
    assert "(UTC)" in run("backup-plan", "set", *options, "--time-zone", "UTC")[1]


def test_a_restore_says_that_a_plan_goes_on(run: Run, url: str, tmp_path: Path) -> None:
    """And how to end it: a drill must not fill the folder of the real copies."""
    _fill(url)
    run("backup-plan", "set", *PLAN, str(tmp_path / "copies"))
    run("backup", str(tmp_path / "copy.db"))

    said = run("restore", str(tmp_path / "copy.db"))[1]

    [plan] = [line for line in said.splitlines() if line.startswith("A plan for backups")]
    assert f"goes on here: Each day at 2:00 (America/New_York) to {tmp_path / 'copies'}" in plan
    assert "python -m db backup-plan remove" in plan
    assert run("backup-plan", "remove")[0] == 0


def test_the_plan_keeps_where_a_link_led(run: Run, url: str, tmp_path: Path) -> None:
    """So that it cannot be turned later, to a place that was never looked at."""
    _fill(url)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    run("backup-plan", "set", *PLAN, str(tmp_path / "link"))

    assert f" to {tmp_path / 'real'}; " in run("backup-plan", "show")[1]


def test_looking_at_a_backup_leaves_it_as_it_is(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte and without files beside it, so that it can lie where nobody may write."""
    _fill(url)
    copy = tmp_path / "far" / "copy.db"
    copy.parent.mkdir()
    run("backup", str(copy))
    before = copy.read_bytes()
    served = run("check")[1], run("audit", "verify")[1]
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{copy}")

    seen = run("check")[1], run("audit", "verify")[1]

    assert seen == served
    assert copy.read_bytes() == before
    assert list(copy.parent.iterdir()) == [copy]


def test_faults_of_a_backup_are_seen_all_the_same(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its audit, its pages, and a version that is too old."""
    _fill(url)
    run("backup", str(tmp_path / "copy.db"))
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{tmp_path / 'copy.db'}")
    for statement, verb, words in (
        ("UPDATE audit_head SET number = number + 1", ("audit", "verify"), "audit is broken"),
        ("UPDATE alembic_version SET version_num = '0001'", ("check",), "older than this version"),
    ):
        with closing(sqlite3.connect(tmp_path / "copy.db", isolation_level=None)) as connection:
            connection.execute(statement)
        assert words in run(*verb)[2]
    (tmp_path / "copy.db").write_bytes((tmp_path / "copy.db").read_bytes()[:60_000])

    assert run("check")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "at", "words"),
    [
        (("check",), "db.cli_check.refuse_damage", "Nothing was changed"),
        (("audit", "verify"), "db.cli_audit.find_break", "Nothing was changed"),
        (("upgrade",), "db.schema.upgrade", "as a whole or not at all"),
        (("backup", "x.db"), "db.cli_backup.back_up", "no backup unless it said so"),
        (("restore", "x.db"), "db.cli_backup.restore", "or kept beside it"),
        (("demo",), "db.cli_demo.fill_demo", "Look at what is there"),
    ],
)
def test_what_was_stopped_promises_no_more_than_is_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], at: str, words: str
) -> None:
    """An act may have been done at the instant of the key; what only looks has changed nothing."""

    def interrupted(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(at, interrupted)
    code, said, refused = run(*arguments)

    assert (code, said) == (1, "")
    assert words in refused
    assert ("Nothing was changed" in refused) is (arguments[0] in {"check", "audit", "backup"})
