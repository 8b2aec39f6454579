"""Education pages: what the loader refuses, which pages there are, and how they are rendered."""

from pathlib import Path

import pytest

from content.education import find_page, pages_for, read_page, read_pages, rendered
from content.errors import ContentError
from content.placeholders import dialling_link
from content.procedures import procedures

SLUGS = [
    "what-it-is",
    "how-to-prepare",
    "the-day",
    "going-home",
    "brace",
    "activity",
    "medicines",
    "risks",
    "when-to-call",
    "where-studies-disagree",
]
GOOD_PAGE = """\
---
procedures: [kyphoplasty]
title: A page
summary: What it says.
order: 1
review_date: 2026-11-22
reviewer: not yet reviewed by a clinician
sources: [evolve]
---

It was 3.5 after a week.[^evolve]

Call {clinic_phone}.
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("---\nprocedures", "procedures", 1, "front matter is missing"),
        ("[^evolve]\n", "\n", 8, "listed but not cited"),
        ("[^evolve]", "[^evolve][^kaviar]", 11, "cited but not listed"),
        ("{clinic_phone}", "{fax}", 13, "nothing is known"),
        ("[kyphoplasty]", "[appendectomy]", 2, "not known"),
        ("sources: [evolve]", "sources: [evolve, hearsay]", 8, "not known"),
        ("reviewer: not yet reviewed by a clinician\n", "", 2, "reviewer"),
        ("2026-11-22", "soon", 6, "date"),
        ("order: 1", "order: first", 5, "integer"),
        ("order: 1", "order: 1\nmood: good", 6, "mood"),
        ("order: 1", "order: 1\norder: 2", 6, "twice"),
        ("order: 1", "order: [1", 6, "not YAML"),
    ],
)
def test_a_broken_page_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    """The error names the file, the line and what to do."""
    assert old in GOOD_PAGE
    path = tmp_path / "a-page.md"
    path.write_text(GOOD_PAGE.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=problem) as refused:
        read_page(path)

    assert (refused.value.path, refused.value.line) == ("a-page.md", line)


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    """Front matter alone is not a page."""
    path = tmp_path / "a-page.md"
    path.write_text(GOOD_PAGE[: GOOD_PAGE.index("It was")], encoding="utf-8")

    with pytest.raises(ContentError, match="no text"):
        read_page(path)


def test_a_page_name_has_to_fit_an_address(tmp_path: Path) -> None:
    """The name of the file becomes part of the page's address."""
    path = tmp_path / "A page.md"
    path.write_text(GOOD_PAGE, encoding="utf-8")

    with pytest.raises(ContentError, match="name of the file"):
        read_page(path)


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    """A procedure cannot have its own page and a shared one at the same address."""
    for folder in ("kyphoplasty", "_shared"):
        (tmp_path / folder / "learn" / "en").mkdir(parents=True)
        (tmp_path / folder / "learn" / "en" / "a-page.md").write_text(GOOD_PAGE, encoding="utf-8")

    with pytest.raises(ContentError, match="kyphoplasty has another page of this name"):
        read_pages(tmp_path)


def test_an_unknown_procedure_or_page_is_no_page() -> None:
    """What does not exist is nothing, not an error."""
    assert pages_for("appendectomy") == ()
    assert find_page("kyphoplasty", "no-such-page") is None


@pytest.mark.parametrize("procedure_id", ["kyphoplasty", "vertebroplasty"])
def test_every_subject_has_its_page_in_order(procedure_id: str) -> None:
    """Both procedures have all ten pages, from what it is to where studies disagree."""
    assert [page.slug for page in pages_for(procedure_id)] == SLUGS


def test_what_it_is_and_what_is_disputed_differ_between_the_procedures() -> None:
    """The studies of one are not told to people who had the other."""
    for slug in ("what-it-is", "where-studies-disagree"):
        pages = [find_page(each, slug) for each in procedures()]
        assert all(page is not None and len(page.procedure_ids) == 1 for page in pages)


def test_rendered_numbers_its_sources_and_links_them() -> None:
    """A mark in the text becomes a number, and the number stands at the foot with a link."""
    page = find_page("kyphoplasty", "what-it-is")
    assert page is not None

    text = rendered(page, "", "911")

    assert "[^" not in text
    assert rf"\[{page.source_ids.index('evolve') + 1}\]" in text
    assert "](https://doi.org/10.1093/neuros/nyy017)" in text
    assert "Text checked against its sources on 22 November 2026." in text


def test_rendered_names_the_numbers_to_call() -> None:
    """The page to open in need holds both numbers, ready to be dialled."""
    page = find_page("vertebroplasty", "when-to-call")
    assert page is not None

    text = rendered(page, "+1 (555) 010-0100 ext. 4", "911")

    assert "Call [911](tel:911) now" in text
    assert r"Call the clinic at [+1 \(555\) 010-0100 ext. 4](tel:+15550100100) today" in text


def test_rendered_reads_well_without_a_telephone() -> None:
    """A clinic that entered no number leaves no gap in the sentence."""
    page = find_page("kyphoplasty", "when-to-call")
    assert page is not None

    text = rendered(page, "", "")

    assert "Call the clinic today" in text
    assert "Call the emergency number now" in text
    assert "{" not in text


def test_a_telephone_number_cannot_become_markup() -> None:
    """What a clinic typed as its number is shown as typed."""
    page = find_page("kyphoplasty", "when-to-call")
    assert page is not None

    assert "\\[x\\]\\(http\\:\u2060//x\\)" in rendered(page, "[x](http://x)", "911")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("", ""),
        ("555.010.0199", "[555.010.0199](tel:5550100199)"),
        ("+1 555-0100 ext. 5", "[+1 555-0100 ext. 5](tel:+15550100)"),
        ("www.evil.example 5", "www\u2060.evil\u2060.example 5"),
        ("WWW.evil.example 5", "WWW\u2060.evil\u2060.example 5"),
        ("https://evil.example", "https\\:\u2060//evil\u2060.example"),
        ("me@evil.example", "me@\u2060evil\u2060.example"),
        (":smile: a\nb", "\\:\u2060smile\\: a b"),
    ],
)
def test_a_telephone_number_leads_nowhere_else(number: str, shown: str) -> None:
    """Words in its place are shown, and neither linked nor drawn as icons."""
    assert dialling_link(number) == shown
