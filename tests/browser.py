"""A real Chromium, and what a person does in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyotp
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.servers import Server

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What Playwright switches off by itself, named again since of two lists only the last counts.
_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
# A page of Chromium's own, which suggests addresses while somebody types one. Nobody does here,
# and each new window would load it twice, which costs as much as a page of ours.
_OFF_BY_US = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join((*_OFF_BY_PLAYWRIGHT, *_OFF_BY_US))}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
WAIT_MS = 20_000
"""Longest wait for something to show, generous because two cores are shared."""

_SETTLED = (
    '[data-testid="stApp"]'
    '[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
)
# A component of ours is hidden until its style has come.
_SHOWN = """() => [...document.querySelectorAll('[data-testid^="stBidiComponent"]')]
    .map(each => each.shadowRoot?.querySelector('[hidden]'))
    .every(each => each && getComputedStyle(each).display !== 'none')"""
_SKELETONS = '[data-testid="stSkeleton"], [data-testid="stAppSkeleton"]'


def find_chromium(playwright: Playwright) -> Path | None:
    """Return the browser to run: the one asked for, an installed one, else Playwright's own."""
    asked = os.environ.get("CHROME_PATH")
    installed = [shutil.which(name) for name in _NAMES]
    candidates = [asked, *installed, playwright.chromium.executable_path]
    return next((Path(each) for each in candidates if each and Path(each).is_file()), None)


@contextmanager
def running() -> Iterator[Browser | None]:
    """Run a browser for as long as the block lasts; None when there is none to run."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            yield None
            return
        # Chromium's own sandbox does not work for root.
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*_ARGUMENTS, *sandbox]
        )
        try:
            yield browser
        finally:
            browser.close()


def settle(page: Page) -> None:
    """Wait until the page is connected, its script has ended and everything is drawn."""
    page.locator(_SETTLED).wait_for(state="attached", timeout=WAIT_MS)
    expect(page.locator(_SKELETONS)).to_have_count(0, timeout=WAIT_MS)
    page.wait_for_function(_SHOWN, timeout=WAIT_MS)
    page.evaluate("document.fonts.ready")


def open_page(page: Page, server: Server, path: str) -> None:
    """Open *path* and wait until it stands."""
    page.goto(f"{server.url}{path}", timeout=WAIT_MS)
    settle(page)


def sign_in(page: Page, server: Server, username: str, password: str) -> None:
    """Sign in by the form, as a person does, and wait for the start page."""
    page.goto(f"{server.url}/sign-in", timeout=WAIT_MS)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in" not in address, timeout=WAIT_MS)
    if "/account/code" in page.url:
        set_up_codes(page)
    settle(page)


def set_up_codes(page: Page) -> None:
    """Do what one of the staff does at the first sign-in: scan, type the code, write codes down."""
    secret = page.locator(".key").inner_text()
    page.get_by_label("The six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="I have them on paper").click()


def take_session(
    page: Page, server: Server, path: str, form: dict[str, str | float | bool]
) -> None:
    """Send a sign-in form without opening any page, so that no script of the app has run yet."""
    # The server closes a connection that rested for 5 s, and may do so while this is on its way:
    # a browser then sends it again by itself, and so does this. Nothing else is tried twice.
    answer = page.context.request.post(
        f"{server.url}{path}",
        form=form,
        headers={"Origin": server.url},
        max_redirects=0,
        max_retries=1,
    )
    assert answer.status == httpx.codes.SEE_OTHER, answer.text()


def sign_in_to_demo(page: Page, server: Server, role: str) -> None:
    """Press the demo's button for *role* and wait for the start page."""
    page.goto(f"{server.url}/sign-in", timeout=WAIT_MS)
    page.get_by_role("button", name=role.capitalize(), exact=True).click()
    settle(page)
