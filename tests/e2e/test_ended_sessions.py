"""Sessions that are stolen, or end while somebody types."""

import re

from playwright.sync_api import Page, expect

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
from tests.screens.driving import drive
from tests.screens.screen import Screen
from tests.servers import Server
from tests.small_clinic import SmallClinic

_LOOK_MS = 50


async def _session_for(server: Server, token: str, wanted: str = "") -> str:
    """Connect with a session's token and ask for a Streamlit session; return which one it got."""
    async with Screen(server.url, token) as screen:
        screen.session_id = wanted
        await screen.connect()
        await screen.rerun()
        return screen.session_id


def test_a_stolen_streamlit_session_is_not_resumed(
    server: Server, people: SmallClinic, database: Database
) -> None:
    """Its owner finds it again after the line broke; anybody else gets a new, empty one."""
    own, staffs, carers = [
        _token(database, actor) for actor in (people.patient, people.clinician, people.carer)
    ]

    async def acts() -> tuple[str, str, str, str]:
        async with await Screen.open(server.url, own) as screen:
            owned = screen.session_id
            while_open = await _session_for(server, staffs, owned)
        while_kept = await _session_for(server, carers, owned)
        return owned, while_open, while_kept, await _session_for(server, own, owned)

    owned, while_open, while_kept, resumed = drive(acts())

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
