"""Signing in with a passkey over HTTP: what opens, and what is refused in the same words."""

from datetime import timedelta

import httpx2
import pytest
import time_machine
from sqlmodel import col, select

from db.engine import Database, reading, serve, writing
from db.models import AccountRow, AuditRow, AuthSessionRow
from recovery.sign_in import SignInWay
from tests.authenticator import Device, to_bytes
from tests.factories import NOW
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
from tests.web_client import PAGE, browser, signed_in
from web.deployment import HOSTS_VARIABLE
from web.entrance import UNKNOWN_HOST

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
]


def _refusals(database: Database) -> list[AuditRow]:
    with reading(database) as session:
        refused = select(AuditRow).where(col(AuditRow.action) == "passkey.refused")
        return list(session.exec(refused).all())


def _send_with_cookie(body: object, flow: str) -> httpx2.Response:
    client = named_browser(headers={"Cookie": f"mendline_passkey={flow}"})
    return send(client, "/sign-in/passkey", body)


def test_a_passkey_alone_signs_in(database: Database, clinic: SmallClinic) -> None:
    """The session says how it began; a second sign-in from the same device works too."""
    held = give(database, clinic.patient)
    client = named_browser()

    for _ in range(2):
        answer = sign_in_with(client, held, next="/today")
        assert (answer.status_code, answer.json()) == (200, {"next": "/today"})
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/").text == "<p>patient</p>"
    with reading(database) as session:
        begun = session.exec(select(AuthSessionRow)).all()
    assert {each.way for each in begun} == {SignInWay.PASSKEY}
    assert [each.revoked_at is None for each in begun].count(True) == 1


def test_what_is_asked_of_a_device(database: Database, clinic: SmallClinic) -> None:
    """Its owner's verification, for this site, whatever passkeys it holds; nobody is named."""
    asked = ask(named_browser(), "/sign-in/passkey")["use"]

    assert (asked["userVerification"], asked["rpId"]) == ("required", "localhost")
    assert (asked["allowCredentials"], asked["timeout"]) == ([], 300_000)
    assert len(to_bytes(asked["challenge"])) == 32


@pytest.mark.parametrize("person", ["clinician", "administrator"])
def test_staff_with_a_passkey_are_asked_for_no_code(
    database: Database, clinic: SmallClinic, person: str
) -> None:
    """The device and its owner's finger, face or PIN are two proofs already."""
    actor = getattr(clinic, person)
    client = named_browser()

    assert sign_in_with(client, give(database, actor)).json() == {"next": "/"}
    assert client.get("/").text == f"<p>{person}</p>"


def test_a_starting_password_is_changed_all_the_same(
    database: Database, clinic: SmallClinic
) -> None:
    """A passkey opens nothing but the form for it, as a password does."""
    held = give(database, clinic.patient)
    with writing(database) as session:
        session.get_one(AccountRow, clinic.patient.account_id).must_change_password = True
    client = named_browser()

    assert sign_in_with(client, held, next="/today").json() == {"next": "/account/password"}
    assert client.get("/today", headers=PAGE).headers["location"] == "/account/password"
    assert client.get("/account/passkeys", headers=PAGE).headers["location"] == "/account/password"
    assert send(client, "/account/passkeys/add/options", {}).status_code == 403


def test_a_challenge_is_answered_once(database: Database, clinic: SmallClinic) -> None:
    """What somebody recorded opens nothing, not even with the cookie of that browser."""
    held = give(database, clinic.patient)
    client = named_browser()
    recorded = {"used": held.use(ask(client, "/sign-in/passkey")["use"])}
    flow = client.cookies["mendline_passkey"]
    assert send(client, "/sign-in/passkey", recorded).status_code == 200
    assert "mendline_passkey" not in client.cookies

    assert _send_with_cookie(recorded, flow).text == REFUSED


