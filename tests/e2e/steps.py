"""What a person does on the pages, by the names that the person reads."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import WAIT_MS, settle

SAVED = "Saved. Thank you."


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
