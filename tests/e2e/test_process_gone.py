"""A process of the app ends while somebody fills in a form: the page goes on at another."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from benchmarks.topology import AppProcess, Site, replicated_site
from db.engine import Database, open_engine, reading
from db.models import utc_now
from db.reports import find_report
from recovery.days import today_in
from tests import nginx, postgres
from tests.availability import refuse
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e import steps
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.factories import PASSWORD, ZONE, days_ago
from tests.servers import Server
from tests.small_clinic import make_small_clinic

pytestmark = pytest.mark.faults


@pytest.fixture
def place() -> Iterator[Site]:
    """Return all that ships: nginx with TLS, two processes, a primary and its synchronous standby."""
    if nginx.find_nginx() is None:
        refuse("nginx is missing.", "Install the system package nginx-light.")
    binaries = postgres.find_binaries()
    if binaries is None:
        refuse("PostgreSQL is missing.", "Install the system package postgresql.")
    with replicated_site(binaries, has_tls=True) as (opened, _):
        yield opened


@pytest.fixture
def database(place: Site) -> Iterator[Database]:
    """Return their database, to look at what was stored."""
    opened = Database(open_engine(place.database_url))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def page(windows: Windows, watch: Watch) -> Iterator[Page]:
    """Return an empty page that takes a certificate of nobody known."""
    with windows.open(watch, ignore_https_errors=True) as opened:
        yield opened


def test_a_form_is_saved_after_its_process_was_killed(
    page: Page, watch: Watch, place: Site, database: Database
) -> None:
    """What stands in it stays, the first press of Save afterwards saves, says so, and nobody signs in again."""
    people = make_small_clinic(database, procedure_date=days_ago(10))
    server = Server(place.url, place.front.pid, place.front.folder / "access.log")
    # What Streamlit writes to the console while the line is away.
    watch.expect("WebSocket")
    watch.expect("when disconnected from server")
    watch.expect("/_stcore/health")
    watch.expect("Is Streamlit still running")
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    steps.choose_none_of_the_signs(page)
    steps.fill_pain(page, worst=7, average=3)
    note = page.get_by_label("Anything else?")
    note.fill("Half a sentence")
    steps.leave_field(page)
    victim = max(place.processes, key=AppProcess.open_lines)
    [other] = [each for each in place.processes if each is not victim]

    with page.expect_websocket(timeout=WAIT_MS):
        victim.kill()
    settle(page)

    expect(note).to_have_value("Half a sentence")
    worst = page.get_by_role("radiogroup", name="Your worst pain")
    expect(worst.get_by_role("radio", checked=True)).to_have_accessible_name(re.compile("^7"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(steps.SAVED)).to_be_visible(timeout=WAIT_MS)

    with reading(database) as session:
        stored = find_report(session, people.own, today_in(ZONE, utc_now()))
    assert stored is not None
    report = stored.report
    answers = (report.worst_pain_nrs, report.average_pain_nrs, report.note)
    assert (answers, stored.version) == ((7, 3, "Half a sentence"), 1)
    assert other.open_lines() > 0
    assert victim.pid == 0
