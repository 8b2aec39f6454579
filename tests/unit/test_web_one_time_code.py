"""The second step over HTTP: nothing opens before it, and guessing gets slow."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from sqlmodel import Session, select
from starlette.websockets import WebSocketDisconnect

from db.auth_sessions import revoke_all
from db.engine import Database, reading, serve
from db.models import AuditRow, utc_now
from db.one_time_codes import take_code
from recovery.access import Actor
from tests.factories import PASSWORD
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, ORIGIN, PAGE, STREAM, TestClient, browser, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
]

KEY = re.compile(r'class="key">([A-Z2-7]+)<')
RECOVERY = re.compile(r"<li>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){5})</li>")


def _sign_in(actor: Actor, target: str = "/") -> TestClient:
    client = browser()
    form = {"username": actor.display_name, "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=form, headers=FORM)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/account/code")
    return client


def _give(client: TestClient, code: str, **more: str) -> tuple[int, str]:
    answer = client.post("/account/code", data={"code": code, **more}, headers=FORM)
    return answer.status_code, answer.headers.get("location", answer.text)


def _set_up(client: TestClient) -> tuple[pyotp.TOTP, list[str]]:
    shown = client.get("/account/code", headers=PAGE).text
    [secret] = KEY.findall(shown)
    device = pyotp.TOTP(secret)
    status, text = _give(client, device.now())
    assert status == 200
    return device, RECOVERY.findall(text)


def test_a_password_alone_opens_nothing(clinic: SmallClinic) -> None:
    """Every page leads to the code, other requests and the websocket are refused."""
    client = _sign_in(clinic.clinician)

    for path in ("/", "/review", "/account/password", f"/invitation-letter?patient={1}"):
        answer = client.get(path, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/code")
    assert client.get("/_stcore/host-config").status_code == 403
    handshake = {"Origin": ORIGIN}
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(STREAM, headers=handshake),
    ):
        pytest.fail("the websocket opened")


def test_the_first_sign_in_sets_a_device_up(clinic: SmallClinic) -> None:
    """The key stays until a code proves it; then ten recovery codes come, and the app opens."""
    client = _sign_in(clinic.clinician, "/review")
    waiting = client.cookies["mendline_session"]
    assert _give(client, "000000")[0] == 422
    _, recovery = _set_up(client)

    assert len(recovery) == 10
    assert client.cookies["mendline_session"] != waiting
    assert client.get("/").text == "<p>clinician</p>"
    stale = browser()
    stale.cookies.set("mendline_session", waiting)
    assert stale.get("/", headers=PAGE).headers["location"].startswith("/sign-in")


def test_the_next_sign_in_asks_for_a_code_and_goes_where_it_was_going(
    clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """The same code never works twice; the key is not shown again."""
    device, recovery = _set_up(_sign_in(clinic.clinician))
    client = _sign_in(clinic.clinician, "/review")
    assert client.get("/account/code?next=/review", headers=PAGE).text.count("/review") == 1
    status, text = _give(client, device.now())
    assert (status, KEY.findall(text)) == (422, [])

    clock.shift(timedelta(seconds=30))
    assert _give(client, device.now(), next="/review") == (303, "/review")
    assert _give(_sign_in(clinic.clinician), recovery[0]) == (303, "/")
    assert _give(_sign_in(clinic.clinician), recovery[0])[0] == 422
    assert _give(_sign_in(clinic.clinician), device.now(), next="//evil.example")[0] == 422


def test_guessing_codes_gets_slow_and_is_noted(database: Database, clinic: SmallClinic) -> None:
    """After five wrong ones the right one waits too, from whatever address or session."""
    device, _ = _set_up(_sign_in(clinic.clinician))
    for _ in range(4):
        assert _give(_sign_in(clinic.clinician), "000000")[0] == 422
    assert _give(_sign_in(clinic.clinician), "000000")[0] == 422
    status, text = _give(_sign_in(clinic.clinician), device.at(0))

    assert status == 429
    assert "Wait half a minute" in text
    with reading(database) as session:
        noted = session.exec(select(AuditRow).where(AuditRow.action == "code.refused")).all()
    assert [entry.actor_id for entry in noted] == [clinic.clinician.account_id] * 5


@pytest.mark.parametrize("person", ["patient", "carer"])
def test_patients_and_carers_are_not_asked(
    database: Database, clinic: SmallClinic, person: str
) -> None:
    """They see one record; the page leads them home."""
    client = signed_in(database, getattr(clinic, person))

    assert client.get("/account/code", headers=PAGE).headers["location"] == "/"
    assert _give(client, "000000") == (303, "/")


def test_a_demo_asks_for_no_code(database: Database, clinic: SmallClinic) -> None:
    """Nobody in it is real."""
    serve(Database(database.engine, is_demo=True))
    form = {"username": "clinician", "password": PASSWORD}

    assert browser().post("/sign-in", data=form, headers=FORM).headers["location"] == "/"


def test_who_is_signed_in_without_a_device_can_set_one_up(
    database: Database, clinic: SmallClinic
) -> None:
    """As after an upgrade from a version that asked for none."""
    client = signed_in(database, clinic.clinician)
    [secret] = KEY.findall(client.get("/account/code", headers=PAGE).text)
    code = pyotp.TOTP(secret).now()
    assert _give(client, code)[0] == 422
    assert _give(client, code, password="wrong words here")[0] == 422

    status, text = _give(client, code, password=PASSWORD)

    assert (status, len(RECOVERY.findall(text))) == (200, 10)
    assert "10 of 10" in client.get("/account/code", headers=PAGE).text


def test_a_new_device_takes_password_and_code(
    clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """Either alone is refused; then every other session ends and a device is set up anew."""
    client = _sign_in(clinic.clinician)
    device, recovery = _set_up(client)
    other = _sign_in(clinic.clinician)
    assert _give(other, recovery[1])[0] == 303
    assert "9 of 10" in client.get("/account/code", headers=PAGE).text

    assert _give(client, recovery[0], password="wrong words here")[0] == 422
    assert _give(client, "000000", password=PASSWORD)[0] == 422
    status, shown = _give(client, recovery[0], password=PASSWORD)
    [secret] = KEY.findall(shown)
    renewed = pyotp.TOTP(secret)
    assert (status, renewed.secret != device.secret) == (200, True)
    # Until the new one is confirmed, the old one opens the account and no other session sees the key.
    assert KEY.findall(other.get("/account/code", headers=PAGE).text) == []
    clock.shift(timedelta(seconds=60))
    assert _give(_sign_in(clinic.clinician), device.now())[0] == 303

    status, text = _give(client, renewed.now())

    assert (status, len(RECOVERY.findall(text))) == (200, 10)
    assert client.get("/").text == "<p>clinician</p>"
    assert other.get("/", headers=PAGE).headers["location"].startswith("/sign-in")
    clock.shift(timedelta(seconds=60))
    assert _give(_sign_in(clinic.clinician), device.now())[0] == 422


def test_a_session_ended_meanwhile_becomes_no_new_one(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed by an administrator while a code was being checked."""
    client = _sign_in(clinic.clinician)
    device, _ = _set_up(client)
    waiting = _sign_in(clinic.clinician)

    def slow(session: Session, *given: Any) -> bool:
        is_taken = take_code(session, *given)
        revoke_all(session, clinic.clinician.account_id, utc_now())
        return is_taken

    monkeypatch.setattr("web.one_time_code.take_code", slow)
    status, text = _give(waiting, device.at(datetime.now(UTC) + timedelta(seconds=30)))

    assert (status, "Your time here ended meanwhile." in text) == (429, True)
    assert waiting.get("/", headers=PAGE).headers["location"] == "/account/code"
