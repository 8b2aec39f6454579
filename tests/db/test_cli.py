"""``python -m db``: every refusal is one plain sentence, and what it makes can be used."""

import getpass
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from sqlmodel import Session, delete, select

from db import cli_demo, schema
from db.__main__ import main
from db.cli_admin import PASSWORD_VARIABLE
from db.demo import DEMO_USERNAMES
from db.engine import Database, open_engine, reading, writing
from db.models import AccountRow, AuditHeadRow, AuditRow, ClinicRow
from db.one_time_codes import confirm_set_up, has_codes, start_set_up
from db.passwords import verify_password
from db.sign_in import begin_sign_in, finish_sign_in
from recovery.access import Role
from tests.factories import NOW, PASSWORD, TODAY, make_clinic
from tests.sources import ROOT

Captured = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
ADMIN = ("--username", "boss", "--name", "Boss")
NEW_CLINIC = ("--clinic", "Elm Clinic", "--time-zone", "Europe/Berlin")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Run:
    """Return a way to run a command on a database, without a terminal to ask at."""

    def nobody_answers(*_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_answers)
    monkeypatch.setattr(getpass, "getpass", nobody_answers)

    def run(url: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("MENDLINE_DATABASE_URL", url)
        code = main(arguments)
        said, refused = capsys.readouterr()
        return code, said, refused

    return run


@pytest.fixture
def with_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the administrator's password as a script would."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


def _is_refusal(answer: tuple[int, str, str], words: str) -> bool:
    code, _said, refused = answer
    is_plain = refused.count("\n") == 1 and "Traceback" not in refused and "usage" not in refused
    return code == 1 and is_plain and words in refused


def _administrators(session: Session) -> list[AccountRow]:
    return list(session.exec(select(AccountRow).where(AccountRow.role == Role.ADMINISTRATOR)))


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
    assert _is_refusal(run("sqlite:///x.db", *arguments), "Run `uv run python -m db`")


@pytest.mark.parametrize("verb", ["upgrade", "demo", "create-admin", "check"])
def test_an_unusable_database_is_refused_by_every_verb(run: Run, tmp_path: Path, verb: str) -> None:
    """A wrong address, a server that is down, a file that is none."""
    (tmp_path / "photo.db").write_bytes(b"holiday" * 1_000)

    assert _is_refusal(run("nonsense", verb), "not a database address")
    assert _is_refusal(run("postgresql://u:p@127.0.0.1:1/x", verb), "cannot be opened")
    assert _is_refusal(run(f"sqlite:///{tmp_path / 'photo.db'}", verb), "cannot be opened")


def test_another_version_is_refused_by_every_verb(run: Run, database_url: str) -> None:
    """And the database is left as it is."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    for verb in ("upgrade", "demo", "create-admin", "check"):
        assert _is_refusal(run(database_url, verb), "newer version")
    assert schema.revision_of(engine) == "9999"
    engine.dispose()


def test_there_is_nothing_to_check_before_the_first_upgrade(run: Run, tmp_path: Path) -> None:
    """Looking does not make the file that is looked for."""
    url = f"sqlite:///{tmp_path / 'mendline.db'}"

    assert _is_refusal(run(url, "check"), "There is no database yet")
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

    assert _is_refusal(run(f"sqlite:///{orphaned}", "check"), "records that are gone")
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

    assert _is_refusal(run(database_url, "demo"), "holds a demo clinic already")


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


def test_missing_answers_are_refused_without_a_terminal(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script is told which options there are, and nobody is made."""
    assert _is_refusal(run(database_url, "create-admin"), "An answer is missing")
    all_but_password = ("create-admin", *NEW_CLINIC, *ADMIN)
    assert _is_refusal(run(database_url, *all_but_password), PASSWORD_VARIABLE)
    typed = iter([PASSWORD, f"{PASSWORD} "])
    monkeypatch.setattr(getpass, "getpass", lambda _question: next(typed))
    assert _is_refusal(run(database_url, *all_but_password), "passwords differ")
    for password in ("short", "boss is the boss here", "aaaaaaaaaaaaaa"):
        monkeypatch.setenv(PASSWORD_VARIABLE, password)
        assert run(database_url, *all_but_password)[0] == 1

    engine = open_engine(database_url)
    with reading(Database(engine)) as session:
        assert session.exec(select(ClinicRow)).all() == []
    engine.dispose()


@pytest.mark.usefixtures("with_password")
def test_wrong_answers_are_refused(run: Run, database_url: str) -> None:
    """Each in its own words; afterwards the right ones still work."""
    wrong = {
        ("--username", "a b", "--name", "B", *NEW_CLINIC): "user name",
        ("--username", "boss", "--name", " ", *NEW_CLINIC): "Enter the name of the administrator",
        (*ADMIN, "--clinic", " ", "--time-zone", "UTC"): "Enter the name of the clinic",
        (*ADMIN, "--clinic", "Elm", "--time-zone", "Mars/Olympus"): "time zone",
    }
    for options, words in wrong.items():
        assert _is_refusal(run(database_url, "create-admin", *options), words)
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0

    assert _is_refusal(run(database_url, "create-admin", *ADMIN), "taken")
    elsewhere = ("--clinic", "Oak Clinic", "--username", "other", "--name", "Other")
    assert _is_refusal(run(database_url, "create-admin", *elsewhere), "no clinic of that name")


@pytest.mark.usefixtures("with_password")
def test_the_first_administrator_brings_the_clinic(run: Run, tmp_path: Path) -> None:
    """Even on a database that is not there yet; the next one joins it, and both are noted."""
    url = f"sqlite:///{tmp_path / 'mendline.db'}"
    assert run(url, "create-admin", *NEW_CLINIC, *ADMIN) == (
        0,
        "boss can sign in as administrator now.\n",
        "",
    )
    assert run(url, "create-admin", "--username", "Second", "--name", "Second")[0] == 0

    engine = open_engine(url)
    with reading(Database(engine)) as session:
        [clinic] = session.exec(select(ClinicRow))
        assert (clinic.name, clinic.time_zone) == ("Elm Clinic", "Europe/Berlin")
        staff = _administrators(session)
        assert {row.username for row in staff} == {"boss", "second"}
        assert all(verify_password(PASSWORD, row.password_hash) for row in staff)
        assert not any(row.must_change_password for row in staff)
        noted = session.exec(select(AuditRow.action)).all()
        assert sorted(noted) == ["account.created", "clinic.created"]
    engine.dispose()


@pytest.mark.usefixtures("with_password")
def test_of_two_clinics_one_has_to_be_named(run: Run, database_url: str) -> None:
    """Also when both have the same name."""
    engine = open_engine(database_url)
    with writing(Database(engine)) as session:
        for name in ("Oak Clinic", "Elm Clinic"):
            make_clinic(session, name)

    assert _is_refusal(run(database_url, "create-admin", *ADMIN), "--clinic NAME")
    assert run(database_url, "create-admin", *ADMIN, "--clinic", " Elm Clinic ")[0] == 0
    with reading(Database(engine)) as session:
        [row] = _administrators(session)
        assert session.get_one(ClinicRow, row.clinic_id).name == "Elm Clinic"
    engine.dispose()


@pytest.mark.usefixtures("with_password")
def test_another_clinic_is_made_beside_the_first(run: Run, database_url: str) -> None:
    """Only when asked for, under a name of its own, all of it or nothing."""
    second = ("--new-clinic", "--clinic", "Oak Clinic", "--time-zone", "UTC")
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0

    assert _is_refusal(run(database_url, "create-admin", *second, *ADMIN), "taken")
    other = ("--username", "other", "--name", "Other")
    namesake = ("--new-clinic", *NEW_CLINIC)
    assert _is_refusal(run(database_url, "create-admin", *namesake, *other), "already")
    assert run(database_url, "create-admin", *second, *other)[0] == 0

    engine = open_engine(database_url)
    with reading(Database(engine)) as session:
        zones = dict(session.exec(select(ClinicRow.name, ClinicRow.time_zone)).all())
        assert zones == {"Elm Clinic": "Europe/Berlin", "Oak Clinic": "UTC"}
        homes = {row.username: row.clinic_id for row in _administrators(session)}
        assert len(set(homes.values())) == 2
        noted = sorted(session.exec(select(AuditRow.action)).all())
        assert noted == ["account.created", "clinic.created", "clinic.created"]
    engine.dispose()


def test_questions_are_asked_in_a_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is asked twice and not shown."""
    typed = iter(["Elm Clinic", "UTC", "boss", "Boss"])
    monkeypatch.setattr("builtins.input", lambda _question: next(typed))
    monkeypatch.setattr(getpass, "getpass", lambda _question: PASSWORD)

    code, said, _refused = run(f"sqlite:///{tmp_path / 'mendline.db'}", "create-admin")

    assert code == 0
    assert PASSWORD not in said
    assert next(typed, None) is None


def test_a_command_can_be_stopped(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interrupt key ends it with a sentence instead of a traceback."""

    def interrupted(_question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    assert _is_refusal(run(database_url, "create-admin"), "Nothing was changed")


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
    assert _is_refusal(run(database_url, "audit", *arguments), "db audit verify")


@pytest.mark.parametrize("arguments", [[], ["nobody"], ["a b"], ["boss"]])
@pytest.mark.usefixtures("with_password")
def test_codes_are_forgotten_only_where_there_are_some(
    run: Run, database_url: str, arguments: list[str]
) -> None:
    """No name, an unknown one, one that cannot be, and somebody without a device."""
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0

    assert _is_refusal(run(database_url, "forget-codes", *arguments), "")


@pytest.mark.usefixtures("with_password")
def test_a_lost_device_can_be_set_up_anew(run: Run, database_url: str) -> None:
    """The way back in for a clinic's only administrator."""
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0
    database = Database(open_engine(database_url))
    with writing(database) as session:
        account_id = session.exec(select(AccountRow.id)).one()
        device = pyotp.TOTP(start_set_up(session, account_id, account_id).secret)
        confirm_set_up(session, account_id, account_id, device.at(NOW), NOW)

    answer = run(database_url, "forget-codes", "Boss")

    assert answer == (0, "boss sets up a new device at the next sign-in.\n", "")
    with reading(database) as session:
        assert not has_codes(session, account_id)
    database.engine.dispose()


def test_scale_fills_an_empty_database_and_no_other(run: Run, tmp_path: Path) -> None:
    """The tables are made, the sizes are told, and a second time is refused."""
    url = f"sqlite:///{tmp_path / 'large.db'}"

    code, said, refused = run(url, "scale", "--patients", "3", "--days", "2")

    assert (code, refused) == (0, "")
    assert "1 clinics with 3 made-up patients were added." in said
    assert _is_refusal(run(url, "scale", "--patients", "3", "--days", "2"), "holds patients")
    assert _is_refusal(run(url, "scale", "--patients", "0", "--days", "2"), "at least one patient")
