"""Pages as HTML: what can be tapped, where marks lead, and that nothing typed becomes a tag."""

import re
from datetime import date

import pytest

import content.catalogues  # noqa: F401 - learns the languages
from content.glossary import Term
from content.page_html import paper_html, screen_html
from content.rendering import PageParts, parts_of
from content.shelf import find_procedure, pages_for, procedures, sources, terms_for
from recovery.expectations import Source
from recovery.settings import ClinicSettings
from recovery.wording import Language, speaking
from tests.factories import NOW

SOURCES = {
    name: Source(
        id=name, citation=f"A study of {name} <b>", url=url, place="page 3", read_on=NOW.date()
    )
    for name, url in (("one", "https://example.org/one"), ("two", None))
}
NERVE = Term(term="nerve", forms=("nerves",), meaning='Carries "feeling" & pain.')
NERVE_ROOT = Term(term="nerve root", forms=(), meaning="Where a nerve leaves the spine.")
HOSTILE = '<img src=x onerror=alert(1)> "quoted" <script>alert(2)</script>'
TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
TAGS = {
    *("p", "h2", "ul", "ol", "li", "strong", "em", "a", "div", "button", "dl", "dt", "dd"),
    *("svg", "circle", "path", "span"),
}


def _parts(text: str, *source_ids: str) -> PageParts:
    return PageParts(text=text, source_ids=source_ids, checked="Checked.")


def _screen(text: str, *source_ids: str, terms: tuple[Term, ...] = (NERVE, NERVE_ROOT)) -> str:
    return screen_html(_parts(text, *source_ids), SOURCES, terms)


def _tapped(html: str) -> list[str]:
    return re.findall(r'<button type="button" class="term"[^>]*><span>([^<]*)</span>', html)


def _settings(**numbers: str) -> ClinicSettings:
    clinic_id = next(iter(procedures()))  # any value: the text names no clinic
    return ClinicSettings(clinic_id=clinic_id, name="x", time_zone="UTC", **numbers)  # type: ignore[arg-type]


def test_an_empty_page_has_no_sources() -> None:
    """And says when it was checked."""
    assert _screen("Text.") == '<p>Text.</p>\n<p class="checked">Checked.</p>'


@pytest.mark.parametrize("text", [HOSTILE, "[x](javascript:alert(1))", "![x](https://x.example/y)"])
def test_what_was_typed_becomes_no_tag(text: str) -> None:
    """HTML is shown as it was typed, and a link that runs something is none."""
    term = Term(term="quoted", forms=(), meaning=HOSTILE)
    for html in (
        screen_html(_parts(text), SOURCES, [term]),
        paper_html(_parts(text), SOURCES, [term]),
    ):
        assert {name for _, name in TAG.findall(html)} <= {*TAGS, "img"}
        assert not re.search(r"<(script|img [^>]*onerror)|href=\"javascript", html)


def test_the_first_of_each_word_can_be_tapped() -> None:
    """In any form, in capitals or not, whole words alone, the longest that fits."""
    html = _screen("Nerves, not innervation. A nerve. Each NERVE ROOT, nerve-free.\n\n- nerve root")

    assert _tapped(html) == ["Nerves", "NERVE ROOT"]
    assert html.count('class="meaning"') == 2


def test_headings_and_links_hold_nothing_to_tap() -> None:
    """A word in them stays plain, and is explained where it stands next."""
    html = _screen("## The nerve\n\n[nerve](tel:911) and **nerve**")

    assert _tapped(html) == ["nerve"]
    assert "<strong><button" in html


def test_a_meaning_stands_behind_its_paragraph() -> None:
    """Within the item of a list, so that nothing between is skipped."""
    html = _screen("- a nerve\n- more\n\nText.")
    item, _, rest = html.partition("</li>")

    assert 'aria-controls="meaning-1"' in item
    assert 'id="meaning-1"' in item
    assert 'data-meaning="Carries &quot;feeling&quot; &amp; pain."' in item
    assert "meaning" not in rest


def test_a_mark_leads_to_its_source_and_back() -> None:
    """The first of two marks of a source is where its source leads back to."""
    html = _screen(r"Both\[1\]\[2\]. Again.\[1\] Not\[3\] nor \[0\].", "two", "one")

    assert html.count('href="#source-1"') == 2
    assert html.count('id="cited-1"') == html.count('id="cited-2"') == 1
    assert re.findall(r'<li id="(source-\d)"', html) == ["source-1", "source-2"]
    assert html.count('href="#cited-') == 2
    assert "[3]" in html
    assert "[0]" in html


def test_a_source_is_named_with_its_place_and_day() -> None:
    """And opens beside the page, where it has an address."""
    html = _screen(r"\[1\]\[2\]", "one", "two")

    assert 'href="https://example.org/one" target="_blank" rel="noopener noreferrer"' in html
    assert html.count("(page 3). Read on 22 November 2026.") == 2
    assert "A study of two &lt;b&gt; (page 3)" in html


def test_paper_explains_words_at_the_foot() -> None:
    """Nothing on it waits to be tapped."""
    html = paper_html(_parts(r"A nerve.\[1\]", "one"), SOURCES, [NERVE, NERVE_ROOT])

    assert "<dt>nerve</dt><dd>Carries &quot;feeling&quot; &amp; pain.</dd>" in html
    assert "nerve root" not in html
    assert "<button" not in html
    assert "#cited-" not in html


def test_own_words_are_in_the_readers_language() -> None:
    """Those that stand around the content."""
    with speaking(Language.SPANISH):
        html = paper_html(_parts(r"A nerve.\[1\]", "one"), SOURCES, [NERVE])

    assert "<h2>Palabras de esta página</h2>" in html
    assert "22 de noviembre de 2026" in html


@pytest.mark.parametrize("procedure_id", list(procedures()))
def test_every_page_is_written_for_screen_and_paper(procedure_id: str) -> None:
    """Each mark has its source, each word its meaning, and no tag stays open."""
    procedure = find_procedure(procedure_id)
    assert procedure is not None
    numbers = _settings(phone=HOSTILE, emergency_number="911")
    for page in pages_for(procedure_id):
        parts = parts_of(page, procedure, numbers, {})
        for write in (screen_html, paper_html):
            html = write(parts, sources(), terms_for(procedure_id))
            assert "{" not in html
            assert _unclosed(html) == []
            ids = re.findall(r' id="([^"]+)"', html)
            assert len(ids) == len(set(ids))
            wanted = re.findall(r'(?:href="#|aria-controls=")([^"]+)"', html)
            assert set(wanted) <= set(ids)
            assert not re.search(r"<(script|img)", html)
        assert 'class="box"' in html
        assert page.review_date > date(2026, 1, 1)


def _unclosed(html: str) -> list[str]:
    open_tags: list[str] = []
    for end, name in TAG.findall(html):
        if name in {"circle", "path", "img"}:
            continue
        if not end:
            open_tags.append(name)
        elif open_tags.pop() != name:
            return [name]
    return open_tags
