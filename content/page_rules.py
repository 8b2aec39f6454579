"""The rules that a page to read keeps: its front matter, its citations, its figures, its places."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from content.documents import Document, Shape
from content.placeholders import unknown_placeholders
from content.procedures import Procedure
from content.sources import Identifier, Words
from content.translations import CITATION

ALL = "all"
VALUE = re.compile(r"\{value:([a-z0-9_]+)\}")
SIGNS = "{warning_signs}"

_MARKUP = re.compile(r"<[A-Za-z/!?]|\]\(|!\[|&#?\w+;")
_DIGIT = re.compile(r"\d")
# A new line that begins a heading or an item of a list, in a box or not, begins a new unit.
_UNIT = re.compile(r"\n(?=[ >]*(?:- |#))|\n(?:[ >]*\n)+")


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


class FrontMatter(Shape):
    """What stands above the text of an English page; see ``docs/adding-a-procedure.md``."""

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


class TranslatedFrontMatter(Shape):
    """What stands above a translation; the facts are the English page's."""

    title: Words
    summary: Words
    question: _AskedShape


PageDocument = Document[FrontMatter]
TranslatedDocument = Document[TranslatedFrontMatter]


def all_words(document: PageDocument | TranslatedDocument) -> str:
    """Return everything that a reader of the page reads, for a translation to be held against."""
    return "\n".join((*_around(document.value), document.body))


def _around(front: FrontMatter | TranslatedFrontMatter) -> tuple[str, ...]:
    asked = front.question
    return (front.title, front.summary, asked.ask, *asked.answers, asked.if_right, asked.if_other)


def check_front(document: PageDocument, procedures: Mapping[str, Procedure]) -> None:
    """
    Refuse a procedure that is not known, days out of order, and a right answer that is none.

    Raises:
        ContentError: Naming the line and what to do.
    """
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


def check_citations(document: PageDocument) -> None:
    """
    Refuse sources that are listed and not cited, and those cited and not listed.

    Raises:
        ContentError: Naming the line and what to do.
    """
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


def _check_words(document: PageDocument | TranslatedDocument) -> None:
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


def check_body(document: PageDocument | TranslatedDocument) -> None:
    """
    Refuse markup, figures without a source, and places to fill inside a paragraph.

    Raises:
        ContentError: Naming the line and what to do.
    """
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


def check_places(document: PageDocument, procedures: Mapping[str, Procedure]) -> None:
    """
    Refuse places that cannot be filled for each procedure that the page is for.

    Raises:
        ContentError: Naming the line and what to do.
    """
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
