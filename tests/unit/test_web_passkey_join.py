"""Using an invitation with a passkey over HTTP: an account without any password."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from db.accounts import find_patient_account
from db.engine import Database, reading, writing
from db.invitations import UNUSABLE, invite
from db.models import AccountRow, AuditRow, PasskeyRow, utc_now
from db.passkeys import has_password
from recovery.access import PatientAccess, Role
from tests.authenticator import PRESENT, Device, to_bytes
from tests.factories import make_patient
from tests.passkey_client import (
    ORIGIN,
    REFUSED,
    ask,
    device,
    give,
    named_browser,
    send,
    sign_in_with,
)
from tests.small_clinic import SmallClinic
from tests.web_client import PAGE, TestClient, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

JOIN = "/join/passkey"
CHOSEN = {"username": " Ash-1948 ", "display_name": ""}


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> PatientAccess:
    """Return the access to an enrolled person without an account."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash Grove")


@pytest.fixture
def code(database: Database, newcomer: PatientAccess) -> str:
    """Return a code that opens that person's account."""
    with writing(database) as session:
        return invite(session, newcomer, Role.PATIENT, utc_now()).code


def _join(client: TestClient, held: Device, code: str, **changes: Any) -> tuple[int, str]:
    asked = ask(client, JOIN, code=code, **CHOSEN | changes)["make"]
    answer = send(client, JOIN, {"code": code, "made": held.make(asked)})
    return answer.status_code, answer.text


def _acts(session: Session, action: str) -> int:
    return len(session.exec(select(AuditRow).where(col(AuditRow.action) == action)).all())


def test_a_letter_and_a_passkey_make_an_account(
    database: Database, clinic: SmallClinic, newcomer: PatientAccess, code: str
) -> None:
    """No password is ever set; the passkey opens it again, and no password does."""
    held, client = device(), named_browser()
    answer = _join(client, held, code)

    assert answer == (200, '{"next":"/"}')
    assert client.get("/").text == "<p>patient</p>"
    with reading(database) as session:
        account = find_patient_account(session, newcomer)
        assert account is not None
        assert account.username == "ash-1948"
        assert not has_password(session, account.account_id)
        assert [_acts(session, each) for each in ("invitation.used", "passkey.added")] == [1, 1]
    assert held.user_handle == account.account_id.bytes
    assert sign_in_with(named_browser(), held).status_code == 200
    for password in ("", "!", "quiet lantern seven"):
        form = {"username": "ash-1948", "password": password}
        refused = named_browser().post("/sign-in", data=form, headers={"Origin": ORIGIN})
        assert refused.status_code in {401, 422}


def test_the_device_learns_the_user_name_alone(clinic: SmallClinic, code: str) -> None:
    """It shows it in a list that others may see; a person's name stays out of it."""
    asked = ask(named_browser(), JOIN, code=code, **CHOSEN)["make"]

    assert (asked["user"]["name"], asked["user"]["displayName"]) == ("ash-1948", "ash-1948")
    assert len(to_bytes(asked["user"]["id"])) == 16
    assert "Ash Grove" not in str(asked)


def test_a_carer_joins_under_an_own_name(database: Database, clinic: SmallClinic) -> None:
    """Which is asked for before the device makes a passkey."""
    with writing(database) as session:
        code = invite(session, clinic.own, Role.CARER, utc_now()).code
    client = named_browser()
    refused = send(client, f"{JOIN}/options", CHOSEN | {"code": code})
    assert (refused.status_code, refused.text) == (422, "Enter the name.")

    assert _join(client, device(), code, display_name="Fir Grove")[0] == 200
    with reading(database) as session:
        names = session.exec(select(AccountRow.display_name)).all()
    assert "Fir Grove" in names


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "a b"}, "letters, digits"),
        ({"username": ""}, "letters, digits"),
        ({"username": 5}, "letters, digits"),
        ({"username": "\ud800\ud800\ud800"}, "letters, digits"),
        ({"username": "Clinician"}, "taken"),
        ({"code": "AAAA-BBBB-CCCC-DDDD"}, UNUSABLE),
        ({"code": None}, UNUSABLE),
    ],
)
def test_what_cannot_be_is_said_before_a_passkey_is_made(
    clinic: SmallClinic, code: str, changes: dict[str, Any], words: str
) -> None:
    """A device holds no passkey that opens nothing."""
    answer = send(named_browser(), f"{JOIN}/options", CHOSEN | {"code": code} | changes)

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    "changes",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}],
)
def test_a_refused_passkey_makes_no_account(
    database: Database, clinic: SmallClinic, code: str, changes: dict[str, Any]
) -> None:
    """The code stays good, with a passkey or with a password."""
    assert _join(named_browser(), device(**changes), code) == (401, REFUSED)

    with reading(database) as session:
        assert _acts(session, "passkey.refused") == 1
        assert session.exec(select(PasskeyRow)).all() == []
    assert _join(named_browser(), device(), code)[0] == 200


