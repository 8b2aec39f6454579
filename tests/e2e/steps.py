"""What a person does on the pages, by the names that the person reads."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from db.auth_sessions import start_session
from db.engine import Database, writing
from db.models import utc_now
from recovery.access import Actor
from tests.browser import WAIT_MS, settle
from tests.servers import Server

SAVED = "Saved. Thank you."

on_one_engine = pytest.mark.parametrize("served", ["sqlite"], indirect=True)
"""Run a test on SQLite alone, where no engine can matter: of wording, layout and charts."""


def hold_session(page: Page, server: Server, database: Database, actor: Actor) -> None:
    """Let the browser hold a session of *actor*, where the test is not about signing in."""
    with writing(database) as session:
        token = start_session(session, actor.account_id, actor.role, utc_now())
    cookie = {"name": "mendline_session", "value": token, "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def choose_pain(page: Page, question: str, nrs: int) -> None:
    """Choose a number on the pain scale of *question*."""
    scale = page.get_by_role("radiogroup", name=question)
    scale.get_by_role("radio", name=_number(nrs)).click()
    expect(scale.get_by_role("radio", checked=True)).to_have_count(1)
    settle(page)


def choose_none_of_the_signs(page: Page) -> None:
    """Say that there is no warning sign."""
    page.get_by_role("checkbox", name="None of these").click()
    settle(page)


def fill_pain(page: Page, *, worst: int, average: int) -> None:
    """Answer what has to be answered."""
    choose_pain(page, "Your worst pain", worst)
    choose_pain(page, "Your pain on average", average)


def save(page: Page) -> None:
    """Press Save and wait for the thanks."""
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(SAVED)).to_be_visible(timeout=WAIT_MS)
    settle(page)


def leave_field(page: Page) -> None:
    """Move on from a text field, so that what was typed is sent."""
    page.keyboard.press("Tab")
    settle(page)


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press Tab until *wanted* has the focus; a target that cannot be reached fails."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each.getRootNode().activeElement === each"):
            return
    raise AssertionError(f"{wanted} was not reached with {most} presses of Tab")


def _number(nrs: int) -> re.Pattern[str]:
    # The ends and the middle carry words after their number.
    return re.compile(rf"^{nrs}\b")
