"""``python -m db create-admin`` and ``forget-codes``: a clinic, an administrator, a way back in."""

import getpass
from pathlib import Path

import pyotp
import pytest
from sqlmodel import Session, select

from db.cli_admin import PASSWORD_VARIABLE
from db.engine import Database, open_engine, reading, writing
from db.models import AccountRow, AuditRow, ClinicRow
from db.one_time_codes import confirm_set_up, has_codes, start_set_up
from db.passwords import verify_password
from recovery.access import Role
from tests.db.terminal import Run, is_refusal
from tests.factories import NOW, PASSWORD, make_clinic

ADMIN = ("--username", "boss", "--name", "Boss")
NEW_CLINIC = ("--clinic", "Elm Clinic", "--time-zone", "Europe/Berlin")


@pytest.fixture
def with_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the administrator's password as a script would."""
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)


def _administrators(session: Session) -> list[AccountRow]:
    return list(session.exec(select(AccountRow).where(AccountRow.role == Role.ADMINISTRATOR)))


def test_missing_answers_are_refused_without_a_terminal(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script is told which options there are, and nobody is made."""
    assert is_refusal(run(database_url, "create-admin"), "An answer is missing")
    all_but_password = ("create-admin", *NEW_CLINIC, *ADMIN)
    assert is_refusal(run(database_url, *all_but_password), PASSWORD_VARIABLE)
    typed = iter([PASSWORD, f"{PASSWORD} "])
    monkeypatch.setattr(getpass, "getpass", lambda _question: next(typed))
    assert is_refusal(run(database_url, *all_but_password), "passwords differ")
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
        assert is_refusal(run(database_url, "create-admin", *options), words)
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0

    assert is_refusal(run(database_url, "create-admin", *ADMIN), "taken")
    elsewhere = ("--clinic", "Oak Clinic", "--username", "other", "--name", "Other")
    assert is_refusal(run(database_url, "create-admin", *elsewhere), "no clinic of that name")


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

    assert is_refusal(run(database_url, "create-admin", *ADMIN), "--clinic NAME")
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

    assert is_refusal(run(database_url, "create-admin", *second, *ADMIN), "taken")
    other = ("--username", "other", "--name", "Other")
    namesake = ("--new-clinic", *NEW_CLINIC)
    assert is_refusal(run(database_url, "create-admin", *namesake, *other), "already")
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


@pytest.mark.parametrize("arguments", [[], ["nobody"], ["a b"], ["boss"]])
@pytest.mark.usefixtures("with_password")
def test_codes_are_forgotten_only_where_there_are_some(
    run: Run, database_url: str, arguments: list[str]
) -> None:
    """No name, an unknown one, one that cannot be, and somebody without a device."""
    assert run(database_url, "create-admin", *NEW_CLINIC, *ADMIN)[0] == 0

    assert is_refusal(run(database_url, "forget-codes", *arguments), "")


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