def test_anothers_passkey_is_not_taken_over(
    database: Database, clinic: SmallClinic, code: str
) -> None:
    """Nobody joins with a passkey that is some account's already."""
    theirs = give(database, clinic.carer)
    copied = device(credential_id=theirs.credential_id)

    assert _join(named_browser(), copied, code) == (401, REFUSED)
    assert sign_in_with(named_browser(), theirs).status_code == 200


def test_an_answer_is_this_browsers_and_counts_once(clinic: SmallClinic, code: str) -> None:
    """From another browser it is refused, and the code is used up by the right one."""
    theirs, other, held = named_browser(), named_browser(), device()
    made = held.make(ask(theirs, JOIN, code=code, **CHOSEN)["make"])
    ask(other, JOIN, code=code, **CHOSEN)

    assert send(other, JOIN, {"code": code, "made": made}).text == REFUSED
    assert send(theirs, JOIN, {"code": code, "made": made}).status_code == 200
    again = send(theirs, JOIN, {"code": code, "made": made})
    assert (again.status_code, again.text) == (422, UNUSABLE)


def test_a_name_that_was_taken_meanwhile_is_refused(
    database: Database, clinic: SmallClinic, code: str
) -> None:
    """In words that say so; the code stays good."""
    client, held = named_browser(), device()
    made = held.make(ask(client, JOIN, code=code, **CHOSEN)["make"])
    with writing(database) as session:
        session.get_one(AccountRow, clinic.carer.account_id).username = "ash-1948"

    answer = send(client, JOIN, {"code": code, "made": made})

    assert (answer.status_code, "taken" in answer.text) == (422, True)
    assert _join(client, device(), code, username="ash-1949")[0] == 200


def test_asking_who_is_here_gets_slow(clinic: SmallClinic, code: str) -> None:
    """The holder of a code learns of few names, free ones included."""
    client = named_browser()
    names = ["clinician", "nobody-1", "carer", "nobody-2", "patient", "nobody-3"]
    sent = [CHOSEN | {"code": code, "username": name} for name in names]

    answers = [send(client, f"{JOIN}/options", each).status_code for each in sent]

    assert answers == [422, 200, 422, 200, 422, 429]


def test_guessing_codes_gets_slow(clinic: SmallClinic, code: str) -> None:
    """Here too; codes and passkeys of an address are counted with those of the form."""
    client = named_browser()
    for number in range(5):
        form = {"code": f"AAAA-BBBB-CCCC-{number:04}"}
        client.post("/join", data=form, headers={"Origin": ORIGIN})

    answer = send(client, f"{JOIN}/options", CHOSEN | {"code": code})
    assert (answer.status_code, "too many tries" in answer.text) == (429, True)


def test_joining_ends_the_session_that_was_open(
    database: Database, clinic: SmallClinic, code: str
) -> None:
    """Whoever's browser it was, the old cookie opens nothing any more."""
    client = signed_in(database, clinic.patient, base_url=ORIGIN)
    old = client.cookies["mendline_session"]
    assert _join(client, device(), code)[0] == 200

    stranger = named_browser(headers={"Cookie": f"mendline_session={old}"})

    assert stranger.get("/").status_code == 401


def test_the_page_offers_both_ways(clinic: SmallClinic, code: str) -> None:
    """The passkey is hidden until a script finds that it can be made; the form works without."""
    form = {"code": code}
    shown = named_browser().post("/join", data=form, headers={"Origin": ORIGIN} | PAGE).text

    assert 'data-with="passkeys" hidden>' in shown
    assert "Make my account with a passkey" in shown
    assert ">Make my account</button>" in shown
