"""The page of own passkeys over HTTP: a fresh proof for each change, and never no way in."""

import re
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from db.engine import Database, reading, writing
from db.models import AccountRow, AuditRow
from db.passkeys import MAX_PER_ACCOUNT, ONLY_WAY_IN, NewPasskey, add_passkey, list_passkeys
from db.passwords import no_password
from recovery.access import Actor
from tests.authenticator import PRESENT, Device
from tests.factories import NOW, PASSWORD
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
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
]

ADD, REMOVE = "/account/passkeys/add", "/account/passkeys/remove"
WRONG = "The password is not right. Type it again."


@pytest.fixture
def without_password(database: Database, clinic: SmallClinic) -> Device:
    """Return the device of the patient, whose account has no password."""
    with writing(database) as session:
        session.get_one(AccountRow, clinic.patient.account_id).password_hash = no_password()
    return give(database, clinic.patient)


def _page(database: Database, actor: Actor) -> TestClient:
    return signed_in(database, actor, base_url=ORIGIN)


def _add(client: TestClient, held: Device, **fields: Any) -> httpx2.Response:
    made = held.make(ask(client, ADD, **{"password": PASSWORD} | fields)["make"])
    return send(client, ADD, {"password": PASSWORD} | fields | {"made": made})


def _names(database: Database, actor: Actor) -> list[str]:
    with reading(database) as session:
        return [each.name for each in list_passkeys(session, actor.account_id)]


def _noted(database: Database, action: str) -> list[AuditRow]:
    with reading(database) as session:
        return list(session.exec(select(AuditRow).where(col(AuditRow.action) == action)).all())


def test_a_passkey_is_added_by_password(database: Database, clinic: SmallClinic) -> None:
    """It is listed with its day, and opens the account; the session that added it is noted."""
    client, held = _page(database, clinic.clinician), device()
    assert "no passkey yet" in client.get("/account/passkeys", headers=PAGE).text

    answer = _add(client, held, name=" My <phone> ")

    assert answer.json() == {"next": "/account/passkeys?added=1"}
    shown = client.get("/account/passkeys?added=1", headers=PAGE).text
    assert "My &lt;phone&gt;" in shown
    assert "Added on 22 November 2026. Not used yet." in shown
    assert 'role="status">The passkey is added.' in shown
    assert sign_in_with(named_browser(), held).json() == {"next": "/"}
    shown = client.get("/account/passkeys", headers=PAGE).text
    assert "Last used on 22 November 2026." in shown
    [entry] = _noted(database, "passkey.added")
    assert (entry.actor_id, entry.subject) == (clinic.clinician.account_id, held.name)
    assert entry.session_id is not None


def test_a_passkey_without_a_name_is_called_by_its_device(
    database: Database, clinic: SmallClinic
) -> None:
    """In the words of the sign-in."""
    client = _page(database, clinic.patient)
    assert _add(client, device()).status_code == 200

    assert _names(database, clinic.patient) == ["Unknown device"]


@pytest.mark.parametrize("path", [ADD, REMOVE])
@pytest.mark.parametrize(
    ("password", "words"),
    [(None, "Type your password"), ("", "Type your password"), ("wrong words here", WRONG)],
)
def test_an_open_session_alone_changes_nothing(
    database: Database, clinic: SmallClinic, path: str, password: str | None, words: str
) -> None:
    """Whoever finds a machine that was left does not know the password."""
    held = give(database, clinic.patient)
    client = _page(database, clinic.patient)
    asked = ask(client, ADD, password=PASSWORD)["make"]
    body = {"made": device().make(asked), "passkey": held.name, "password": password}

    answer = send(client, path, body)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert _names(database, clinic.patient) == ["My phone"]
    assert len(_noted(database, "proof.refused")) == (1 if password else 0)


def test_a_wrong_password_is_said_before_a_passkey_is_made(
    database: Database, clinic: SmallClinic
) -> None:
    """A device holds no passkey that opens nothing; guessing gets slow as at sign-in."""
    client = _page(database, clinic.patient)
    answers = [send(client, f"{ADD}/options", {"password": "wrong words"}) for _ in range(6)]

    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert answers[0].text == WRONG


@pytest.mark.parametrize(
    ("changes", "passkeys", "words"),
    [
        ({"name": "x" * 61}, 0, "Shorten it"),
        ({"name": "nul\x00"}, 0, "cannot be stored"),
        ({}, MAX_PER_ACCOUNT, "Remove one"),
    ],
)
def test_what_cannot_be_stored_is_said_before_too(
    database: Database, clinic: SmallClinic, changes: dict[str, str], passkeys: int, words: str
) -> None:
    """A name that is too long, or one passkey too many."""
    with writing(database) as session:
        for number in range(passkeys):
            new = NewPasskey(credential_id=str(number), public_key=b"", sign_count=0)
            add_passkey(session, clinic.patient.account_id, new, "Key", NOW)
    client = _page(database, clinic.patient)

    answer = send(client, f"{ADD}/options", {"password": PASSWORD} | changes)

    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize(
    "changes",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}],
)
def test_a_passkey_from_elsewhere_is_not_added(
    database: Database, clinic: SmallClinic, changes: dict[str, Any]
) -> None:
    """In the same words as at sign-in, and noted beside who tried."""
    answer = _add(_page(database, clinic.patient), device(**changes))

    assert (answer.status_code, answer.text) == (401, REFUSED)
    [entry] = _noted(database, "passkey.refused")
    assert entry.actor_id == clinic.patient.account_id
    assert _names(database, clinic.patient) == []


def test_anothers_passkey_is_not_added(database: Database, clinic: SmallClinic) -> None:
    """It stays its owner's."""
    theirs = give(database, clinic.carer)
    copied = device(credential_id=theirs.credential_id)

    assert _add(_page(database, clinic.patient), copied).text == REFUSED
    assert sign_in_with(named_browser(), theirs).status_code == 200


