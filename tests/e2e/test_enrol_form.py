"""The enrolment form follows the procedure, and loses nothing that was not sent yet."""

from playwright.sync_api import Page, expect

from tests.browser import open_page, settle
from tests.e2e import steps
from tests.e2e.test_everyone import person
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.servers import Server

PAIN = "Pain before the procedure, if known"


def test_another_procedure_keeps_what_was_typed(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """A form holds its answers in the browser until it is sent, while its questions change."""
    with person(windows, watch, demo_server, "clinician") as page:
        open_page(page, demo_server, "/enrol")
        page.get_by_label("Name", exact=True).fill("Ash Canary")
        steps.choose_pain(page, PAIN, 7)
        _choose(page, "Kyphoplasty")
        expect(page.get_by_text("Treated levels")).to_be_visible()
        page.get_by_label("Hours a day").fill("6")

        _choose(page, "knee")

        expect(page.get_by_text("Treated levels")).to_have_count(0)
        expect(page.get_by_label("Hours a day")).to_have_count(0)
        expect(page.get_by_label("Name", exact=True)).to_have_value("Ash Canary")
        scale = page.get_by_role("radiogroup", name=PAIN)
        expect(scale.get_by_role("radio", checked=True)).to_have_accessible_name("7")


def _choose(page: Page, words: str) -> None:
    box = page.get_by_role("combobox", name="Procedure", exact=False).first
    box.click()
    box.fill(words)
    page.get_by_role("option").filter(has_text=words).click()
    settle(page)