def test_a_wrong_answer_uses_the_challenge_up(database: Database, clinic: SmallClinic) -> None:
    """The right one after it is refused too."""
    held = give(database, clinic.patient)
    client = named_browser()
    right = held.use(ask(client, "/sign-in/passkey")["use"])

    assert send(client, "/sign-in/passkey", {"used": {}}).text == REFUSED
    assert send(client, "/sign-in/passkey", {"used": right}).text == REFUSED


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (5, 401)])
def test_a_challenge_lasts_five_minutes(
    database: Database,
    clinic: SmallClinic,
    clock: time_machine.Traveller,
    minutes: int,
    status: int,
) -> None:
    """Then the same words say to try again."""
    held = give(database, clinic.patient)
    client = named_browser()
    answer = {"used": held.use(ask(client, "/sign-in/passkey")["use"])}
    flow = client.cookies["mendline_passkey"]
    clock.move_to(NOW + timedelta(minutes=minutes, seconds=1))
    # The cookie that a browser would have thrown away is sent all the same.
    sent = _send_with_cookie(answer, flow)

    assert sent.status_code == status


def test_a_challenge_is_one_browsers(database: Database, clinic: SmallClinic) -> None:
    """An answer that was lured out of somebody else's browser opens nothing in another."""
    held = give(database, clinic.patient)
    theirs, other, without = named_browser(), named_browser(), named_browser()
    answer = {"used": held.use(ask(theirs, "/sign-in/passkey")["use"])}
    ask(other, "/sign-in/passkey")

    assert send(other, "/sign-in/passkey", answer).text == REFUSED
    assert send(without, "/sign-in/passkey", answer).text == REFUSED
    assert send(theirs, "/sign-in/passkey", answer).status_code == 200


def test_a_challenge_is_for_one_thing(database: Database, clinic: SmallClinic) -> None:
    """What was asked to add a passkey signs nobody in."""
    held = give(database, clinic.patient)
    client = signed_in(database, clinic.patient, base_url=ORIGIN)
    asked = ask(client, "/account/passkeys/add", password="quiet lantern seven")["make"]

    assert send(client, "/sign-in/passkey", {"used": held.use(asked)}).text == REFUSED


def test_a_copied_device_is_refused_and_noted(database: Database, clinic: SmallClinic) -> None:
    """Its count falls behind; the one that goes on counting still opens."""
    held = give(database, clinic.patient, step=1)
    copy = Device(**{name: getattr(held, name) for name in held.__dataclass_fields__})
    assert sign_in_with(named_browser(), held).status_code == 200

    assert sign_in_with(named_browser(), copy).text == REFUSED
    assert sign_in_with(named_browser(), held).status_code == 200
    [entry] = _refusals(database)
    assert (entry.actor_id, entry.subject) == (clinic.patient.account_id, held.name)
    assert "count" in entry.reason


def test_a_closed_account_is_refused_in_the_same_words(
    database: Database, clinic: SmallClinic
) -> None:
    """Nobody learns that there was one."""
    held = give(database, clinic.carer)
    with writing(database) as session:
        session.get_one(AccountRow, clinic.carer.account_id).is_active = False

    assert sign_in_with(named_browser(), held).text == REFUSED
    assert [entry.actor_id for entry in _refusals(database)] == [clinic.carer.account_id]


def test_wrong_tries_get_slow(database: Database, clinic: SmallClinic) -> None:
    """After five the address waits, a right passkey included; other addresses go on."""
    held, wrong = give(database, clinic.patient), device(user_handle=b"0" * 16)
    client = named_browser()
    answers = [sign_in_with(client, wrong).status_code for _ in range(5)]
    last = sign_in_with(client, held)

    assert (answers, last.status_code) == ([401] * 5, 429)
    assert "Wait half a minute" in last.text
    assert len(_refusals(database)) == 5
    elsewhere = named_browser(client=("127.0.0.9", 50_000))
    assert sign_in_with(elsewhere, held).status_code == 200


def test_right_tries_lock_nobody_out(database: Database, clinic: SmallClinic) -> None:
    """A whole clinic behind one address signs in all morning."""
    held = give(database, clinic.patient)

    assert {sign_in_with(named_browser(), held).status_code for _ in range(60)} == {200}


