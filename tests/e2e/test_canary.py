"""Words that people enter are found nowhere but where they belong: a canary in every form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from db.engine import Database
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e import steps
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.factories import PASSWORD, days_ago
from tests.servers import METRICS_TOKEN, Server
from tests.small_clinic import SmallClinic, make_small_clinic

CANARY = "canary7f3a"
_KEPT = re.compile(r"https?://[^/]+/(?:media|component)/")
PATIENT_PAGES = ("/", "/today", "/progress", "/learn", "/carers", "/my_data", "/account")
STAFF_PAGES = ("/", "/review", "/patient", "/enrol", "/emergency", "/learn", "/account")
ADMIN_PAGES = ("/", "/people", "/invitations", "/sessions", "/requests", "/audit", "/clinic")


@dataclass
class Heard:
    """What browsers asked for and printed while the words were entered."""

    addresses: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> BrowserContext:
        """Listen to every page of *context*, and return it."""
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        return context

    def _note_request(self, request: Request) -> None:
        self.addresses.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        self.printed.append(message.text)


@pytest.fixture
def heard() -> Heard:
    """Return an empty list of what was heard."""
    return Heard()


@pytest.fixture
def window(browser: Browser, watch: Watch, heard: Heard) -> Iterator[BrowserContext]:
    """Return a browser context that is listened to."""
    context = heard.over(watch.over(browser.new_context()))
    yield context
    context.close()


def _patient_enters_words(page: Page, server: Server, people: SmallClinic) -> None:
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    steps.choose_none_of_the_signs(page)
    steps.fill_pain(page, worst=4, average=2)
    page.get_by_label("Anything else?").fill(f"{CANARY} note")
    steps.leave_field(page)
    steps.save(page)
    open_page(page, server, "/progress")
    expect(page.get_by_text("Your progress")).to_be_visible(timeout=WAIT_MS)


def _clinician_enters_words(page: Page, server: Server, people: SmallClinic) -> None:
    sign_in(page, server, f"{people.prefix}clinician", PASSWORD)
    open_page(page, server, "/review")
    page.get_by_label("Find by name").fill(CANARY)
    steps.leave_field(page)
    page.get_by_label("Find by name").fill("elm")
    steps.leave_field(page)
    page.get_by_role("button", name="Open Rowan Elm").click()
    expect(page.get_by_role("heading", name="Rowan Elm")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    page.get_by_label("Note", exact=True).fill(f"{CANARY} visit")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("The note is added and stands on the chart.")).to_be_visible(
        timeout=WAIT_MS
    )
    open_page(page, server, "/enrol")
    page.get_by_label("Name", exact=True).first.fill(f"{CANARY} Person")
    steps.leave_field(page)


def _strangers_enter_words(page: Page, server: Server, watch: Watch) -> None:
    watch.expect("answered 401")
    watch.expect("answered 422")
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("User name").fill(CANARY)
    page.get_by_label("Password").fill(f"{CANARY} secret words")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto(f"{server.url}/join")
    page.get_by_label("Code from the letter").fill(CANARY)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_words_stay_where_they_belong(  # noqa: PLR0913, PLR0917 - one fixture per witness
    browser: Browser,
    windows: Windows,
    window: BrowserContext,
    heard: Heard,
    watch: Watch,
    server: Server,
    people: SmallClinic,
    database: Database,
) -> None:
    """Neither in an address, the console, log, figures, a kept file, nor on anybody else's page."""
    other = make_small_clinic(
        database, f"{people.prefix}other-", name="Hazel Fir", procedure_date=days_ago(10)
    )
    _patient_enters_words(window.new_page(), server, people)
    kept = _kept_files(heard)
    staff = heard.over(watch.over(browser.new_context()))
    _clinician_enters_words(staff.new_page(), server, people)
    stranger = heard.over(watch.over(browser.new_context()))
    _strangers_enter_words(stranger.new_page(), server, watch)

    assert [address for address in heard.addresses if CANARY in address] == []
    assert [line for line in heard.printed if CANARY in line] == []
    assert CANARY not in server.printed()
    assert "Rowan" not in server.printed()
    _figures_name_nobody(server, people)
    for address in {*kept, *_kept_files(heard)}:
        assert httpx.get(address).status_code == httpx.codes.UNAUTHORIZED
    theirs = ((other.patient, PATIENT_PAGES), (other.clinician, STAFF_PAGES))
    for actor, paths in (*theirs, (other.administrator, ADMIN_PAGES)):
        _sees_nothing(windows, watch, server, actor.display_name, paths)
    _sees_nothing(windows, watch, server, people.administrator.display_name, ADMIN_PAGES)
    for context in (staff, stranger):
        context.close()


def _figures_name_nobody(server: Server, people: SmallClinic) -> None:
    """Look through all that Prometheus would fetch, which counts what was just done."""
    answer = httpx.get(
        f"{server.url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}
    )
    assert answer.status_code == httpx.codes.OK
    assert 'mendline_acts_total{action="report.saved"}' in answer.text
    assert 'mendline_rerun_seconds_count{page="today"}' in answer.text
    keys = (people.own.patient_id, people.clinic_id, people.patient.account_id)
    for word in (CANARY, "Rowan", people.prefix, *(str(key) for key in keys)):
        assert word not in answer.text


def _kept_files(heard: Heard) -> list[str]:
    return [address for address in heard.addresses if _KEPT.match(address)]


def _sees_nothing(
    windows: Windows, watch: Watch, server: Server, username: str, paths: tuple[str, ...]
) -> None:
    with windows.open(watch) as page:
        sign_in(page, server, username, PASSWORD)
        for path in paths:
            open_page(page, server, path)
            assert CANARY not in page.content(), path
