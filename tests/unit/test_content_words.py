"""The words people read: complete, plain, sourced, and honest about who checked them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.courses import load_course
from content.education import EducationPage, pages_for, rendered
from content.errors import ContentError
from content.procedures import find_procedure, procedures
from content.sources import read_sources, sources
from content.warning_signs import warning_signs

MOST_WORDS = 19
MOST_GRADE = 6
FORBIDDEN = re.compile(
    r"\b(behind|fail\w*|abnormal\w*|guarantee\w*|cure\w*|immediate relief)\b|!", re.IGNORECASE
)


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


def test_a_source_listed_twice_is_refused(tmp_path: Path) -> None:
    """A citation points to one source."""
    path = tmp_path / "sources.yaml"
    path.write_text("- {id: one, citation: One}\n- {id: one, citation: Two}\n", encoding="utf-8")

    with pytest.raises(ContentError, match="line 2: the source one stands twice"):
        read_sources(path)


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


def test_names_read_well_in_a_sentence() -> None:
    """A procedure is named as in: day 5 after your kyphoplasty."""
    kyphoplasty = find_procedure("kyphoplasty")

    assert kyphoplasty is not None
    assert (kyphoplasty.name, kyphoplasty.in_sentence) == ("Kyphoplasty", "kyphoplasty")
