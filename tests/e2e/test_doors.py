"""Who gets in: nobody without a session, and nobody to another's pages."""

from pathlib import Path

import httpx
import pytest
import websockets.exceptions
from playwright.sync_api import Page, expect
from websockets.sync.client import connect

from db.engine import Database
from tests.browser import WAIT_MS, open_page, settle, sign_in, take_session
from tests.e2e import steps
from tests.e2e.watching import NO_SUCH_PAGE, Watch
from tests.factories import PASSWORD, days_ago
from tests.servers import Server
from tests.small_clinic import SmallClinic, make_small_clinic
from tests.sources import ROOT

PAGES = sorted(
    file.stem
    for file in Path(ROOT / "pages").glob("*/*.py")
    if file.stem not in {"__init__", "home"}
)
OWN_PAGES = {
    "patient": {
        "today",
        "progress",
        "questions",
        "learn",
        "sources",
        "carers",
        "my_data",
        "account",
    },
    "clinician": {
        "review",
        "patient",
        "brief",
        "enrol",
        "outcomes",
        "emergency",
        "learn",
        "sources",
        "account",
    },
    "administrator": {
        "clinic",
        "values",
        "judgement",
        "people",
        "invitations",
        "sessions",
        "requests",
        "audit",
        "system",
        "learn",
        "sources",
        "account",
    },
}
MARKERS = ("Demo Alder", "Demo Spine Clinic", "kyphoplasty", "Kyphoplasty", "stApp")


def test_no_page_shows_anything_without_a_session(page: Page, fresh_demo: Server) -> None:
    """On a process that served nobody yet, every deep link leads to sign-in."""
    for path in ["", *PAGES]:
        page.goto(f"{fresh_demo.url}/{path}")

        expect(page.get_by_label("User name")).to_be_visible()
        assert [marker for marker in MARKERS if marker in page.content()] == []


@pytest.mark.parametrize("path", ["/_stcore/stream", "/today/_stcore/stream", "/_stcore/stream/"])
def test_no_script_runs_without_a_session(demo_server: Server, path: str) -> None:
    """The websocket that runs pages is refused before it opens."""
    address = demo_server.url.replace("http://", "ws://")

    with (
        pytest.raises(websockets.exceptions.InvalidStatus) as refused,
        connect(f"{address}{path}", origin=websockets.Origin(demo_server.url)),
    ):
        pass
    assert refused.value.response.status_code in {401, 403, 404}


def test_identity_headers_of_a_client_open_nothing(demo_server: Server) -> None:
    """Who sends the gate's own headers is as unknown as before."""
    forged = {"X-Mendline-Role": "clinician", "X-Mendline-Session": "1", "Accept": "text/html"}

    answer = httpx.get(f"{demo_server.url}/review", headers=forged)

    assert answer.status_code == httpx.codes.SEE_OTHER
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("role", OWN_PAGES)
def test_pages_of_other_roles_show_nothing(
    page: Page, watch: Watch, fresh_demo: Server, role: str
) -> None:
    """The very first page of a process may be a deep link; it shows an own page or none."""
    watch.expect(NO_SUCH_PAGE)
    take_session(page, fresh_demo, "/demo-sign-in", {"role": role})
    strangers = [path for path in PAGES if path not in OWN_PAGES[role]]
    for path in [*strangers, *sorted(OWN_PAGES[role])]:
        open_page(page, fresh_demo, f"/{path}")

        expect(page.get_by_text("Page not found")).to_have_count(int(path in strangers))
        if role == "administrator":
            expect(page.get_by_text("Demo Alder")).to_have_count(0)


def test_two_people_at_once_see_their_own_days(
    two_pages: tuple[Page, Page], server: Server, people: SmallClinic, database: Database
) -> None:
    """Two patients of two clinics write at the same time; neither reads the other."""
    make_small_clinic(
        database, f"{people.prefix}other-", name="Hazel Fir", procedure_date=days_ago(10)
    )
    first, second = two_pages
    sign_in(first, server, f"{people.prefix}patient", PASSWORD)
    sign_in(second, server, f"{people.prefix}other-patient", PASSWORD)
    for page in (first, second):
        open_page(page, server, "/today")
    for page, worst in ((first, 9), (second, 2)):
        steps.fill_pain(page, worst=worst, average=1)
    for page, note in ((first, "Note of the first person"), (second, "Note of the second person")):
        page.get_by_label("Anything else?").fill(note)
        steps.leave_field(page)
    for page in (first, second):
        steps.save(page)

    for page, strange in ((first, "second person"), (second, "first person")):
        page.reload(timeout=WAIT_MS)
        settle(page)
        expect(page.get_by_text("logged at")).to_be_visible()
        assert strange not in page.content()
        assert strange not in page.get_by_label("Anything else?").input_value()
