"""The words people read: complete, plain, sourced, and honest about who checked them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.courses import load_course
from content.education import EducationPage, find_page, pages_for, read_page, rendered
from content.errors import ContentError
from content.procedures import Tier, find_procedure, procedures
from content.sources import read_sources, sources
from content.warning_signs import WarningSign, read_warning_signs, warning_signs

MOST_WORDS = 19
MOST_GRADE = 6
FORBIDDEN = re.compile(
    r"\b(behind|fail\w*|abnormal\w*|guarantee\w*|cure\w*|immediate relief)\b|!", re.IGNORECASE
)
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
GOOD_SIGN = """\
- id: fever
  label: A fever
  tier: clinic_today
  what_to_do: Call {clinic_phone} today, or {emergency_number}.
  sources: [uw_mbb]
"""


def _pages() -> list[EducationPage]:
    return list({id(page): page for each in procedures() for page in pages_for(each)}.values())


def _texts() -> Iterator[tuple[str, str]]:
    for page in _pages():
        yield f"{page.procedure_ids} {page.slug}", f"{page.title}.\n\n{page.summary}\n\n{page.body}"
    for sign in warning_signs().values():
        yield sign.id, f"{sign.label}.\n\n{sign.what_to_do}"
    for course_id in ("augmentation", "kyphoplasty"):
        yield course_id, load_course(course_id).caveat
    for procedure in procedures().values():
        yield procedure.id, procedure.no_course_reason


def _sentences(text: str) -> list[str]:
    plain = re.sub(r"\[\^[^\]]*\]", "", text)
    plain = re.sub(r"^[>#\-* ]+", "", plain, flags=re.MULTILINE).replace("**", "")
    return [part.strip() for part in re.split(r"(?<=[.?:])\s+|\n\s*\n|\n", plain) if part.strip()]


def _syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<!l)e$|(?<=[^td])ed$", "", word.lower()))
    return max(len(groups), 1)


def _grade(text: str) -> float:
    sentences = _sentences(text)
    words = [word for each in sentences for word in re.findall(r"[^\W_]+", each)]
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


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


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("tier: clinic_today", "tier: someday", 3, "tier"),
        ("sources: [uw_mbb]", "sources: []", 5, "sources"),
        ("[uw_mbb]", "[hearsay]", 5, "not known"),
        ("{clinic_phone}", "{fax}", 4, "nothing is known"),
        ("label: A fever", "label: ''", 2, "label"),
        (GOOD_SIGN, GOOD_SIGN * 2, 6, "stands twice"),
    ],
)
def test_a_broken_warning_sign_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    """A sign without tier, words, source or a number to call does not ship."""
    path = tmp_path / "signs.yaml"
    path.write_text(GOOD_SIGN.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=problem) as refused:
        read_warning_signs(path)

    assert refused.value.line == line


def test_a_source_listed_twice_is_refused(tmp_path: Path) -> None:
    """A citation points to one source."""
    path = tmp_path / "sources.yaml"
    path.write_text("- {id: one, citation: One}\n- {id: one, citation: Two}\n", encoding="utf-8")

    with pytest.raises(ContentError, match="line 2: the source one stands twice"):
        read_sources(path)


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


def test_sentences_are_short() -> None:
    """Every sentence that a patient reads has fewer than 20 words."""
    long = [
        (where, sentence)
        for where, text in _texts()
        for sentence in _sentences(text)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert long == []


def test_every_page_reads_at_grade_six_or_below() -> None:
    """The Flesch-Kincaid grade of a page, with syllables estimated, is 6 at most."""
    grades = {(page.procedure_ids, page.slug): _grade(page.body) for page in _pages()}

    assert {where: grade for where, grade in grades.items() if grade > MOST_GRADE} == {}


def test_no_word_blames_or_promises() -> None:
    """Patients read no word that judges them, and none that promises."""
    assert [
        (where, FORBIDDEN.findall(text)) for where, text in _texts() if FORBIDDEN.search(text)
    ] == []


def test_every_paragraph_with_a_figure_cites_its_source() -> None:
    """No figure stands without a source."""
    bare = [
        (page.slug, paragraph)
        for page in _pages()
        for paragraph in re.split(r"\n\s*\n", page.body)
        if re.search(r"\d", paragraph) and "[^" not in paragraph
    ]
    assert bare == []


def test_shares_of_people_have_one_denominator() -> None:
    """Shares are told as so many of 100 people, and never as a percentage."""
    for where, text in _texts():
        assert "%" not in text, where
        assert "percent" not in text, where


def test_every_page_says_what_to_do_and_who_checked_it() -> None:
    """No clinician has checked the text yet, and each page says so."""
    for page in _pages():
        assert page.body.count("> **What to do**") == 1
        assert page.reviewer == "not yet reviewed by a clinician"
        assert f"Reviewer: {page.reviewer}." in rendered(page, "", "911")


def test_every_source_is_used() -> None:
    """The list of sources holds what something rests on, and nothing else."""
    used = {source for page in _pages() for source in page.source_ids}
    used |= {source for sign in warning_signs().values() for source in sign.source_ids}
    courses = [load_course("augmentation"), load_course("kyphoplasty")]
    used |= {point.source_id for course in courses for point in course.points}
    used |= {spread.source_id for course in courses for spread in course.spreads}

    assert set(sources()) == used


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

    assert r"\[x\]\(http\://x\)" in rendered(page, "[x](http://x)", "911")


def test_emergencies_come_first() -> None:
    """The signs that cannot wait stand on top of the list."""
    for procedure in procedures().values():
        tiers = [sign.tier for sign in procedure.warning_signs]
        assert tiers == sorted(tiers, key=list(Tier).index)
        assert tiers[0] is Tier.EMERGENCY


def test_advice_fits_its_tier() -> None:
    """An emergency names the emergency number, a call today names the clinic."""
    for sign in warning_signs().values():
        advice = sign.advice("112", "555 0100")
        assert ("112 now" in advice) or sign.tier is not Tier.EMERGENCY
        assert ("the clinic at 555 0100 today" in advice) or sign.tier is not Tier.CLINIC_TODAY


def test_advice_reads_well_without_a_telephone() -> None:
    """A clinic that entered no number leaves no gap in the sentence."""
    sign = WarningSign(
        id="x",
        label="x",
        what_to_do="Call {clinic_phone} today.",
        tier=Tier.CLINIC_TODAY,
        source_ids=(),
    )

    assert sign.advice("911", "") == "Call the clinic today."


def test_names_read_well_in_a_sentence() -> None:
    """A procedure is named as in: day 5 after your kyphoplasty."""
    kyphoplasty = find_procedure("kyphoplasty")

    assert kyphoplasty is not None
    assert (kyphoplasty.name, kyphoplasty.in_sentence) == ("Kyphoplasty", "kyphoplasty")
