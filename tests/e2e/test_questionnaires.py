"""A questionnaire in a real browser, on both databases: found, answered, thanked for, drawn."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from db.engine import Database, reading
from db.questionnaires import list_responses
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e import steps
from tests.factories import PASSWORD, days_ago
from tests.servers import Server
from tests.small_clinic import make_small_clinic

QUESTIONS = (
    "What number best describes your pain on average",
    "pain has interfered with your enjoyment of life",
    "pain has interfered with your general activity",
)
OFFER = "Three questions about your week"


def test_the_week_is_answered_once_however_fast_it_is_pressed(
    page: Page, server: Server, database: Database
) -> None:
    """From Home to the chart; a missing answer is asked for, and a double press saves once."""
    small = make_small_clinic(database, f"{uuid4().hex[:8]}-", procedure_date=days_ago(7))
    sign_in(page, server, f"{small.prefix}patient", PASSWORD)
    page.get_by_role("button", name=OFFER).click()
    expect(page.get_by_role("heading", name=OFFER)).to_be_visible(timeout=WAIT_MS)
    settle(page)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    for question, nrs in zip(QUESTIONS[:2], (4, 0), strict=True):
        steps.choose_pain(page, question, nrs)

    save = page.get_by_role("button", name="Save", exact=True)
    save.click()
    expect(page.get_by_text("Answer every question, then save.")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("radio", checked=True)).to_have_count(2)
    steps.choose_pain(page, QUESTIONS[2], 10)
    save.dblclick()

    expect(page.get_by_text("Your score is 4.7 of 10.")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    with reading(database) as session:
        assert [each.answers for each in list_responses(session, small.own)] == [(4, 0, 10)]
    open_page(page, server, "/progress")
    expect(page.get_by_text("PEG score on day 7: 4.7 of 10.")).to_be_visible(timeout=WAIT_MS)
    open_page(page, server, "/")
    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)
