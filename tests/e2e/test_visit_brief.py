"""The visit brief in a real browser: what is made on a page arrives as a file."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from db.engine import Database, writing
from db.models import utc_now
from db.visit_questions import add_question
from db.visits import plan_visit
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.factories import PASSWORD, days_ago
from tests.pages.visits import pdf_pages
from tests.servers import Server
from tests.small_clinic import SmallClinic

QUESTION = "May I #lift $50$ again?"


def _text(download: Download, folder: Path) -> str:
    file = folder / download.suggested_filename
    download.save_as(file)
    [page] = pdf_pages(file.read_bytes())
    return page


@pytest.mark.parametrize("served", ["sqlite"], indirect=True)
def test_briefs_are_saved_by_the_browser(
    page: Page, server: Server, people: SmallClinic, database: Database, tmp_path: Path
) -> None:
    """One patient's from the brief, a day's from the start page; both without a shared address."""
    today = days_ago(0)
    with writing(database) as session:
        add_question(session, people.own, QUESTION, utc_now())
        tomorrow = today + timedelta(days=1)
        plan_visit(session, people.treating, tomorrow, today=today, now=utc_now())
    sign_in(page, server, f"{people.prefix}clinician", PASSWORD)
    with page.expect_download(timeout=WAIT_MS) as day:
        page.get_by_role("button", name="Make the PDF").click()
    assert "Rowan Elm" in _text(day.value, tmp_path)

    open_page(page, server, "/review")
    page.get_by_role("button", name="Open Rowan Elm").click()
    page.get_by_role("button", name="Visit brief").click()
    expect(page.get_by_text(QUESTION)).to_be_visible(timeout=WAIT_MS)
    settle(page)
    with page.expect_download(timeout=WAIT_MS) as one:
        page.get_by_role("button", name="Download PDF").click()
    assert QUESTION in _text(one.value, tmp_path)
    settle(page)
    with page.expect_download(timeout=WAIT_MS) as again:
        page.get_by_role("button", name="Save the PDF again").click()
    assert again.value.suggested_filename == f"visit-brief-{today}.pdf"
    assert all(each.value.url.startswith("blob:") for each in (day, one, again))
