"""Education pages: Markdown with front matter that says who checked what, and when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from content.documents import read_markdown
from content.errors import ContentError
from content.page_rules import (
    ALL,
    FrontMatter,
    PageDocument,
    TranslatedDocument,
    TranslatedFrontMatter,
    all_words,
    check_body,
    check_citations,
    check_front,
    check_places,
)
from content.procedures import Procedure
from content.sources import Sources, require_sources
from content.translations import check_translation, fellow
from recovery.wording import Language

PAGES_FOLDER = "pages"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
    document = read_markdown(path, FrontMatter)
    front = document.value
    if not _SLUG.fullmatch(path.stem):
        raise document.problem((), "the name of the file", "Use small letters, digits and hyphens.")
    check_front(document, procedures)
    require_sources(document, ("sources",), front.sources, known)
    check_citations(document)
    check_body(document)
    check_places(document, procedures)
    said: FrontMatter | TranslatedFrontMatter = front
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


def _translated(document: PageDocument, language: Language) -> TranslatedDocument:
    translated = read_markdown(fellow(document.path, language), TranslatedFrontMatter)
    check_translation(translated, document, all_words(translated), all_words(document))
    here, there = translated.value.question.answers, document.value.question.answers
    if len(here) != len(there):
        raise translated.problem(
            ("question", "answers"), "the English question has another number of answers", "Match."
        )
    check_body(translated)
    return translated
