"""A started server and a real browser; a page that misbehaves fails its test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import browser as browsers
from tests.availability import refuse
from tests.e2e.watching import Watch
from tests.servers import Server, started

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, and keep what shares a server on one worker."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser of this test process."""
    with browsers.running() as launched:
        if launched is None:
            refuse("A browser is missing.", "Install the system package chromium.")
        yield launched


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the demo, shared by tests that leave it as it was."""
    with started(tmp_path_factory.mktemp("demo"), arguments=("--demo",)) as server:
        yield server


@pytest.fixture
def fresh_server(tmp_path: Path, database_url: str) -> Iterator[Server]:
    """Return a freshly started app on a migrated, empty database of each engine."""
    with started(tmp_path, settings={"MENDLINE_DATABASE_URL": database_url}) as server:
        yield server


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Return the list of what browsers complain about; it must be empty at the end."""
    watching = Watch()
    yield watching
    watching.check()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """Return a browser context of a person's own, on a desktop."""
    opened = watch.over(browser.new_context(viewport={"width": 1400, "height": 900}))
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return an empty page."""
    return context.new_page()
