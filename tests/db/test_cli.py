"""``python -m db``: every refusal is one plain sentence, and what is told of a database is right."""

import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, delete, select

from db import cli_demo, schema
from db.demo import DEMO_USERNAMES
from db.engine import Database, open_engine, writing
from db.models import AccountRow, AuditHeadRow
from db.sign_in import begin_sign_in, finish_sign_in
from recovery.access import Role
from tests.db.terminal import Run, is_refusal
from tests.factories import NOW, TODAY, make_clinic
from tests.sources import ROOT


def _can_sign_in(session: Session, username: str, password: str) -> bool:
    attempt = begin_sign_in(session, username=username, address="terminal", now=NOW)
    is_right = attempt.verify(password)
    return finish_sign_in(session, attempt, password=password, is_right=is_right) is not None


def test_without_a_verb_the_verbs_are_listed(run: Run) -> None:
    """One line each, and nothing is opened or made."""
    code, said, refused = run("sqlite:///nowhere-at-all/mendline.db")

    lines = said.splitlines()
    verbs = [line.split()[0] for line in lines if line.startswith("  ")]
    assert (code, refused) == (0, "")
    assert verbs == [
        "upgrade",
        "demo",
        "scale",
        "create-admin",
        "forget-codes",
        "provider",
        "move",
        "audit",
        "check",
        "recount",
        "backup",
        "restore",
        "backup-plan",
    ]
    assert not Path("nowhere-at-all").exists()


@pytest.mark.parametrize("arguments", [["nonsense"], ["check", "--fast"], ["upgrade", "now"]])
def test_a_wrong_command_is_refused(run: Run, arguments: list[str]) -> None:
    """With where to find the right ones."""
    assert is_refusal(run("sqlite:///x.db", *arguments), "Run `uv run python -m db`")


@pytest.mark.parametrize("verb", ["upgrade", "demo", "create-admin", "check"])
def test_an_unusable_database_is_refused_by_every_verb(run: Run, tmp_path: Path, verb: str) -> None:
    """A wrong address, a server that is down, a file that is none."""
    (tmp_path / "photo.db").write_bytes(b"holiday" * 1_000)

    assert is_refusal(run("nonsense", verb), "not a database address")
    assert is_refusal(run("postgresql://u:p@127.0.0.1:1/x", verb), "cannot be opened")
    assert is_refusal(run(f"sqlite:///{tmp_path / 'photo.db'}", verb), "cannot be opened")


def test_another_version_is_refused_by_every_verb(run: Run, database_url: str) -> None:
    """And the database is left as it is."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    for verb in ("upgrade", "demo", "create-admin", "check"):
        assert is_refusal(run(database_url, verb), "newer version")
    assert schema.revision_of(engine) == "9999"
    engine.dispose()


def test_there_is_nothing_to_check_before_the_first_upgrade(run: Run, tmp_path: Path) -> None:
    """Looking does not make the file that is looked for."""
    url = f"sqlite:///{tmp_path / 'mendline.db'}"

    assert is_refusal(run(url, "check"), "There is no database yet")
    assert not (tmp_path / "mendline.db").exists()
    assert "now at revision" in run(url, "upgrade")[1]
    assert "Already at revision" in run(url, "upgrade")[1]
    assert run(url, "check")[0] == 0


def test_a_check_counts_what_is_there(run: Run, database_url: str) -> None:
    """Revision and numbers, and nothing of a person."""
    assert run(database_url, "demo")[0] == 0

    code, said, refused = run(database_url, "check")

    assert (code, refused) == (0, "")
    assert f"revision {schema.head()}" in said
    # How many days were logged depends on the day.
    assert re.search(r"Clinics: 1\nPatients: 40\nDaily reports: [123],\d{3}\n", said)
    assert "Demo" not in said


def test_damage_is_found(run: Run, sqlite_template: Path, tmp_path: Path) -> None:
    """A row without its record, and a page overwritten on the disk."""
    orphaned, broken = tmp_path / "orphaned.db", tmp_path / "broken.db"
    for file in (orphaned, broken):
        file.write_bytes(sqlite_template.read_bytes())
        engine = open_engine(f"sqlite:///{file}")
        with writing(Database(engine)) as session:
            for _ in range(200):
                make_clinic(session, "Clinic " * 40)
        engine.dispose()
    engine = sa.create_engine(f"sqlite:///{orphaned}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO patient_name_word VALUES ('nowhere', 'word', 'nobody')"
        )
    engine.dispose()
    content = bytearray(broken.read_bytes())
    content[-8 * 4096 : -1 * 4096] = b"\xff" * (7 * 4096)
    broken.write_bytes(content)

    assert is_refusal(run(f"sqlite:///{orphaned}", "check"), "records that are gone")
    code, _said, refused = run(f"sqlite:///{broken}", "check")
    assert (code, refused.count("\n")) == (1, 1)


def test_the_demo_says_how_to_sign_in(run: Run, database_url: str) -> None:
    """Each role's name opens with the password that was printed, which must be changed."""
    code, said, refused = run(database_url, "demo")

    printed = dict(line.split() for line in said.splitlines() if line.startswith("  "))
    assert (code, refused) == (0, "")
    assert set(printed) == set(DEMO_USERNAMES.values()) - {DEMO_USERNAMES[Role.CARER]}
    assert "uv run app.py --demo" in said
    engine = open_engine(database_url)
    with writing(Database(engine)) as session:
        for username, password in printed.items():
            assert _can_sign_in(session, username, password)
            account = session.exec(select(AccountRow).where(AccountRow.username == username)).one()
            assert account.must_change_password
    engine.dispose()

    assert is_refusal(run(database_url, "demo"), "holds a demo clinic already")


