"""Sessions that are stolen, or end while somebody types."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import connect

from db.auth_sessions import revoke_all, start_session
from db.drafts import find_draft
from db.engine import Database, reading, writing
from db.models import utc_now
from recovery.access import Actor
from recovery.days import today_in
from tests import factories
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e import steps
from tests.factories import PASSWORD
from tests.servers import Server
from tests.small_clinic import SmallClinic

_SECONDS = WAIT_MS / 1_000
_LOOK_MS = 50


@contextmanager
def _stream(server: Server, token: str, resume: str = "none") -> Iterator[str]:
    """Connect with a session's token, and hold the line; yields the Streamlit session's id."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    with connect(
        f"{server.url.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(server.url),
        subprotocols=[Subprotocol(each) for each in ("streamlit", "none", resume)],
        additional_headers={"Cookie": f"mendline_session={token}"},
    ) as connection:
        connection.send(message.SerializeToString())
        received = ForwardMsg()
        while received.WhichOneof("type") != "new_session":
            payload = connection.recv(timeout=_SECONDS, decode=False)
            received = ForwardMsg.FromString(payload)
        yield received.new_session.initialize.session_id


def test_a_stolen_streamlit_session_is_not_resumed(
    server: Server, people: SmallClinic, database: Database
) -> None:
    """Its owner finds it again after the line broke; anybody else gets a new, empty one."""
    tokens = [_token(database, actor) for actor in (people.patient, people.clinician, people.carer)]
    own, staffs, carers = tokens
    with _stream(server, own) as owned, _stream(server, staffs, owned) as while_open:
        pass
    with _stream(server, carers, owned) as while_kept:
        pass
    with _stream(server, own, owned) as resumed:
        pass

    assert resumed == owned
    assert owned not in {while_open, while_kept}


def _wait_for_draft(page: Page, database: Database, people: SmallClinic, note: str) -> None:
    """Wait until an answer has arrived: what is on the wire when a session ends is refused."""
    today = today_in(factories.ZONE, utc_now())
    for _ in range(WAIT_MS // _LOOK_MS):
        with reading(database) as session:
            draft = find_draft(session, people.own, today)
        if draft is not None and draft.note == note:
            return
        page.wait_for_timeout(_LOOK_MS)
    raise AssertionError(f"{note!r} was not kept")


def _token(database: Database, actor: Actor) -> str:
    with writing(database) as session:
        return start_session(session, actor.account_id, actor.role, utc_now())


def test_a_session_that_ends_while_somebody_types_loses_nothing(
    page: Page, server: Server, people: SmallClinic, database: Database
) -> None:
    """The page is led to sign-in; signed in again, what was answered stands in the form."""
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    steps.fill_pain(page, worst=7, average=3)
    page.get_by_label("Anything else?").fill("Half a sentence")
    steps.leave_field(page)
    _wait_for_draft(page, database, people, "Half a sentence")
    with writing(database) as session:
        revoke_all(session, people.patient.account_id, utc_now())

    page.get_by_label("Anything else?").fill("Half a sentence and more")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("/sign-in"), timeout=WAIT_MS)
    expect(page.get_by_text("What you had entered is kept.")).to_be_visible()
    assert "Half a sentence" not in page.content()

    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    settle(page)
    expect(page.get_by_label("Anything else?")).to_have_value("Half a sentence", timeout=WAIT_MS)
    worst = page.get_by_role("radiogroup", name="Your worst pain")
    expect(worst.get_by_role("radio", checked=True)).to_have_accessible_name(re.compile("^7"))