def test_a_guessed_password_keeps_no_passkey_out(database: Database, clinic: SmallClinic) -> None:
    """Who locks a name by guessing does not keep its owner from signing in."""
    held = give(database, clinic.patient)
    form = {"username": "patient", "password": "wrong"}
    for _ in range(6):
        named_browser().post("/sign-in", data=form, headers={"Origin": ORIGIN})

    assert sign_in_with(named_browser(), held).status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "/sign-out", 5, "\ud800", "/\x00"])
def test_nobody_is_led_elsewhere(database: Database, clinic: SmallClinic, target: object) -> None:
    """A page of this server, or the start page."""
    held = give(database, clinic.patient)

    assert sign_in_with(named_browser(), held, next=target).json() == {"next": "/"}


def test_over_tls_the_challenge_is_bound_to_the_host(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts do not see its cookie, other sites do not send it, and it goes after five minutes."""
    monkeypatch.setenv(HOSTS_VARIABLE, "clinic.example")
    origin = "https://clinic.example"
    held = give(database, clinic.patient, origin=origin, host="clinic.example")
    client = named_browser(base_url=origin)
    headers = {"Origin": origin}
    asked = client.post("/sign-in/passkey/options", json={}, headers=headers)
    cookie = asked.headers["set-cookie"]
    assert cookie.startswith("__Host-mendline_passkey=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Max-Age=300", "Path=/"):
        assert part in cookie

    answer = {"used": held.use(asked.json()["use"])}
    assert client.post("/sign-in/passkey", json=answer, headers=headers).status_code == 200


def test_at_a_number_there_are_no_passkeys(clinic: SmallClinic) -> None:
    """They are bound to a name; the password is named as the way to go on."""
    for origin in ("http://127.0.0.1:8501", "http://[::1]:8501"):
        client = browser(base_url=origin)
        answer = client.post("/sign-in/passkey/options", json={}, headers={"Origin": origin})
        assert answer.status_code == 422
        assert "Use your password" in answer.text


@pytest.mark.parametrize("host", ["[x", "", "[::1", ":8501"])
def test_an_address_that_is_none_is_refused(clinic: SmallClinic, host: str) -> None:
    """In one sentence, whatever stands where the name belongs."""
    headers = {"Host": host, "Origin": f"http://{host}"}
    answer = browser().post("/sign-in/passkey/options", json={}, headers=headers)

    assert (answer.status_code, answer.text) == (400, UNKNOWN_HOST)


def test_a_demo_has_no_passkeys(database: Database, clinic: SmallClinic) -> None:
    """Its pages offer none, and every step is refused."""
    serve(Database(database.engine, is_demo=True))
    client = signed_in(database, clinic.patient, base_url=ORIGIN)
    paths = ("/sign-in/passkey", "/join/passkey", "/account/passkeys/add")

    for path in [*paths, "/account/passkeys/remove"]:
        for step in (path, f"{path}/options"):
            answer = send(client, step, {})
            assert (answer.status_code, answer.text.split(".")[0]) == (
                422,
                "A demo keeps no passkeys",
            )
    assert client.get("/account/passkeys", headers=PAGE).status_code == 403
    assert "passkey" not in named_browser().get("/sign-in", headers=PAGE).text


def test_another_site_cannot_ask(clinic: SmallClinic) -> None:
    """Neither for a challenge nor with an answer."""
    foreign = {"Origin": "http://evil.example"}
    for path in ("/sign-in/passkey", "/sign-in/passkey/options", "/join/passkey"):
        assert named_browser().post(path, json={}, headers=foreign).status_code == 403


def test_the_page_brings_its_script_and_nothing_else(clinic: SmallClinic) -> None:
    """Own scripts alone run, and they talk to this server alone; without them the form works."""
    answer = named_browser().get("/sign-in", headers=PAGE)
    policy = answer.headers["content-security-policy"]

    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert '<script type="module" src="/assets/passkeys.js"></script>' in answer.text
    assert 'data-fields="next" hidden>Sign in with a passkey' in answer.text
    script = named_browser().get("/assets/passkeys.js")
    assert script.headers["content-type"].startswith("text/javascript")