def test_the_demo_is_as_of_today_where_its_people_live(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At midnight in London their day has not ended."""
    asked: list[tuple[str, datetime]] = []

    def today(zone: str, now: datetime) -> date:
        asked.append((zone, now))
        return TODAY

    monkeypatch.setattr(cli_demo, "today_in", today)

    assert run(f"sqlite:///{tmp_path / 'mendline.db'}", "demo")[0] == 0
    assert [zone for zone, _now in asked] == ["America/New_York"]
    assert asked[0][1].tzinfo is not None


def test_a_command_can_be_stopped(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interrupt key ends it with a sentence instead of a traceback."""

    def interrupted(_question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    assert is_refusal(run(database_url, "create-admin"), "Nothing was changed")


def test_the_module_runs_as_a_command() -> None:
    """With the exit code that scripts look at."""
    finished = subprocess.run(
        [sys.executable, "-m", "db", "nonsense"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1


def test_the_audit_is_verified(run: Run, database_url: str) -> None:
    """How many entries hold; a database of nobody has none."""
    assert run(database_url, "audit", "verify")[:2] == (
        0,
        "The audit holds: 0 entries in 0 chains.\n",
    )
    assert run(database_url, "demo")[0] == 0

    code, said, refused = run(database_url, "audit", "verify")

    assert (code, refused) == (0, "")
    assert said == "The audit holds: 4 entries in 1 chain.\n"


def test_a_broken_audit_is_named(run: Run, database_url: str) -> None:
    """With its place, as a refusal that a scheduled job notices."""
    assert run(database_url, "demo")[0] == 0
    engine = open_engine(database_url)
    with writing(Database(engine)) as session:
        session.connection().execute(delete(AuditHeadRow))
    engine.dispose()

    code, _, refused = run(database_url, "audit", "verify")

    assert code == 1
    assert refused.startswith("The audit is broken at entry 5 of chain ")
    assert "the newest entries are missing" in refused


@pytest.mark.parametrize("arguments", [[], ["repair"]])
def test_the_audit_is_only_looked_at(run: Run, database_url: str, arguments: list[str]) -> None:
    """There is one thing to do with it here."""
    assert is_refusal(run(database_url, "audit", *arguments), "db audit verify")


def test_scale_fills_an_empty_database_and_no_other(run: Run, tmp_path: Path) -> None:
    """The tables are made, the sizes are told, and a second time is refused."""
    url = f"sqlite:///{tmp_path / 'large.db'}"

    code, said, refused = run(url, "scale", "--patients", "3", "--days", "2")

    assert (code, refused) == (0, "")
    assert "1 clinics with 3 made-up patients were added." in said
    assert is_refusal(run(url, "scale", "--patients", "3", "--days", "2"), "holds patients")
    assert is_refusal(run(url, "scale", "--patients", "0", "--days", "2"), "at least one patient")
