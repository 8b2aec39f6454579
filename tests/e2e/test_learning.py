"""What only a browser shows of Learn: words that are tapped, marks that lead, and paper."""

import re
import zlib

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import open_page, settle
from tests.e2e import steps
from tests.e2e.test_everyone import PHONE, THEMES, Theme, person, sideways, violations
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.servers import Server

PAGE = "/learn?page=what-it-is"
PAPER = "/print?page=what-it-is"
FINGER = 44
LEAST_POINTS = 18
# How large an area answers a finger, and whether the letters themselves do at all four ends.
REACH = """element => {
  const area = getComputedStyle(element, "::after");
  const box = element.firstElementChild.getBoundingClientRect();
  const ends = [[box.left + 2, box.top + 4], [box.right - 2, box.top + 4],
    [box.left + 2, box.bottom - 4], [box.right - 2, box.bottom - 4]];
  const hit = ([x, y]) => element.contains(element.getRootNode().elementFromPoint(x, y));
  return [parseFloat(area.width), parseFloat(area.height), ends.every(hit)];
}"""
LINES = "element => element.getBoundingClientRect().height"
SMALL_PRINT = """least => [...document.querySelectorAll('main *')]
    .filter(each => each.checkVisibility() && each.innerText?.trim())
    .map(each => [each.tagName, parseFloat(getComputedStyle(each).fontSize) * 0.75])
    .filter(([, points]) => points < least)"""
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SCALE = re.compile(rb"^([\d.]+) 0 0 -?[\d.]+ \S+ \S+ cm", re.MULTILINE)


def _term(page: Page) -> Locator:
    return page.locator(".term").first


@pytest.mark.parametrize("theme", THEMES)
def test_a_word_is_explained_where_it_stands(
    windows: Windows, watch: Watch, demo_server: Server, theme: Theme
) -> None:
    """By finger on a phone: it opens below its paragraph, closes, and nothing scrolls sideways."""
    with person(
        windows, watch, demo_server, "patient", viewport=PHONE, has_touch=True, color_scheme=theme
    ) as page:
        open_page(page, demo_server, PAGE)
        term = _term(page)
        term.scroll_into_view_if_needed()
        wide, high, is_hit = term.evaluate(REACH)
        assert min(wide, high) >= FINGER
        assert is_hit
        assert page.get_by_role("status").filter(has_text=":").count() == 0

        term.tap()

        expect(term).to_have_attribute("aria-expanded", "true")
        meaning = page.locator(f"#{term.get_attribute('aria-controls')}")
        expect(meaning.get_by_role("status")).to_contain_text(f"{term.inner_text()}: ")
        close = meaning.get_by_role("button", name="Close")
        box = close.bounding_box()
        assert box is not None
        assert box["height"] >= FINGER
        assert sideways(page) == []
        assert violations(page) == []

        close.tap()
        expect(term).to_have_attribute("aria-expanded", "false")
        expect(close).to_be_hidden()


def test_a_word_is_explained_by_keyboard(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """Enter opens, Escape closes, and the focus stays where the reader was."""
    with person(windows, watch, demo_server, "patient") as page:
        open_page(page, demo_server, PAGE)
        term = _term(page)
        steps.tab_to(page, term)
        page.keyboard.press("Enter")
        expect(term).to_have_attribute("aria-expanded", "true")

        page.keyboard.press("Escape")
        expect(term).to_have_attribute("aria-expanded", "false")
        expect(term).to_be_focused()

        page.keyboard.press("Space")
        steps.tab_to(page, page.get_by_role("button", name="Close"))
        page.keyboard.press("Escape")
        expect(term).to_have_attribute("aria-expanded", "false")
        expect(term).to_be_focused()


def test_words_to_tap_leave_the_lines_alone(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """A paragraph is as high with them as it would be without."""
    with person(windows, watch, demo_server, "patient", viewport=PHONE) as page:
        open_page(page, demo_server, PAGE)
        paragraph = page.locator("p", has=page.locator(".term")).first.element_handle()
        high = paragraph.evaluate(LINES)
        paragraph.evaluate("each => { each.textContent = each.textContent; }")

        assert paragraph.evaluate(LINES) == pytest.approx(high, abs=2)


def test_a_mark_leads_to_its_source_and_back(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """Within the page, whose address stays as it is."""
    with person(windows, watch, demo_server, "patient", viewport=PHONE) as page:
        open_page(page, demo_server, PAGE)
        mark = page.get_by_role("link", name="Source 1", exact=True).first
        mark.click()
        source = page.locator("#source-1")
        expect(source).to_be_focused()
        expect(source).to_be_in_viewport()
        expect(source).to_contain_text("Read on ")

        source.get_by_role("link", name="Back to the text").click()

        expect(mark).to_be_focused()
        expect(mark).to_be_in_viewport()
        assert page.url.endswith(PAGE)


def test_the_question_is_answered_on_a_phone(
    windows: Windows, watch: Watch, demo_server: Server
) -> None:
    """Each answer is met by a reply, and nothing on the page then stands in anybody's way."""
    with person(windows, watch, demo_server, "patient", viewport=PHONE) as page:
        open_page(page, demo_server, PAGE)
        for answer in range(2):
            page.get_by_role("radio").nth(answer).click()
            page.get_by_role("button", name="Check").click()
            settle(page)
            expect(page.get_by_text("Some people have more pain")).to_be_visible()

        assert sideways(page) == []
        assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_paper_is_large_and_plain(
    windows: Windows, watch: Watch, demo_server: Server, theme: Theme
) -> None:
    """At 18 points at least, black on white whatever the theme, and all of the text is on it."""
    with person(windows, watch, demo_server, "patient", viewport=PHONE, color_scheme=theme) as page:
        open_page(page, demo_server, PAGE)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Print this page").click()
        paper = opened.value
        paper.wait_for_load_state()
        assert paper.url.endswith(PAPER)
        expect(paper.get_by_role("button", name="Print")).to_be_visible()
        assert violations(paper) == []
        assert paper.evaluate(SMALL_PRINT, LEAST_POINTS) == []
        assert paper.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

        paper.emulate_media(media="print")
        expect(paper.get_by_role("button", name="Print")).to_be_hidden()
        letters = "".join(paper.locator("main").inner_text().split())
        smallest, glyphs = _printed(paper.pdf())

        assert smallest >= LEAST_POINTS
        assert glyphs >= len(letters)


def _printed(pdf: bytes) -> tuple[float, int]:
    """Return the smallest type on a PDF, in points, and how many glyphs are on it."""
    sizes, glyphs = [], 0
    for packed in _STREAM.findall(pdf):
        try:
            drawn = zlib.decompress(packed)
        except zlib.error:
            continue
        if b" Tf" not in drawn:
            continue
        scale = 1.0
        for factor in _SCALE.findall(drawn)[:2]:
            scale *= float(factor)
        sizes += [float(size) * scale for size in re.findall(rb"([\d.]+) Tf", drawn)]
        glyphs += sum(len(shown) // 4 for shown in re.findall(rb"<([0-9A-F]+)> Tj", drawn))
    return round(min(sizes), 2), glyphs
