"""``docs/adding-a-procedure.md``, followed step by step: a folder is all it takes."""

import re
import shutil
from pathlib import Path

import pytest

from content.library import CONTENT_FOLDER, read_library
from content.shelf import Served
from content.translations import stamp
from recovery.phases import phase_on
from recovery.wording import Language
from tests.factories import new_settings
from tests.sources import ROOT
from tests.unit.content.folder import told

GUIDE = ROOT / "docs" / "adding-a-procedure.md"
PROCEDURE_ID = "example_block"

_FILES = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the content that ships."""
    for name in ("common", "procedures"):
        shutil.copytree(CONTENT_FOLDER / name, tmp_path / name)
    return tmp_path


def _follow_the_guide(root: Path) -> None:
    folder = root / "procedures" / PROCEDURE_ID
    files = dict(_FILES.findall(GUIDE.read_text(encoding="utf-8")))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    # The guide shows one translation; the others are of the same form.
    for name in files:
        if name.startswith("en/") and name.replace("en/", "es/") not in files:
            _translate(folder / name, folder / name.replace("en/", "es/"))
    for file in (folder / "es").rglob("*"):
        if file.is_file():
            stamp(file)


def _translate(original: Path, translation: Path) -> None:
    text = original.read_text(encoding="utf-8")
    first = "- translates: ''\n" if text.startswith("- ") else "translates: ''\n"
    translation.write_text(first + text, encoding="utf-8")


def test_the_guide_names_every_file_it_draws() -> None:
    """Each block of a file says which one it is."""
    assert set(dict(_FILES.findall(GUIDE.read_text(encoding="utf-8")))) == {
        "procedure.yaml",
        "sources.yaml",
        "warning_signs.yaml",
        "en/signs.yaml",
        "en/words.yaml",
        "en/glossary.yaml",
        "en/pages/first-weeks.md",
        "es/pages/first-weeks.md",
    }


def test_a_procedure_is_added_by_its_folder_alone(root: Path) -> None:
    """It stands beside the others, whole, in both languages, and nothing else changed."""
    before = read_library(root)
    _follow_the_guide(root)

    after = read_library(root)

    for language in Language:
        shelf = after.shelves[language]
        assert set(shelf.procedures) == {*before.shelves[language].procedures, PROCEDURE_ID}
        assert {page.slug for page in shelf.pages_for(PROCEDURE_ID)} == {
            "first-weeks",
            "when-to-call",
        }
    added = after.shelves[Language.ENGLISH].procedures[PROCEDURE_ID]
    assert added.course is None
    assert [figure.day for figure in added.figures] == [90, 180]
    present = phase_on(added.phases, 9)
    assert present is not None
    assert present.id == "settling"
    assert "example_burning" in {sign.id for sign in added.warning_signs}


def test_its_page_is_filled_with_the_clinics_value(root: Path) -> None:
    """The clinic's own value stands beside the documented range, with the leaflet's mark."""
    _follow_the_guide(root)
    library = read_library(root)
    shelf = library.shelves[Language.ENGLISH]
    [page] = [page for page in shelf.pages if page.procedure_ids == (PROCEDURE_ID,)]
    procedure = shelf.procedures[PROCEDURE_ID]

    text = told(page, procedure, new_settings(), {"driving_days": 3}, library.sources)

    assert r"**Do not drive for 3 days.** Leaflets say 1 to 2 days.\[1\]" in text
    assert "1. [Example Hospital, after your procedure](https://example.org/after)" in text
    assert "Read on 25 November 2026." in text


def test_the_running_app_takes_it_up(root: Path) -> None:
    """No restart is needed, and taking the folder away takes the procedure away."""
    served = Served(root)
    assert PROCEDURE_ID not in served.library().shelves[Language.SPANISH].procedures
    _follow_the_guide(root)

    served.look()

    assert PROCEDURE_ID in served.library().shelves[Language.SPANISH].procedures
    shutil.rmtree(root / "procedures" / PROCEDURE_ID)
    served.look()
    assert PROCEDURE_ID not in served.library().shelves[Language.SPANISH].procedures
