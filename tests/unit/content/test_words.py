"""The words people read: complete, plain, sourced, and honest about who checked them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import median
from typing import NamedTuple

import pytest
import textstat
from babel.messages.pofile import read_po

from content.catalogues import catalogue_path
from content.consent import CONSENT_VERSION, consent_text
from content.library import CONTENT_FOLDER, Library, Shelf, read_library
from content.page_rules import SIGNS, VALUE
from content.rendering import NOT_REVIEWED
from content.translations import CITATION
from recovery.wording import Language, speaking

MOST_WORDS = 19
AIM, LIMIT = 6, 8
"""School grades."""

EASY, READABLE = 70, 60
"""Fernández-Huerta: from 70 on fairly easy (grade 6), from 60 on standard (grades 7 and 8)."""

FORBIDDEN = {
    Language.ENGLISH: re.compile(
        r"\b(behind|fail\w*|abnormal\w*|guarantee\w*|cures?|cured|immediate relief)\b|!",
        re.IGNORECASE,
    ),
    Language.SPANISH: re.compile(
        r"\b(atrasad\w*|fracas\w*|fall[óo]\w*|anormal\w*|garantiza\w*|curan?|alivio inmediato)\b|[!¡]",
        re.IGNORECASE,
    ),
}
BOX = {Language.ENGLISH: "> **What to do**", Language.SPANISH: "> **Qué hacer**"}

_PLACE = re.compile(r"\{[^{}]*\}")
_SHARE = re.compile(r"\b\d+ (?:of|de) (?:every |cada )?(10|100) (?:people|personas)\b")


class Text(NamedTuple):
    """Words that a patient reads, and where they stand."""

    where: str
    words: str


@pytest.fixture(scope="module")
def library() -> Library:
    """Return all content that ships."""
    return read_library(CONTENT_FOLDER)


def _bodies(shelf: Shelf) -> Iterator[Text]:
    for page in shelf.pages:
        yield Text(f"{page.procedure_ids} {page.slug}", page.body)


def _short_texts(shelf: Shelf) -> Iterator[Text]:
    for page in shelf.pages:
        asked = page.question
        lines = (
            page.title,
            page.summary,
            asked.ask,
            *asked.answers,
            asked.if_right,
            asked.if_other,
        )
        yield Text(page.slug, "\n".join(lines))
    for sign in shelf.signs.values():
        yield Text(sign.id, f"{sign.label}\n{sign.what_to_do}")
    for terms in shelf.terms.values():
        for term in terms:
            yield Text(term.term, term.meaning)
    for procedure in shelf.procedures.values():
        courses = [each for each in (procedure.course, procedure.shared_course) if each]
        lines = (
            procedure.caveat,
            procedure.no_course_reason,
            *(course.caveat for course in courses),
            *(phase.sentence for phase in procedure.phases),
            *(figure.sentence for figure in procedure.figures),
            *(getattr(each.words, name) for each in procedure.values for name in ("set", "unset")),
            *(each.words.range for each in procedure.values),
        )
        yield Text(procedure.id, "\n".join(lines))


def _texts(library: Library, language: Language) -> list[Text]:
    shelf = library.shelves[language]
    with speaking(language):
        consent = consent_text(CONSENT_VERSION)
    return [*_bodies(shelf), *_short_texts(shelf), Text("consent", consent)]


def bare(text: str) -> str:
    """Return what is read of Markdown: no marks, and every line a sentence."""
    plain = VALUE.sub("", CITATION.sub("", text)).replace(SIGNS, "")
    plain = _PLACE.sub("911", plain)
    plain = re.sub(r"^[>#\-* ]+", "", plain, flags=re.MULTILINE).replace("**", "")
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    return "\n".join(line if line[-1] in ".?:" else f"{line}." for line in lines)


def sentences(text: str) -> list[str]:
    """Return the sentences of Markdown."""
    return [part for part in re.split(r"(?<=[.?:])\s+", bare(text)) if part.strip(" .")]


def _hardest(grade: Callable[[str], float], text: str) -> str:
    return max(sentences(text), key=grade)


@pytest.mark.parametrize("language", Language)
def test_sentences_are_short(library: Library, language: Language) -> None:
    """Every sentence that a patient reads has fewer than 20 words."""
    long = [
        (where, sentence)
        for where, words in _texts(library, language)
        for sentence in sentences(words)
        if len(sentence.split()) > MOST_WORDS
    ]
    assert long == []


@pytest.mark.parametrize("language", Language)
def test_sentences_of_the_screens_are_short(language: Language) -> None:
    """What patients read around the content is as short."""
    with catalogue_path(Language.SPANISH).open("rb") as file:
        catalogue = read_po(file)
    said = [
        part
        for message in catalogue
        if message.id
        for part in _strings(message.id if language is Language.ENGLISH else message.string)
    ]
    long = [each for text in said for each in sentences(text) if len(each.split()) > MOST_WORDS]
    assert long == []


def _strings(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(each) for each in text]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "grade", [textstat.flesch_kincaid_grade, textstat.coleman_liau_index], ids=lambda each: each.__name__
)  # fmt: skip
def test_every_english_page_is_easy(library: Library, grade: Callable[[str], float]) -> None:
    """By two formulas no page is above grade 8, and most are at 6 or below."""
    textstat.set_lang("en")
    grades = {text: grade(bare(text.words)) for text in _bodies(library.shelves[Language.ENGLISH])}

    hard = {
        text.where: (found, _hardest(grade, text.words))
        for text, found in grades.items()
        if found > LIMIT
    }
    assert hard == {}
    assert median(grades.values()) <= AIM


def test_every_spanish_page_is_easy(library: Library) -> None:
    """By Crawford (years of school) and Fernández-Huerta (ease), as in English."""
    textstat.set_lang("es")
    texts = list(_bodies(library.shelves[Language.SPANISH]))
    years = {text: textstat.crawford(bare(text.words)) for text in texts}
    ease = {text: textstat.fernandez_huerta(bare(text.words)) for text in texts}

    hard = {
        text.where: (years[text], ease[text], _hardest(textstat.crawford, text.words))
        for text in texts
        if years[text] > LIMIT or ease[text] < READABLE
    }
    assert hard == {}
    assert median(years.values()) <= AIM
    assert median(ease.values()) >= EASY


@pytest.mark.parametrize("language", Language)
def test_no_word_blames_or_promises(library: Library, language: Language) -> None:
    """Patients read no word that judges them, and none that promises."""
    pattern = FORBIDDEN[language]
    found = {
        where: pattern.findall(words)
        for where, words in _texts(library, language)
        if pattern.search(words)
    }
    assert found == {}


@pytest.mark.parametrize("language", Language)
def test_shares_of_people_have_one_denominator(library: Library, language: Language) -> None:
    """Shares are told as so many of 10 or of 100 people, alike on a page, and never as percent."""
    for where, words in _texts(library, language):
        assert "%" not in words, where
        assert not re.search(r"percent|por ciento", words), where
    for where, words in _bodies(library.shelves[language]):
        assert len(set(_SHARE.findall(CITATION.sub("", words)))) <= 1, where


@pytest.mark.parametrize("language", Language)
def test_every_page_says_what_to_do_and_who_checked_it(
    library: Library, language: Language
) -> None:
    """Each page has one box; no clinician has checked the text yet, and each page says so."""
    for page in library.shelves[language].pages:
        assert page.body.count(BOX[language]) == 1, page.slug
        assert page.reviewer == NOT_REVIEWED


def test_every_source_is_used(library: Library) -> None:
    """The list of sources holds what something rests on, and nothing else."""
    shelf = library.shelves[Language.ENGLISH]
    used = {source for page in shelf.pages for source in page.source_ids}
    used |= {source for sign in shelf.signs.values() for source in sign.source_ids}
    used |= {each for asked in shelf.questionnaires.values() for each in asked.source_ids}
    for procedure in shelf.procedures.values():
        used |= set(procedure.caveat_source_ids)
        used |= {source for phase in procedure.phases for source in phase.source_ids}
        used |= {figure.source_id for figure in procedure.figures}
        used |= {source for value in procedure.values for source in value.source_ids}
        for course in (procedure.course, procedure.shared_course):
            if course is not None:
                used |= {point.source_id for point in course.points}
                used |= {spread.source_id for spread in course.spreads}

    assert set(library.sources) == used


def test_every_source_has_an_address_but_the_clinics_own(library: Library) -> None:
    """A reader can go and look."""
    assert [each.id for each in library.sources.values() if not each.address] == ["clinic_page"]


def test_no_source_stands_twice_under_two_names(library: Library) -> None:
    """One study is one source, whichever folder cites it."""
    for name in ("doi", "pmid", "url"):
        found = Counter(
            value for each in library.sources.values() if (value := getattr(each, name))
        )
        assert [value for value, times in found.items() if times > 1] == [], name


def test_names_differ_and_read_well_in_a_sentence(library: Library) -> None:
    """A procedure is named as in: day 5 after your kyphoplasty."""
    for shelf in library.shelves.values():
        names = [procedure.name for procedure in shelf.procedures.values()]
        assert len(set(names)) == len(names)
    kyphoplasty = library.shelves[Language.ENGLISH].procedures["kyphoplasty"]

    assert (kyphoplasty.name, kyphoplasty.in_sentence) == ("Kyphoplasty", "kyphoplasty")


def test_labels_of_phases_are_short(library: Library) -> None:
    """They stand on the chart."""
    for shelf in library.shelves.values():
        for procedure in shelf.procedures.values():
            for phase in procedure.phases:
                assert len(phase.label.split()) <= MOST_LABEL_WORDS, (procedure.id, phase.label)


MOST_LABEL_WORDS = 4