def test_a_challenge_is_this_sessions(database: Database, clinic: SmallClinic) -> None:
    """What another session of the same person was asked adds nothing, cookie and all."""
    first, second = _page(database, clinic.patient), _page(database, clinic.patient)
    made = device().make(ask(first, ADD, password=PASSWORD)["make"])
    body = {"password": PASSWORD, "made": made}
    cookies = {name: first.cookies[name] for name in ("mendline_passkey",)}
    cookies["mendline_session"] = second.cookies["mendline_session"]
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())

    mixed = named_browser(headers={"Cookie": header})

    assert send(mixed, ADD, body).text == REFUSED
    assert send(first, ADD, body).text == REFUSED
    assert _names(database, clinic.patient) == []


def test_a_passkey_is_removed_by_password(database: Database, clinic: SmallClinic) -> None:
    """It opens nothing any more, and other sessions end."""
    held = give(database, clinic.patient)
    client, other = _page(database, clinic.patient), _page(database, clinic.patient)
    assert ask(client, REMOVE, passkey=held.name) == {}
    answer = send(client, REMOVE, {"passkey": held.name, "password": PASSWORD})

    assert answer.json() == {"next": "/account/passkeys?removed=1"}
    assert client.get("/account/passkeys?removed=1", headers=PAGE).status_code == 200
    assert other.get("/").status_code == 401
    assert sign_in_with(named_browser(), held).text == REFUSED
    assert len(_noted(database, "passkey.removed")) == 1


@pytest.mark.parametrize("key", ["theirs", "", "\x00", "made up"])
def test_only_an_own_passkey_is_removed(database: Database, clinic: SmallClinic, key: str) -> None:
    """Another's reads like one that is gone."""
    theirs = give(database, clinic.carer)
    client = _page(database, clinic.patient)
    body = {"passkey": theirs.name if key == "theirs" else key, "password": PASSWORD}

    for path in (REMOVE, f"{REMOVE}/options"):
        answer = send(client, path, body)
        assert (answer.status_code, "removed already" in answer.text) == (422, True)
    assert sign_in_with(named_browser(), theirs).status_code == 200


def test_the_only_way_in_is_kept(
    database: Database, clinic: SmallClinic, without_password: Device
) -> None:
    """The page offers no button for it, and the request is refused before a passkey is used."""
    client = _page(database, clinic.patient)
    shown = client.get("/account/passkeys", headers=PAGE).text
    assert "only way in" in shown
    assert REMOVE not in shown

    answer = send(client, f"{REMOVE}/options", {"passkey": without_password.name})
    assert (answer.status_code, answer.text) == (422, ONLY_WAY_IN)


def test_without_a_password_a_passkey_is_the_proof(
    database: Database, clinic: SmallClinic, without_password: Device
) -> None:
    """A second one is added with the first, and the first removed with the second."""
    client, second = _page(database, clinic.patient), device()
    asked = ask(client, ADD, name="My key")
    assert [each["id"] for each in asked["use"]["allowCredentials"]] == [without_password.name]
    body = {
        "name": "My key",
        "used": without_password.use(asked["use"]),
        "made": second.make(asked["make"]),
    }
    assert send(client, ADD, body).status_code == 200
    assert _names(database, clinic.patient) == ["My phone", "My key"]

    asked = ask(client, REMOVE, passkey=without_password.name)
    body = {"passkey": without_password.name, "used": second.use(asked["use"])}
    assert send(client, REMOVE, body).status_code == 200
    assert _names(database, clinic.patient) == ["My key"]


@pytest.mark.parametrize("proof", ["none", "another's", "not verified", "for another act", "twice"])
def test_without_a_password_nothing_else_is_the_proof(
    database: Database, clinic: SmallClinic, without_password: Device, proof: str
) -> None:
    """Not an open session, not another person's passkey, not a proof of something else."""
    client = _page(database, clinic.patient)
    spare = give(database, clinic.patient)
    asked = ask(client, REMOVE, passkey=spare.name)
    held = give(database, clinic.carer) if proof == "another's" else without_password
    if proof == "not verified":
        held.flags = PRESENT
    used = None if proof == "none" else held.use(asked["use"])
    wanted = without_password if proof == "for another act" else spare
    body = {"passkey": wanted.name, "used": used}
    if proof == "twice":
        send(client, REMOVE, {"passkey": "made up", "used": used})

    answer = send(client, REMOVE, body)

    assert (answer.status_code, answer.text) == (401, REFUSED)
    assert len(_names(database, clinic.patient)) == 2
    assert _noted(database, "passkey.refused")[0].actor_id == clinic.patient.account_id


def test_the_page_needs_a_session(clinic: SmallClinic) -> None:
    """Its steps too, in the gate's own words."""
    client = named_browser()

    answer = client.get("/account/passkeys", headers=PAGE)
    assert answer.headers["location"] == "/sign-in?next=/account/passkeys"
    for path in (ADD, f"{ADD}/options", REMOVE, f"{REMOVE}/options"):
        assert send(client, path, {}).status_code == 401


def test_the_page_asks_for_a_password_where_there_is_one(
    database: Database, clinic: SmallClinic, without_password: Device
) -> None:
    """And for a passkey where there is none; nothing is shown of other people's."""
    give(database, clinic.carer)
    by_passkey = _page(database, clinic.patient).get("/account/passkeys", headers=PAGE).text
    by_password = _page(database, clinic.carer).get("/account/passkeys", headers=PAGE).text

    assert 'type="password"' not in by_passkey
    assert 'type="password"' in by_password
    assert len(re.findall(r'data-key="', by_password)) == 1
    assert without_password.name not in by_password
