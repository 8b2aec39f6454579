"""The gate: who gets through, as whom, and when an open page is closed."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import col, select, update
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from db.auth_sessions import revoke_all
from db.engine import Database, open_engine, reading, serve, writing
from db.models import AccountRow, AuthSessionRow, utc_now
from tests.small_clinic import SmallClinic
from tests.web_client import (
    FORM,
    ORIGIN,
    PAGE,
    STREAM,
    browser,
    handshake_code,
    rerun,
    signed_in,
)
from web import socket_guard
from web.shell import shell_page

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_empty_database_leads_to_set_up(database: Database) -> None:
    """Every page request goes there while nobody could sign in."""
    client = browser()

    for path in ("/", "/sign-in", "/today"):
        assert client.get(path, headers=PAGE).headers["location"] == "/setup"
    assert client.get("/setup", headers=PAGE).status_code == 200


@pytest.mark.parametrize("path", ["/today", "/_stcore/host-config", "/media/x", "/component/x"])
def test_without_a_session_nothing_is_shown(clinic: SmallClinic, path: str) -> None:
    """What is not a page is answered 401, whatever it is."""
    assert browser().get(path, headers={"Accept": "*/*"}).status_code == 401


def test_a_deep_link_leads_to_sign_in_and_back(clinic: SmallClinic) -> None:
    """The page asked for is kept in the address of the sign-in page."""
    answer = browser().get("/patient?id=1", headers=PAGE)

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/patient%3Fid%3D1",
    )


def test_a_planted_cookie_hides_no_session(database: Database, clinic: SmallClinic) -> None:
    """Another server on the same host sets cookies too; the one that opens is found."""
    client = signed_in(database, clinic.patient)
    own = client.cookies["mendline_session"]
    client.cookies.clear()
    cookie = f"mendline_session=planted; mendline_session=; mendline_session={own}"

    answer = client.get("/today", headers=PAGE | {"Cookie": cookie})

    assert (answer.status_code, answer.text) == (200, shell_page())


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/auth/login"])
def test_some_paths_are_answered_to_nobody(
    database: Database, clinic: SmallClinic, path: str
) -> None:
    """Not even a session opens what the app does not use."""
    assert signed_in(database, clinic.patient).get(path).status_code == 404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999"])
def test_foreign_forms_are_refused(database: Database, clinic: SmallClinic, origin: str) -> None:
    """A form on another site does nothing, though the browser adds the cookie."""
    client = signed_in(database, clinic.patient)

    assert client.post("/sign-out", headers={"Origin": origin}).status_code == 403
    assert client.get("/", headers=PAGE).status_code == 200


def test_only_the_gate_names_people(database: Database, clinic: SmallClinic) -> None:
    """Headers that a client made up are removed, in any spelling."""
    client = signed_in(database, clinic.patient)
    forged = {
        "X-Mendline-Role": "administrator",
        "x_mendline_role": "administrator",
        "X-Mendline-Account": "1",
    }

    named = client.get("/_stcore/host-config", headers=forged).json()

    assert sorted(named) == ["x-mendline-account", "x-mendline-role", "x-mendline-session"]
    assert named["x-mendline-role"] == "patient"
    assert named["x-mendline-account"] == str(clinic.patient.account_id)


def test_pages_are_not_kept_by_the_browser(database: Database, clinic: SmallClinic) -> None:
    """Whoever uses the machine next finds nothing in its cache, and no other site frames it."""
    headers = signed_in(database, clinic.patient).get("/", headers=PAGE).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


def test_a_starting_password_opens_only_its_change(database: Database, clinic: SmallClinic) -> None:
    """Pages lead to the form, everything else is refused, signing out works."""
    with writing(database) as session:
        session.get_one(AccountRow, clinic.patient.account_id).must_change_password = True
    client = signed_in(database, clinic.patient)

    assert client.get("/", headers=PAGE).headers["location"] == "/account/password"
    assert client.get("/_stcore/host-config").status_code == 403
    assert handshake_code(client, Origin=ORIGIN) == 1008
    assert client.get("/account/password", headers=PAGE).status_code == 200
    assert client.post("/sign-out", headers=FORM).headers["location"] == "/sign-in?out=1"


def test_a_missing_database_is_said_plainly(database: Database, clinic: SmallClinic) -> None:
    """The page is one sentence with status 503, and so is what machines are told."""
    client = signed_in(database, clinic.patient)
    database.engine.dispose()
    serve(Database(open_engine("sqlite:////proc/none.db")))

    answer = client.get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert "try again" in answer.text
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_a_foreign_websocket_is_refused(
    database: Database, clinic: SmallClinic, origin: str
) -> None:
    """Before it is accepted, and before Streamlit looks at it."""
    assert handshake_code(signed_in(database, clinic.patient), Origin=origin) == 1008


def test_a_websocket_needs_a_session(clinic: SmallClinic) -> None:
    """The right origin alone opens nothing."""
    assert handshake_code(browser(), Origin=ORIGIN) == 1008


def test_a_websocket_knows_its_person(database: Database, clinic: SmallClinic) -> None:
    """Messages pass, developers' messages do not."""
    client = signed_in(database, clinic.clinician)
    clear = BackMsg()
    clear.clear_cache = True

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        assert opened.receive_json()["x-mendline-role"] == "clinician"
        opened.send_bytes(clear.SerializeToString())
        opened.send_bytes(rerun())
        assert opened.receive_bytes() == rerun()


