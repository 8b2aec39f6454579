"""Take the README's screenshots from a demo clinic: ``uv run python -m docs.screenshots``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests import browser as browsers
from tests.servers import Server, started

FOLDER = Path(__file__).parent / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1400, "height": 1000}


def main() -> None:
    """Start a demo, sign in as patient and as clinician, and write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), arguments=("--demo",)) as server,
        browsers.running() as browser,
    ):
        if browser is None:
            raise SystemExit("Install Chromium, or name one with CHROME_PATH, to take screenshots.")
        _as_patient(browser, server)
        _as_clinician(browser, server)


def _as_patient(browser: Browser, server: Server) -> None:
    page = browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()
    browsers.sign_in_to_demo(page, server, "patient")
    _take(page, "home")
    for name in ("today", "progress", "learn"):
        browsers.open_page(page, server, f"/{name}")
        _take(page, name)


def _as_clinician(browser: Browser, server: Server) -> None:
    page = browser.new_context(viewport=DESKTOP).new_page()
    browsers.sign_in_to_demo(page, server, "clinician")
    browsers.open_page(page, server, "/review")
    _take(page, "review")
    page.get_by_role("button", name="Open Demo").first.click()
    page.get_by_text("Add a visit note").wait_for()
    browsers.settle(page)
    _take(page, "patient")


def _take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
