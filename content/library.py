"""All content, read as one: either everything fits together, or nothing of it is served."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from content.education import EducationPage, page_files, read_page, refuse_same_slug
from content.errors import BrokenContent, ContentError
from content.glossary import Term, read_glossary
from content.instruments import INSTRUMENTS_FILE, Questionnaires, read_questionnaires
from content.procedures import PROCEDURE_FILE, Around, Procedure, read_procedure
from content.sources import SOURCES_FILE, Sources, read_sources
from content.warning_signs import SIGNS_FILE, Signs, WarningSign, read_warning_signs
from recovery.wording import Language

CONTENT_FOLDER = Path(__file__).parent
COMMON = "common"
PROCEDURES = "procedures"

Part = TypeVar("Part")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """
    The content in one language.

    Attributes:
        signs: Every warning sign by its id.
        procedures: Every procedure by its id, in order.
        pages: Every page, in order.
        terms: Medical words by folder; those of ``common`` hold everywhere.
        questionnaires: Short questionnaires by instrument.
    """

    signs: Signs
    procedures: Mapping[str, Procedure]
    pages: tuple[EducationPage, ...]
    terms: Mapping[str, tuple[Term, ...]]
    questionnaires: Questionnaires

    def pages_for(self, procedure_id: str) -> tuple[EducationPage, ...]:
        """Return a procedure's pages in order; none for an unknown one."""
        if procedure_id not in self.procedures:
            return ()
        return tuple(page for page in self.pages if page.is_for(procedure_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Sources, and a shelf for each language."""

    sources: Sources
    shelves: Mapping[Language, Shelf]


@dataclass
class _Reading:
    """
    One reading of all folders, which goes on after a broken file to name the others too.

    Attributes:
        english: What stands in for a broken translation while the rest is read.
    """

    root: Path
    sources: Sources = field(default_factory=dict)
    english: Shelf | None = None
    errors: list[ContentError] = field(default_factory=list)

    @property
    def folders(self) -> list[Path]:
        inner = sorted((self.root / PROCEDURES).iterdir())
        return [self.root / COMMON, *(each for each in inner if each.is_dir())]

    def holding(self, name: str) -> list[Path]:
        return [folder for folder in self.folders if (folder / name).is_file()]

    def attempt(self, read: Callable[[], Part], otherwise: Other) -> Part | Other:
        try:
            return read()
        except ContentError as error:
            if str(error) not in map(str, self.errors):
                self.errors.append(error)
            return otherwise

    def stop_if_broken(self) -> None:
        if self.errors:
            raise BrokenContent(self.errors)


def read_library(root: Path, languages: Sequence[Language] = tuple(Language)) -> Library:
    """
    Read all content below *root*.

    Raises:
        BrokenContent: If any file is broken. It names the first problem of each file that can be
            judged: pages are not while a procedure is broken, nor that while a source is.
    """
    reading = _Reading(root)
    files = [folder / SOURCES_FILE for folder in reading.holding(SOURCES_FILE)]
    reading.sources = reading.attempt(partial(read_sources, files), reading.sources)
    reading.stop_if_broken()
    reading.english = english = _read_shelf(reading, Language.ENGLISH)
    reading.stop_if_broken()
    others = [language for language in languages if language is not Language.ENGLISH]
    shelves: dict[Language, Shelf] = {each: _read_shelf(reading, each) for each in others}
    reading.stop_if_broken()
    shelves[Language.ENGLISH] = english
    return Library(sources=reading.sources, shelves=MappingProxyType(shelves))


def _read_shelf(reading: _Reading, language: Language) -> Shelf:
    signs = _read_signs(reading, language)
    if reading.english is None:
        reading.stop_if_broken()
    procedures = _read_procedures(reading, signs, language)
    if reading.english is None:
        reading.stop_if_broken()
    return Shelf(
        signs=signs,
        procedures=procedures,
        pages=_read_pages(reading, language, procedures),
        terms=_read_terms(reading, language),
        questionnaires=_read_questionnaires(reading, language),
    )


def _read_signs(reading: _Reading, language: Language) -> Signs:
    found: dict[str, WarningSign] = {}
    for folder in reading.holding(SIGNS_FILE):
        none: dict[str, WarningSign] = {}
        read = partial(read_warning_signs, folder, language, reading.sources, found)
        found |= reading.attempt(read, none)
    english = reading.english.signs if reading.english else {}
    return MappingProxyType({**english, **found})


def _read_procedures(
    reading: _Reading, signs: Signs, language: Language
) -> Mapping[str, Procedure]:
    around = Around(root=reading.root, sources=reading.sources, signs=signs, language=language)
    known = reading.english.procedures if reading.english else {}
    found: list[Procedure | None] = [
        reading.attempt(partial(read_procedure, folder, around), known.get(folder.name))
        for folder in reading.holding(PROCEDURE_FILE)
    ]
    kept = sorted((each for each in found if each), key=lambda each: (each.order, each.id))
    return MappingProxyType({each.id: each for each in kept})


def _read_pages(
    reading: _Reading, language: Language, procedures: Mapping[str, Procedure]
) -> tuple[EducationPage, ...]:
    found: list[tuple[Path, EducationPage]] = []
    for file in (file for folder in reading.folders for file in page_files(folder)):
        page = reading.attempt(
            partial(read_page, file, language, reading.sources, procedures), None
        )
        if page is not None:
            found.append((file, page))
    reading.attempt(partial(refuse_same_slug, found, procedures), None)
    pages = [page for _, page in found]
    return tuple(sorted(pages, key=lambda page: (page.order, page.slug)))


def _read_questionnaires(reading: _Reading, language: Language) -> Questionnaires:
    none: Questionnaires = MappingProxyType({})
    folder = reading.root / COMMON
    if not (folder / INSTRUMENTS_FILE).is_file():
        return none
    return reading.attempt(partial(read_questionnaires, folder, language, reading.sources), none)


def _read_terms(reading: _Reading, language: Language) -> Mapping[str, tuple[Term, ...]]:
    return MappingProxyType(
        {
            folder.name: reading.attempt(partial(read_glossary, folder, language), ())
            for folder in reading.folders
        }
    )
