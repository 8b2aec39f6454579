"""Education pages: Markdown with front matter that says who checked what, and when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from content.documents import Document, Shape, read_markdown
from content.errors import ContentError
from content.placeholders import unknown_placeholders
from content.procedures import Procedure
from content.sources import Identifier, Sources, Words, require_sources
from content.translations import check_translation, fellow
from recovery.wording import Language

PAGES_FOLDER = "pages"
ALL = "all"
VALUE = re.compile(r"\{value:([a-z0-9_]+)\}")
SIGNS = "{warning_signs}"
CITATION = re.compile(r"\[\^([^\]]*)\]")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARKUP = re.compile(r"<[A-Za-z/!?]|\]\(|!\[|&#?\w+;")
_DIGIT = re.compile(r"\d")
# A new line that begins a heading or an item of a list, in a box or not, begins a new unit.
_UNIT = re.compile(r"\n(?=[ >]*(?:- |#))|\n(?:[ >]*\n)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachBack:
    """
    The one question at the end of a page.

    Attributes:
        ask: The question.
        answers: Two to four, in the order shown.
        right: Number of the right one, from 1.
        if_right: What is said after it.
        if_other: What is said after another; as kind.
    """

    ask: str
    answers: tuple[str, ...]
    right: int
    if_right: str
    if_other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationPage:
    """
    One page to read.

    Attributes:
        procedure_ids: The procedures it is for; None for every one.
        folder: The folder below ``content`` or ``content/procedures`` that holds it.
        slug: Name of the file, as in an address.
        title: Heading.
        summary: One sentence for the list of pages.
        order: Place in that list, lowest first.
        from_day: First post-procedure day on which it is offered first; negative before.
        to_day: Last such day; None when there is no end.
        review_date: When the text was last checked against its sources.
        reviewer: Who checked it, or that no clinician has yet.
        source_ids: What the text cites, in the order of the front matter.
        question: What is asked at its end.
        body: Markdown with ``[^source]`` marks and places to fill; see ``content.rendering``.
    """

    procedure_ids: tuple[str, ...] | None
    folder: str
    slug: str
    title: str
    summary: str
    order: int
    from_day: int
    to_day: int | None
    review_date: date
    reviewer: str
    source_ids: tuple[str, ...]
    question: TeachBack
    body: str

    def is_for(self, procedure_id: str) -> bool:
        """Tell whether people who had that procedure get the page."""
        return self.procedure_ids is None or procedure_id in self.procedure_ids

    def is_due(self, pod: int) -> bool:
        """Tell whether the page matters on a post-procedure day."""
        return self.from_day <= pod and (self.to_day is None or pod <= self.to_day)


def units(body: str) -> list[tuple[int, str]]:
    """Return the paragraphs, headings and items of a text, each with where it begins."""
    found, start = [], 0
    for gap in [*_UNIT.finditer(body), None]:
        end = len(body) if gap is None else gap.start()
        if body[start:end].strip():
            found.append((start, body[start:end]))
        start = end if gap is None else gap.end()
    return found


class _AskedShape(Shape):
    ask: Words
    answers: Annotated[tuple[Words, ...], Field(min_length=2, max_length=4)]
    if_right: Words
    if_other: Words


class _QuestionShape(_AskedShape):
    right: Annotated[int, Field(ge=1)]


class _FrontMatter(Shape):
    procedures: Literal["all"] | Annotated[tuple[Identifier, ...], Field(min_length=1)]
    title: Words
    summary: Words
    order: Annotated[int, Field(ge=1)]
    from_day: int
    to_day: int | None
    review_date: date
    reviewer: Words
    sources: tuple[str, ...]
    question: _QuestionShape


class _TranslatedFrontMatter(Shape):
    title: Words
    summary: Words
    question: _AskedShape


_Page = Document[_FrontMatter]
_Translated = Document[_TranslatedFrontMatter]


def page_files(folder: Path) -> list[Path]:
    """Return the English files of a folder's pages."""
    return sorted((folder / Language.ENGLISH / PAGES_FOLDER).glob("[!.]*.md"))


def refuse_same_slug(
    pages: Iterable[tuple[Path, EducationPage]], procedures: Iterable[str]
) -> None:
    """
    Refuse a second page of one name for one procedure.

    Raises:
        ContentError: Naming the later file.
    """
    everybody = tuple(procedures)
    taken: set[tuple[str, str]] = set()
    for file, page in pages:
        for procedure_id in page.procedure_ids or everybody:
            if (procedure_id, page.slug) in taken:
                raise ContentError(
                    file, 1, f"{procedure_id} has another page of this name", "Rename one of them."
                )
            taken.add((procedure_id, page.slug))


