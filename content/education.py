"""Education pages: Markdown with front matter that says who checked what, and when."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from content.documents import Document, Shape, read_markdown
from content.errors import ContentError
from content.placeholders import dialling_link, fill, unknown_placeholders
from content.procedures import PROCEDURES_FOLDER, procedures
from content.sources import Identifier, Words, require_source, sources
from recovery.expectations import Source

LANGUAGE = "en"

_CITATION = re.compile(r"\[\^([^\]]*)\]")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationPage:
    """
    One page to read.

    Attributes:
        procedure_ids: The procedures it is for.
        slug: Name of the file, as in an address.
        title: Heading.
        summary: One sentence for the list of pages.
        order: Place in that list, lowest first.
        review_date: When the text was last checked against its sources.
        reviewer: Who checked it, or that no clinician has yet.
        source_ids: What the text cites, in the order of the front matter.
        body: Markdown with ``[^source]`` marks and places for numbers; see ``rendered``.
    """

    procedure_ids: tuple[str, ...]
    slug: str
    title: str
    summary: str
    order: int
    review_date: date
    reviewer: str
    source_ids: tuple[str, ...]
    body: str


class _FrontMatter(Shape):
    procedures: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    title: Words
    summary: Words
    order: Annotated[int, Field(ge=1)]
    review_date: date
    reviewer: Words
    sources: tuple[str, ...]


@cache
def pages_for(procedure_id: str) -> tuple[EducationPage, ...]:
    """
    Return a procedure's pages in order; none for an unknown one.

    Raises:
        ContentError: If a page is broken.
    """
    return tuple(page for page in _all_pages() if procedure_id in page.procedure_ids)


def find_page(procedure_id: str, slug: str) -> EducationPage | None:
    """Return one page of a procedure, or None when it has no such page."""
    return next((page for page in pages_for(procedure_id) if page.slug == slug), None)


def read_page(path: Path) -> EducationPage:
    """
    Read a page; its slug is the name of the file.

    Raises:
        ContentError: If the front matter is wrong, a procedure is not known, or the
            sources cited and the sources listed differ.
    """
    document = read_markdown(path, _FrontMatter)
    front = document.value
    if not _SLUG.fullmatch(path.stem):
        raise document.problem((), "the name of the file", "Use small letters, digits and hyphens.")
    _check_procedures(document)
    _check_citations(document)
    return EducationPage(
        procedure_ids=front.procedures,
        slug=path.stem,
        title=front.title,
        summary=front.summary,
        order=front.order,
        review_date=front.review_date,
        reviewer=front.reviewer,
        source_ids=front.sources,
        body=document.body.strip(),
    )


def read_pages(folder: Path) -> tuple[EducationPage, ...]:
    """
    Read the pages of every procedure below *folder*, lowest order first.

    Raises:
        ContentError: If a page is broken, or a procedure has two of one name.
    """
    pages: dict[tuple[str, str], EducationPage] = {}
    for file in sorted(folder.glob(f"*/learn/{LANGUAGE}/*.md")):
        page = read_page(file)
        for procedure_id in page.procedure_ids:
            if (procedure_id, page.slug) in pages:
                raise ContentError(
                    file, 1, f"{procedure_id} has another page of this name", "Rename one of them."
                )
            pages[procedure_id, page.slug] = page
    return tuple(sorted(dict.fromkeys(pages.values()), key=lambda page: page.order))


def rendered(page: EducationPage, clinic_phone: str, emergency_number: str) -> str:
    """
    Return the page's Markdown with numbers to call, and its sources at the foot.

    Args:
        page: The page; its title is not part of the text.
        clinic_phone: As dialled; may be empty.
        emergency_number: As dialled.
    """
    numbers = {source_id: place for place, source_id in enumerate(page.source_ids, start=1)}
    body = _CITATION.sub(lambda mark: rf"\[{numbers[mark[1]]}\]", page.body)
    filled = fill(
        body,
        emergency_number=dialling_link(emergency_number),
        clinic_phone=dialling_link(clinic_phone),
    )
    on = f"{page.review_date.day} {page.review_date:%B %Y}"
    checked = f"Text checked against its sources on {on}. Reviewer: {page.reviewer}."
    listed = [f"{numbers[each]}. {_linked(sources()[each])}" for each in page.source_ids]
    foot = ["## Sources", "\n".join(listed)] if listed else []
    return "\n\n".join([filled, *foot, checked])


@cache
def _all_pages() -> tuple[EducationPage, ...]:
    return read_pages(PROCEDURES_FOLDER)


def _check_procedures(document: Document[_FrontMatter]) -> None:
    for position, procedure_id in enumerate(document.value.procedures):
        if procedure_id not in procedures():
            raise document.problem(
                ("procedures", position),
                f"the procedure {procedure_id} is not known",
                "Add its folder to content/procedures or correct its spelling.",
            )


def _check_citations(document: Document[_FrontMatter]) -> None:
    listed = document.value.sources
    for position, source_id in enumerate(listed):
        require_source(document, ("sources", position), source_id)
        if f"[^{source_id}]" not in document.body:
            raise document.problem(
                ("sources", position),
                f"the source {source_id} is listed but not cited",
                "Cite it in the text or remove it.",
            )
    for mark in _CITATION.finditer(document.body):
        if mark[1] not in listed:
            raise document.body_problem(
                mark.start(),
                f"the source {mark[1]} is cited but not listed",
                "List it under sources.",
            )
    for unknown in unknown_placeholders(document.body):
        raise document.body_problem(
            unknown.start(),
            f"nothing is known as {unknown[0]}",
            "Use {emergency_number} or {clinic_phone}.",
        )


def _linked(source: Source) -> str:
    address = f"https://doi.org/{source.doi}" if source.doi else source.url
    words = f"[{source.citation}]({address})" if address else source.citation
    return f"{words} ({source.place})" if source.place else words
