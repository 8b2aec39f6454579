"""Each procedure from reading to logging to its chart, in both languages."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from content.procedures import Procedure
from content.shelf import course_for, pages_for, procedures, sources
from db.engine import Database, writing
from db.languages import choose_language
from recovery.expectations import Course
from recovery.figures import FigureKind
from recovery.wording import Language, speaking, tr
from tests.browser import WAIT_MS, open_page, settle
from tests.e2e import steps
from tests.factories import days_ago
from tests.servers import Server
from tests.small_clinic import make_small_clinic

BASELINE_NRS = 8
POD = 20
WORST_NRS = 6


def _drawn(page: Page) -> list[str]:
    """Return what the marks of the pain chart say of themselves to a screen reader."""
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator("[aria-label]").first.wait_for(state="attached", timeout=WAIT_MS)
    marks = chart.locator("path[aria-label], text[aria-label], line[aria-label]")
    said: list[str] = marks.evaluate_all("marks => marks.map(e => e.getAttribute('aria-label'))")
    return said


def _expect_phases(procedure: Procedure, drawn: list[str]) -> None:
    shown = [phase for phase in procedure.phases if phase.first_day <= 89]
    last = [89 if each.last_day is None else min(each.last_day, 89) for each in shown]
    ends = {f"ends: {day + 0.5:g}" for day in last}
    found = {part for mark in drawn for part in mark.split("; ") if part.startswith("ends: ")}
    assert found == ends


def _expect_course(course: Course, page: Page) -> None:
    for source_id in {point.source_id for point in course.points}:
        with_source = page.get_by_role("link", name=re.compile(_citation(source_id)))
        expect(with_source.first).to_be_visible()


def _citation(source_id: str) -> str:
    return re.escape(sources()[source_id].citation)


@steps.on_one_engine
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("procedure_id", sorted(procedures()))
def test_from_reading_to_logging_to_the_chart(
    page: Page, server: Server, database: Database, procedure_id: str, language: Language
) -> None:
    """What is read, asked and drawn is this procedure's, in the reader's language."""
    people = make_small_clinic(
        database,
        f"{uuid4().hex[:8]}-",
        procedure=procedure_id,
        procedure_date=days_ago(POD),
        baseline_nrs=BASELINE_NRS,
        brace_plan=None,
    )
    with writing(database) as session:
        choose_language(session, people.patient, language)
    page.set_viewport_size({"width": 390, "height": 844})
    steps.hold_session(page, server, database, people.patient)
    with speaking(language):
        procedure = procedures()[procedure_id]
        _read(page, server, procedure)
        _log(page, procedure)
        _look(page, procedure)


def _read(page: Page, server: Server, procedure: Procedure) -> None:
    first = pages_for(procedure.id)[0]
    open_page(page, server, f"/learn?page={first.slug}")
    expect(page.get_by_role("heading", level=1, name=first.title)).to_be_visible()
    expect(page.get_by_text(first.question.ask)).to_be_visible()
    expect(page.get_by_role("heading", name=tr("Sources"))).to_be_visible()


def _go(page: Page, where: str, address: str) -> None:
    page.get_by_role("button", name=where, exact=True).click()
    page.wait_for_url(f"**/{address}", timeout=WAIT_MS)
    settle(page)


def _log(page: Page, procedure: Procedure) -> None:
    _go(page, tr("Today"), "today")
    for sign in procedure.warning_signs:
        expect(page.get_by_role("checkbox", name=sign.label)).to_be_visible()
    page.get_by_role("checkbox", name=tr("None of these")).click()
    settle(page)
    site = procedure.pain_site
    steps.choose_pain(page, tr("Your worst pain {site}", site=site).rstrip(), WORST_NRS)
    steps.choose_pain(page, tr("Your pain on average {site}", site=site).rstrip(), 4)
    page.get_by_role("button", name=tr("Save"), exact=True).click()
    expect(page.get_by_text(tr("Saved. Thank you."))).to_be_visible(timeout=WAIT_MS)


def _look(page: Page, procedure: Procedure) -> None:
    _go(page, tr("Progress"), "progress")
    drawn = _drawn(page)
    assert any(f": {POD};" in mark and mark.endswith(f": {WORST_NRS}") for mark in drawn), drawn
    course = course_for(procedure.id, shares_augmentation_curve=True)
    if course is not None:
        _expect_course(course, page)
        return
    _expect_phases(procedure, drawn)
    for figure in procedure.figures:
        scaled = figure.scaled_mean(BASELINE_NRS)
        if figure.kind is FigureKind.MEAN_PAIN and figure.day <= 89:
            assert any(f": {figure.day};" in mark and f": {scaled:g}" in mark for mark in drawn)
    if procedure.figures:
        page.get_by_text(tr("What studies counted")).click()
        for figure in procedure.figures:
            expect(page.get_by_role("listitem").filter(has_text=figure.sentence)).to_be_visible()
    assert procedure.no_course_reason in page.inner_text("body")
