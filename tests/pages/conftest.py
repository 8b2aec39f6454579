"""A fixed instant for every page, a way to open one, and a log without patient data."""

import logging
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import time_machine
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from db.engine import Database
from tests.factories import PASSWORD
from tests.pages.block import Enrol, enrol_block
from tests.pages.opening import open_app
from ui import turns

Visit = Callable[..., AppTest]
"""``visit(actor, page)``: sign in and open a page; the start page unless given."""

PRIVATE = ("Rowan Elm", "canary", PASSWORD)
"""What tests enter about people; every note and name typed in one holds a canary."""


@pytest.fixture(autouse=True)
def _at_now(clock: time_machine.Traveller) -> None:
    """Open every page at ``NOW``."""


@pytest.fixture(autouse=True)
def _quiet_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse patient data in any record of any logger, tracebacks included."""
    written: list[str] = []
    handle = logging.Logger.handle

    def keep(logger: logging.Logger, record: logging.LogRecord) -> None:
        written.append(logging.Formatter().format(record))
        handle(logger, record)

    monkeypatch.setattr(logging.Logger, "handle", keep)
    yield
    leaked = [line for line in written if any(secret in line for secret in PRIVATE)]
    assert leaked == []


@pytest.fixture(autouse=True)
def _no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare each test the pauses that let a browser draw; there is none here."""
    monkeypatch.setattr(turns, "pause", lambda _seconds: None)


@pytest.fixture(autouse=True)
def _no_search_for_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Spare each test the search of every installed package for components.

    AppTest makes it once per app, which costs more than most pages; ours declare themselves.
    """
    monkeypatch.setattr(
        BidiComponentManager, "discover_and_register_components", lambda *_, **__: None
    )


@pytest.fixture
def visit(database: Database) -> Visit:
    """Return the way to open a page of the app on the test's database."""
    return partial(open_app, database)


@pytest.fixture
def enrolled(database: Database) -> Enrol:
    """Return the way to enrol somebody with a procedure that is rated by the hour."""
    return partial(enrol_block, database)
