"""A started server and a real browser; a page that misbehaves fails its test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from db.engine import Database, open_engine
from tests import browser as browsers
from tests.availability import refuse
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.factories import days_ago
from tests.postgres import Cluster
from tests.servers import METRICS_TOKEN, Server, started
from tests.small_clinic import SmallClinic, make_small_clinic
from web.observing.door import TOKEN_VARIABLE
from web.observing.logs import JSON, LOG_VARIABLE

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Served:
    """A started app and its database."""

    server: Server
    database: Database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
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


@pytest.fixture(scope="session")
def served_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return an app on a SQLite file of its own."""
    folder = tmp_path_factory.mktemp("sqlite")
    with _serving(folder, f"sqlite:///{folder / 'mendline.db'}") as opened:
        yield opened


@pytest.fixture(scope="session")
def served_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, cluster: Cluster
) -> Iterator[Served]:
    """Return an app on a PostgreSQL database of its own."""
    folder = tmp_path_factory.mktemp("postgresql")
    with _serving(folder, cluster.create(f"e2e_{uuid4().hex}")) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest) -> Served:
    """
    Return an app on a database that the test can read too, on each engine; tests share it.

    One of each runs on to the end: a session's fixture with both as parameters would start a
    server anew whenever the next test wants the other engine.
    """
    opened: Served = request.getfixturevalue(f"served_on_{request.param}")
    return opened


@pytest.fixture
def server(served: Served) -> Server:
    """Return the shared app."""
    return served.server


@pytest.fixture
def database(served: Served) -> Database:
    """Return the shared app's database, to look at what was stored."""
    return served.database


@pytest.fixture
def people(database: Database) -> SmallClinic:
    """Return a clinic of the test's own, whose patient had the procedure ten real days ago."""
    prefix = f"{uuid4().hex[:8]}-"
    return make_small_clinic(database, prefix, procedure_date=days_ago(10))


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """Return an app that was started for this test, on an empty database."""
    settings = {"MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.db'}"}
    with started(tmp_path, settings=settings) as server:
        yield server


@pytest.fixture
def fresh_demo(tmp_path: Path) -> Iterator[Server]:
    """Return a demo that was started for this test and has run no page yet."""
    with started(tmp_path, arguments=("--demo",)) as server:
        yield server


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Return the list of what browsers complain about; it must be empty at the end."""
    watching = Watch()
    yield watching
    watching.check()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    """Return the windows of this test process."""
    opened = Windows(browser)
    yield opened
    opened.close()


@pytest.fixture
def page(windows: Windows, watch: Watch) -> Iterator[Page]:
    """Return an empty page of somebody on a desktop."""
    with windows.open(watch, viewport={"width": 1400, "height": 900}) as opened:
        yield opened


@pytest.fixture
def two_pages(windows: Windows, watch: Watch) -> Iterator[tuple[Page, Page]]:
    """Return the empty pages of two people, who share nothing."""
    with windows.open(watch) as first, windows.open(watch) as second:
        yield first, second


@contextmanager
def _serving(folder: Path, url: str) -> Iterator[Served]:
    # One of the two engines with each form of the log.
    form = JSON if url.startswith("postgresql") else ""
    settings = {
        "MENDLINE_DATABASE_URL": url,
        LOG_VARIABLE: form,
        TOKEN_VARIABLE: METRICS_TOKEN,
    }
    with started(folder, settings=settings) as server:
        opened = Database(open_engine(url))
        yield Served(server, opened)
        opened.engine.dispose()