def read_page(
    path: Path, language: Language, known: Sources, procedures: Mapping[str, Procedure]
) -> EducationPage:
    """
    Read a page by its English file; its slug is the name of the file.

    Raises:
        ContentError: If the front matter is wrong, a procedure is not known, the sources cited
            and the sources listed differ, a figure has none, there is markup, or the
            translation is missing, stale or says other figures.
    """
    document = read_markdown(path, _FrontMatter)
    front = document.value
    if not _SLUG.fullmatch(path.stem):
        raise document.problem((), "the name of the file", "Use small letters, digits and hyphens.")
    _check_front(document, procedures)
    require_sources(document, ("sources",), front.sources, known)
    _check_citations(document)
    _check_body(document)
    _check_places(document, procedures)
    said: _FrontMatter | _TranslatedFrontMatter = front
    body = document.body
    if language is not Language.ENGLISH:
        translated = _translated(document, language)
        said, body = translated.value, translated.body
    return EducationPage(
        procedure_ids=None if front.procedures == ALL else tuple(front.procedures),
        folder=path.parents[2].name,
        slug=path.stem,
        title=said.title,
        summary=said.summary,
        order=front.order,
        from_day=front.from_day,
        to_day=front.to_day,
        review_date=front.review_date,
        reviewer=front.reviewer,
        source_ids=front.sources,
        question=TeachBack(
            ask=said.question.ask,
            answers=said.question.answers,
            right=front.question.right,
            if_right=said.question.if_right,
            if_other=said.question.if_other,
        ),
        body=body.strip(),
    )


def _translated(document: _Page, language: Language) -> _Translated:
    translated = read_markdown(fellow(document.path, language), _TranslatedFrontMatter)
    check_translation(translated, document, _said(translated), _said(document))
    here, there = translated.value.question.answers, document.value.question.answers
    if len(here) != len(there):
        raise translated.problem(
            ("question", "answers"), "the English question has another number of answers", "Match."
        )
    _check_body(translated)
    return translated


def _said(document: _Page | _Translated) -> str:
    return "\n".join((*_around(document.value), document.body))


def _around(front: _FrontMatter | _TranslatedFrontMatter) -> tuple[str, ...]:
    asked = front.question
    return (front.title, front.summary, asked.ask, *asked.answers, asked.if_right, asked.if_other)


def _check_front(document: _Page, procedures: Mapping[str, Procedure]) -> None:
    front = document.value
    for position, procedure_id in enumerate(() if front.procedures == ALL else front.procedures):
        if procedure_id not in procedures:
            raise document.problem(
                ("procedures", position),
                f"the procedure {procedure_id} is not known",
                "Add its folder to content/procedures or correct its spelling.",
            )
    if front.to_day is not None and front.to_day < front.from_day:
        raise document.problem(("to_day",), "to_day lies before from_day", "Swap them.")
    if front.question.right > len(front.question.answers):
        raise document.problem(
            ("question", "right"), "there is no answer of that number", "Count from 1."
        )


def _check_citations(document: _Page) -> None:
    listed = document.value.sources
    for position, source_id in enumerate(listed):
        if f"[^{source_id}]" not in document.body:
            raise document.problem(
                ("sources", position),
                f"the source {source_id} is listed but not cited",
                "Cite it in the text or remove it.",
            )
    for mark in CITATION.finditer(document.body):
        if mark[1] not in listed:
            raise document.body_problem(
                mark.start(),
                f"the source {mark[1]} is cited but not listed",
                "List it under sources.",
            )


def _check_words(document: _Page | _Translated) -> None:
    """Hold what stands around the text to the same rules: no markup, and no figure in the list."""
    front = document.value
    for words in _around(front):
        if found := _MARKUP.search(words):
            raise document.problem((), f"{found[0]} is no plain text", "Write words alone.")
    for key in ("title", "summary"):
        if _DIGIT.search(getattr(front, key)):
            raise document.problem(
                (key,), "a figure without a source", "Say it in the text, with its source."
            )


def _check_body(document: _Page | _Translated) -> None:
    _check_words(document)
    start = 0
    for block in document.body.split("\n\n"):
        inside = VALUE.search(block) or SIGNS in block
        if inside and not (block.strip() == SIGNS or VALUE.fullmatch(block.strip())):
            raise document.body_problem(
                start,
                "a value or the signs stand inside a paragraph",
                "Give them one of their own.",
            )
        start += len(block) + 2
    if found := _MARKUP.search(document.body):
        raise document.body_problem(
            found.start(), f"{found[0]} is no plain text", "Use paragraphs, lists, ## and ** alone."
        )
    for start, unit in units(document.body):
        bare = VALUE.sub("", CITATION.sub("", unit))
        if _DIGIT.search(bare) and not CITATION.search(unit):
            raise document.body_problem(
                start, "a figure without a source", "Cite where it was read: [^source]."
            )


def _check_places(document: _Page, procedures: Mapping[str, Procedure]) -> None:
    front = document.value
    served = procedures if front.procedures == ALL else front.procedures
    for found in VALUE.finditer(document.body):
        for procedure_id in served:
            if procedures[procedure_id].value(found[1]) is None:
                raise document.body_problem(
                    found.start(),
                    f"{procedure_id} has no value {found[1]}",
                    "Add it to values in its procedure.yaml.",
                )
    rest = VALUE.sub("", document.body.replace(SIGNS, ""))
    for unknown in unknown_placeholders(rest):
        raise document.body_problem(
            max(document.body.find(unknown[0]), 0),
            f"nothing is known as {unknown[0]}",
            "Use {emergency_number}, {clinic_phone}, {value:...} or {warning_signs}.",
        )
