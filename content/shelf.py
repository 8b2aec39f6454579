"""
The content that is served now, in the reader's language.

Files may be edited while the app runs. They are looked at every few seconds; what fits together
replaces what was served, and what is broken is logged and not served.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import content.catalogues  # noqa: F401 - learns the languages that the content is in
from content.education import EducationPage
from content.errors import BrokenContent, unreadable
from content.glossary import Term
from content.instruments import Questionnaires
from content.library import COMMON, CONTENT_FOLDER, PROCEDURES, Library, Shelf, read_library
from content.procedures import Procedure
from content.sources import Sources
from content.warning_signs import Signs
from recovery.expectations import Course
from recovery.judgement.rules import ProcedureRules
from recovery.wording import language

LOOK_SECONDS = 5.0
"""How long an edit may wait to be seen; looking costs some milliseconds."""

_log = logging.getLogger(__name__)


class Served:
    """
    The last content that fitted together, below one folder.

    Attributes:
        problem: What is wrong with the files as they are now; empty when nothing is.
    """

    def __init__(self, root: Path) -> None:
        """
        Read the content for the first time.

        Raises:
            BrokenContent: If there is nothing good to serve.
        """
        self._root = root
        self._looking = threading.Lock()
        self._seen = _state(root)
        self._looked_at = time.monotonic()
        self._library = read_library(root)
        self.problem = ""

    def library(self) -> Library:
        """Return what is served, after a look at the files when the last is some seconds ago."""
        is_due = time.monotonic() - self._looked_at >= LOOK_SECONDS
        # Whoever comes while somebody looks gets what was served until now.
        if is_due and self._looking.acquire(blocking=False):
            try:
                self.look()
            finally:
                self._looking.release()
        return self._library

    def look(self) -> None:
        """Read the files anew if any of them changed; keep what was served if they are broken."""
        self._looked_at = time.monotonic()
        try:
            state = _state(self._root)
            if state == self._seen:
                return
            library = read_library(self._root)
        except OSError as error:
            # A file that could not be opened may be readable without a change: looked at again.
            self._seen = {}
            self._keep_back(unreadable(error))
        except BrokenContent as broken:
            self._seen = state
            self._keep_back(str(broken))
        else:
            self._seen, self._library, self.problem = state, library, ""
            _log.info("The changed content is served.")

    def _keep_back(self, problem: str) -> None:
        """Note what is wrong, once for as long as it stays the same."""
        if problem != self.problem:
            _log.error("The changed content is not served:\n%s", problem)
        self.problem = problem


_served: list[Served] = []
_first = threading.Lock()


def served() -> Served:
    """
    Return what this process serves, read on the first call.

    Raises:
        BrokenContent: If there is nothing good to serve.
    """
    if not _served:
        with _first:
            if not _served:
                _served.append(Served(CONTENT_FOLDER))
    return _served[0]


def sources() -> Sources:
    """Return every source by its id."""
    return served().library().sources


def warning_signs() -> Signs:
    """Return every warning sign by its id."""
    return _shelf().signs


def procedures() -> Mapping[str, Procedure]:
    """Return every procedure by its id, in order."""
    return _shelf().procedures


def find_procedure(procedure_id: str) -> Procedure | None:
    """Return a procedure, or None when this product does not know it."""
    return procedures().get(procedure_id)


def course_for(procedure_id: str, *, shares_augmentation_curve: bool) -> Course | None:
    """
    Return the course to draw, or None when none is documented.

    Args:
        procedure_id: Name of the folder; an unknown one has no course.
        shares_augmentation_curve: The clinic's setting.
    """
    procedure = find_procedure(procedure_id)
    if procedure is None:
        return None
    if shares_augmentation_curve and procedure.shared_course is not None:
        return procedure.shared_course
    return procedure.course


def rules_for(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
    """
    Return how recoveries from a procedure are judged; asked for as ``course_for`` is.

    An unknown procedure is judged by what the person records alone.
    """
    procedure = find_procedure(procedure_id)
    if procedure is None:
        return ProcedureRules(first_status_day=None, judging_day=None, has_daily_log=False)
    return ProcedureRules(
        first_status_day=procedure.first_status_day,
        judging_day=procedure.judging_day,
        milestone_days=procedure.milestone_days,
        silence_days=procedure.silence_days,
        has_daily_log=not procedure.hourly_day_0,
        course=course_for(procedure_id, shares_augmentation_curve=shares_augmentation_curve),
    )


def pages_for(procedure_id: str) -> tuple[EducationPage, ...]:
    """Return a procedure's pages in order; none for an unknown one."""
    return _shelf().pages_for(procedure_id)


def find_page(procedure_id: str, slug: str) -> EducationPage | None:
    """Return one page of a procedure, or None when it has no such page."""
    return next((page for page in pages_for(procedure_id) if page.slug == slug), None)


def questionnaires() -> Questionnaires:
    """Return every short questionnaire by its instrument."""
    return _shelf().questionnaires


def terms_for(procedure_id: str) -> tuple[Term, ...]:
    """
    Return the medical words that a procedure's pages explain.

    Words of its own folder go before those of the families its pages come from, and these
    before common ones.
    """
    by_folder = _shelf().terms
    families = dict.fromkeys(page.folder for page in pages_for(procedure_id))
    folders = dict.fromkeys([procedure_id, *families, COMMON])
    common_last = sorted(folders, key=lambda name: name == COMMON)
    found: dict[str, Term] = {}
    for folder in common_last:
        for term in by_folder.get(folder, ()):
            found.setdefault(term.term.casefold(), term)
    return tuple(found.values())


def _shelf() -> Shelf:
    return served().library().shelves[language()]


def _state(root: Path) -> dict[str, tuple[int, int]]:
    files = (
        Path(folder, name)
        for part in (COMMON, PROCEDURES)
        for folder, _, names in os.walk(root / part, followlinks=True)
        for name in names
        # Editors keep files of their own that begin with a dot.
        if name.endswith((".yaml", ".md")) and not name.startswith(".")
    )
    return {str(file): ((found := file.stat()).st_mtime_ns, found.st_size) for file in files}
