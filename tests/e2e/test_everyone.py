"""Every page for everybody: narrow, enlarged, by keyboard, in both themes, by screen reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Literal, NamedTuple, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import WAIT_MS, open_page, settle, take_session
from tests.e2e import steps
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.servers import Server

PAGES = {
    "patient": [
        "/",
        "/today",
        "/progress",
        "/questions",
        "/questions?ask=peg",
        "/learn",
        "/learn?page=brace",
        "/sources",
        "/carers",
        "/my_data",
    ],
    "carer": ["/", "/account"],
    "clinician": ["/", "/review", "/brief", "/enrol", "/outcomes", "/emergency", "/learn"],
    "administrator": [
        "/",
        "/clinic",
        "/values",
        "/judgement",
        "/people",
        "/invitations",
        "/sessions",
        "/requests",
        "/audit",
        "/system",
        "/account",
    ],
}


class Screen(NamedTuple):
    """One page as one role sees it."""

    role: str
    path: str


SCREENS = [Screen(role, path) for role, paths in PAGES.items() for path in paths]
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
PHONE = {"width": 390, "height": 844}
# Wider than its window, a page has to be scrolled sideways; one pixel is rounding.
SIDEWAYS = """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
    .filter(each => each && each.scrollWidth > each.clientWidth + 1)
    .map(each => `${each.tagName} ${each.scrollWidth} > ${each.clientWidth}`)"""
LOW_TARGETS = """() => [...document.querySelectorAll('[data-testid="stMain"] button')]
    .filter(each => each.closest('.stButton, .stFormSubmitButton'))
    .map(each => [each.innerText, Math.round(each.getBoundingClientRect().height)])
    .filter(([, height]) => height > 0 && height < 44)"""


def sideways(page: Page) -> list[str]:
    """Return what scrolls sideways, once charts had the time to take their new width."""
    deadline = monotonic() + WAIT_MS / 1_000
    while (found := page.evaluate(SIDEWAYS)) and monotonic() < deadline:
        settle(page)
    told: list[str] = found
    return told


@contextmanager
def person(
    windows: Windows, watch: Watch, server: Server, role: str, **settings: Any
) -> Iterator[Page]:
    """Open a window of somebody signed in to the demo."""
    with windows.open(watch, **settings) as page:
        take_session(page, server, "/demo-sign-in", {"role": role})
        yield page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("screen", SCREENS, ids="".join)
def test_page_passes_the_accessibility_scan(
    windows: Windows, watch: Watch, demo_server: Server, screen: Screen, theme: Theme
) -> None:
    """axe-core finds nothing on the page, in the theme that was asked for."""
    with person(windows, watch, demo_server, screen.role, color_scheme=theme) as page:
        open_page(page, demo_server, screen.path)

        assert _is_dark(page) == (theme == "dark")
        assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_open_patient_passes_the_accessibility_scan(
    windows: Windows, watch: Watch, demo_server: Server, theme: Theme
) -> None:
    """The page of one patient, which is reached from the list, passes too."""
    with person(windows, watch, demo_server, "clinician", color_scheme=theme) as page:
        open_page(page, demo_server, "/review")
        page.get_by_role("button", name="Open Demo").first.click()
        expect(page.get_by_text("Add a visit note")).to_be_visible(timeout=WAIT_MS)
        settle(page)

        assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_sign_in_passes_the_accessibility_scan(
    windows: Windows, watch: Watch, demo_server: Server, theme: Theme
) -> None:
    """So does the page before all others."""
    with windows.open(watch, color_scheme=theme) as page:
        page.goto(f"{demo_server.url}/sign-in")

        assert violations(page) == []


@pytest.mark.parametrize("screen", SCREENS, ids="".join)
def test_page_fits_a_phone(
    windows: Windows, watch: Watch, demo_server: Server, screen: Screen
) -> None:
    """At 390 px nothing scrolls sideways, and every button is high enough for a finger."""
    with person(
        windows, watch, demo_server, screen.role, viewport=PHONE, has_touch=True, is_mobile=True
    ) as page:
        open_page(page, demo_server, screen.path)

        assert sideways(page) == []
        assert page.evaluate(LOW_TARGETS) == []


@pytest.mark.parametrize("screen", SCREENS, ids="".join)
def test_page_fits_at_200_percent(
    windows: Windows, watch: Watch, demo_server: Server, screen: Screen
) -> None:
    """Zoomed to 200 % on a small laptop, or with text alone doubled, nothing scrolls sideways."""
    zoomed = {"width": 640, "height": 400}
    with person(
        windows, watch, demo_server, screen.role, viewport=zoomed, device_scale_factor=2
    ) as page:
        open_page(page, demo_server, screen.path)
        assert sideways(page) == []

        page.set_viewport_size({"width": 1280, "height": 800})
        page.add_style_tag(content="html { font-size: 200% !important }")
        settle(page)
        assert sideways(page) == []


def test_a_day_is_logged_with_the_keyboard_alone(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """From the start page to the thanks without a pointer."""
    with person(windows, watch, demo_server, "patient") as page:
        open_page(page, demo_server, "/")
        steps.tab_to(page, page.get_by_test_id("stMain").get_by_role("button").first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="How was your day?")).to_be_visible()
        settle(page)
        steps.tab_to(page, page.get_by_role("checkbox", name="None of these"))
        page.keyboard.press("Space")
        settle(page)
        for question in ("Your worst pain", "Your pain on average"):
            scale = page.get_by_role("radiogroup", name=question)
            steps.tab_to(page, scale.get_by_role("radio").first)
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            expect(scale.get_by_role("radio", checked=True)).to_have_count(1)
            settle(page)
        steps.tab_to(page, page.get_by_role("button", name="Save", exact=True))
        page.keyboard.press("Enter")

        expect(page.get_by_text(steps.SAVED)).to_be_visible(timeout=WAIT_MS)


def test_signing_in_needs_no_pointer(page: Page, demo_server: Server) -> None:
    """The demo's buttons are reached and pressed by keyboard."""
    page.goto(f"{demo_server.url}/sign-in")
    steps.tab_to(page, page.get_by_role("button", name="Clinician", exact=True))
    page.keyboard.press("Enter")
    settle(page)

    expect(page.get_by_role("link", name="Review")).to_be_visible()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, one line per element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}"
        for rule in found
        for node in rule["nodes"]
    ]


def _is_dark(page: Page) -> bool:
    colour = page.get_by_test_id("stApp").evaluate("each => getComputedStyle(each).backgroundColor")
    return sum(int(part) for part in colour.strip("rgb()").split(",")) < 3 * 128