@pytest.mark.parametrize("is_automatic", [False, True])
def test_the_first_run_of_a_line_draws_the_whole_page(
    database: Database, clinic: SmallClinic, *, is_automatic: bool
) -> None:
    """What a process does not know yet it cannot run in part: a press there would do nothing."""
    client = signed_in(database, clinic.patient)
    press = BackMsg.FromString(rerun(is_automatic=is_automatic))
    press.rerun_script.fragment_id = "save"
    press.rerun_script.widget_states.widgets.add(id="save-report", trigger_value=True)
    whole = BackMsg.FromString(press.SerializeToString())
    whole.rerun_script.ClearField("fragment_id")

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        opened.receive_json()
        for _ in range(2):
            opened.send_bytes(press.SerializeToString())
        passed = [BackMsg.FromString(opened.receive_bytes()) for _ in range(2)]

    assert passed == [whole, press]


@pytest.mark.parametrize(("payload", "code"), [(b"\xff\xff\xff", 1002), ("text", 1003)])
def test_broken_messages_close_the_websocket(
    database: Database, clinic: SmallClinic, payload: bytes | str, code: int
) -> None:
    """Without a traceback, and without taking the server along."""
    client = signed_in(database, clinic.clinician)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        opened.receive_json()
        if isinstance(payload, bytes):
            opened.send_bytes(payload)
        else:
            opened.send_text(payload)
        with pytest.raises(WebSocketDisconnect) as closed:
            opened.receive_bytes()
    assert closed.value.code == code


def test_the_next_message_of_an_ended_session_closes_the_page(
    database: Database, clinic: SmallClinic
) -> None:
    """The page is sent to sign-in first, so nothing stays on the screen."""
    client = signed_in(database, clinic.clinician)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        opened.receive_json()
        with writing(database) as session:
            revoke_all(session, clinic.clinician.account_id, utc_now())
        opened.send_bytes(rerun())
        sent = ForwardMsg.FromString(opened.receive_bytes())
        assert sent.auth_redirect.url == "/sign-in?ended=1"
        with pytest.raises(WebSocketDisconnect) as closed:
            opened.receive_bytes()
    assert closed.value.code == 4401


def test_an_untouched_page_is_closed_by_the_timer(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to press anything for the record to leave the screen."""
    monkeypatch.setattr(socket_guard, "CHECK_SECONDS", 0.05)
    client = signed_in(database, clinic.clinician)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        opened.receive_json()
        with writing(database) as session:
            revoke_all(session, clinic.clinician.account_id, utc_now())
        assert ForwardMsg.FromString(opened.receive_bytes()).auth_redirect.url
        with pytest.raises(WebSocketDisconnect) as closed:
            opened.receive_bytes()
    assert closed.value.code == 4401


def test_a_changed_role_closes_the_page(database: Database, clinic: SmallClinic) -> None:
    """What the page was opened as no longer holds."""
    client = signed_in(database, clinic.clinician)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened:
        opened.receive_json()
        with writing(database) as session:
            session.exec(
                update(AccountRow)
                .where(col(AccountRow.id) == clinic.clinician.account_id)
                .values(role="administrator")
            )
        opened.send_bytes(rerun())
        assert ForwardMsg.FromString(opened.receive_bytes()).auth_redirect.url


@pytest.mark.parametrize(
    ("messages", "is_touched"),
    [
        ([rerun()], False),
        ([rerun(), rerun(is_automatic=True)], False),
        ([rerun(), rerun()], True),
    ],
)
def test_only_acts_keep_a_session_open(
    database: Database, clinic: SmallClinic, messages: list[bytes], is_touched: bool
) -> None:
    """A page that reconnects or refreshes by itself does not; a person's press does."""
    start = utc_now()
    client = signed_in(database, clinic.clinician)

    with (
        time_machine.travel(start + timedelta(minutes=5), tick=True),
        client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as opened,
    ):
        opened.receive_json()
        for message in messages:
            opened.send_bytes(message)
            opened.receive_bytes()
    with reading(database) as session:
        seen = session.exec(select(AuthSessionRow.last_seen_at)).one()
    assert (seen - start > timedelta(minutes=4)) is is_touched
