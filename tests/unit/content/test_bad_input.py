"""What the loader refuses, naming file, line and remedy."""

from pathlib import Path

import pytest

from content.errors import BrokenContent
from content.library import read_library
from recovery.wording import Language
from tests.unit.content.folder import GOOD, LANGUAGES, broken, good, write

PROCEDURE = "procedures/block/procedure.yaml"
COURSE = "procedures/block/course.yaml"
WORDS = "procedures/block/en/words.yaml"
PAGE = "procedures/block/en/pages/a-page.md"
SPANISH_PAGE = "procedures/block/es/pages/a-page.md"
SIGNS = "common/warning_signs.yaml"
SIGN_WORDS = "common/en/signs.yaml"
SOURCES = "common/sources.yaml"


def test_the_good_folder_is_read_in_every_language(tmp_path: Path) -> None:
    """What the other tests break is whole before."""
    library = good(tmp_path)

    for language in Language:
        shelf = library.shelves[language]
        assert list(shelf.procedures) == ["block"]
        assert [page.slug for page in shelf.pages_for("block")] == ["a-page"]
    assert library.shelves[Language.SPANISH].procedures["block"].name == "Un bloqueo"
    assert library.shelves[Language.SPANISH].pages[0].title == "Una página"
    assert library.shelves[Language.SPANISH].signs["legs"].label == "Una pierna débil"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "problem"),
    [
        (SOURCES, "url: https://example.org/leaflet", "url: nowhere", 3, "pattern"),
        (SOURCES, "read_on: 2026-11-22", "read_on: soon", 4, "date"),
        (SOURCES, "read_on: 2026-11-22", "read_on: 2026-02-30", 4, "date"),
        (SOURCES, "  read_on: 2026-11-22\n- id: study", "- id: study", 1, "read_on"),
        (SOURCES, "id: study", "id: leaflet", 5, "stands twice"),
        (SIGNS, "clinic_today", "someday", 1, "tier"),
        (SIGNS, "[leaflet]", "[]", 1, "sources"),
        (SIGNS, "[leaflet]", "[hearsay]", 1, "not known"),
        (SIGNS, "id: legs", "id: fever", 2, "stands twice"),
        (SIGNS, "id: legs", "id: arms", 2, "no words"),
        (SIGN_WORDS, "{clinic_phone}", "{fax}", 4, "nothing is known"),
        (SIGN_WORDS, "label: A fever", "label: ''", 2, "label"),
        (SIGN_WORDS, "fever:", "cough:\n  label: a\n  short: a\n  what_to_do: a\nfever:", 1, "no sign"),
        (PROCEDURE, "order: 1", "order: first", 2, "integer"),
        (PROCEDURE, "order: 1", "order: 1\nmood: good", 3, "mood"),
        (PROCEDURE, "back_pain", "front_pain", 1, "service"),
        (PROCEDURE, "[fever, legs]", "[fever, legs, hearsay]", 23, "not known"),
        (PROCEDURE, "sudden_pain_sign: legs", "sudden_pain_sign: arms", 12, "no sign of this"),
        (PROCEDURE, "from: 0, to: 3", "from: 1, to: 3", 14, "begin on day 0"),
        (PROCEDURE, "from: 4", "from: 3", 15, "day 3 lies in two phases"),
        (PROCEDURE, "from: 4", "from: 6", 15, "day 4 lies in no phase"),
        (PROCEDURE, "from: 0, to: 3", "from: 0, to: null", 15, "has no end"),
        (PROCEDURE, "from: 4, to: null", "from: 4, to: 2", 15, "before it begins"),
        (PROCEDURE, "sources: [leaflet]}\n  - {id: later", "sources: []}\n  - {id: later", 14, "sources"),
        (PROCEDURE, "people: 14, of: 20, ", "", 17, "not whole"),
        (PROCEDURE, "people: 14, of: 20", "people: 24, of: 20", 17, "more people"),
        (PROCEDURE, "baseline_mean: 8.0, ", "", 19, "not whole"),
        (PROCEDURE, "source: study,\n     status", "source: hearsay,\n     status", 17, "not known"),
        (PROCEDURE, "status: read, how", "status: recalled, how", 18, "read"),
        (PROCEDURE, "low: 1", "low: 3", 22, "low is above high"),
        (PROCEDURE, "[14, 90]", "[90, 14]", 9, "do not rise"),
        (PROCEDURE, "id: mean", "id: half", 19, "stands twice"),
        (PROCEDURE, "silence_days: 5", "silence_days: 1", 8, "greater than or equal to 2"),
        (PROCEDURE, "silence_days: 5", "silence_days: 31", 8, "less than or equal to 30"),
        (PROCEDURE, "shared_course: null", "shared_course: _family", 11, "has no course"),
        (WORDS, "  sore: {", "  sour: {", 7, "sore has no words"),
        (WORDS, "caveat: Studies are small.", "caveat: Only 3 studies.", 6, "without a source"),
        (WORDS, "course_name: After a block\n", "", 1, "no words"),
        (WORDS, "    range:", "    rnage:", 15, "range"),
        (COURSE, "    source: study\n    status", "    status", 5, "source"),
        (COURSE, "    source: study\n    status", "    source: hearsay\n    status", 9, "not known"),
        (COURSE, "mean: 3.5", "mean: 10.1", 13, "less than or equal to 10"),
        (COURSE, "mean: 3.5", "mean: .nan", 13, "number"),
        (COURSE, "sd: 1.9", "sd: 5.1", 21, "less than or equal to 5"),
        (COURSE, "day: 7", "day: 0", 12, "stands twice"),
        (COURSE, "- day: 0\n    mean", "- day: 9\n    mean", 12, "comes after day 9"),
        (COURSE, "status: read\n    basis", "status: assumed\n    basis", 25, "read"),
        (COURSE, "    how_read: Read.\nspreads", "    how_read: Read.\n    day: 8\nspreads", 19, "twice"),
        (PAGE, "---\nprocedures", "procedures", 1, "front matter is missing"),
        (PAGE, "3.5 after a week.[^study]", "3.5 after a week.", 10, "listed but not cited"),
        (PAGE, "[^study]", "[^study][^leaflet]", 19, "cited but not listed"),
        (PAGE, "- Rest.", "- Rest for 2 days.", 26, "figure without a source"),
        (PAGE, "## Driving", "## Driving on day 3", 21, "figure without a source"),
        (PAGE, "{clinic_phone}", "{fax}", 25, "nothing is known"),
        (PAGE, "{value:driving_days}", "{value:lifting}", 23, "has no value lifting"),
        (PAGE, "- Rest.", "- <b>Rest.</b>", 26, "plain text"),
        (PAGE, "- Rest.", "- <script>alert(1)</script>", 26, "plain text"),
        (PAGE, "- Rest.", "- [Rest](https://example.org)", 26, "plain text"),
        (PAGE, "- Rest.", "- ![Rest](x)", 26, "plain text"),
        (PAGE, "- Rest.", "- {value:driving_days} Rest.", 25, "inside a paragraph"),
        (PAGE, "> Rest.", "> {warning_signs}", 30, "inside a paragraph"),
        (PAGE, "summary: What it says.", "summary: It helps 95 people.", 4, "without a source"),
        (PAGE, "title: A page", "title: <b>A page</b>", 2, "plain text"),
        (PAGE, "if_right: Yes.", "if_right: '[Yes](https://example.org)'", 2, "plain text"),
        (PAGE, "[block]", "[appendectomy]", 2, "not known"),
        (PAGE, "sources: [study]", "sources: [study, hearsay]", 10, "not known"),
        (PAGE, "to_day: 14", "to_day: -1", 7, "before from_day"),
        (PAGE, "review_date: 2026-11-22", "review_date: soon", 8, "date"),
        (PAGE, "right: 1", "right: 3", 14, "no answer of that number"),
        (PAGE, "[Soreness., Nothing.]", "[Soreness.]", 13, "at least 2"),
        (PAGE, "order: 1", "order: [1", 6, "not YAML"),
        (SPANISH_PAGE, "3,5", "4,5", 1, "figures differ"),
        (SPANISH_PAGE, "if_right: Sí.", "if_right: Sí, 95 veces.", 1, "figures differ"),
        (SPANISH_PAGE, "[^study]", "", 1, "citations differ"),
        (SPANISH_PAGE, "{clinic_phone}", "la clínica", 1, "places differ"),
        (SPANISH_PAGE, "[La molestia., Nada.]", "[La molestia., Nada., Otra.]", 7, "another number"),
        (SPANISH_PAGE, "- Descanse.", "- <i>Descanse.</i>", 19, "plain text"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_with_its_line(  # noqa: PLR0913, PLR0917 - a row of the table
    tmp_path: Path, name: str, old: str, new: str, line: int, problem: str
) -> None:
    """Exactly one problem is told: the file, the line, what is wrong and what to do."""
    [error] = broken(tmp_path, name, old, new)

    assert problem in str(error)
    assert str(error).startswith(f"{Path(name).name}, line {line}: ")
    assert error.line == line
    assert error.remedy
    assert str(error).endswith(error.remedy)


@pytest.mark.parametrize("name", [name for name in GOOD if "/es/" in name])
def test_a_missing_translation_is_refused(tmp_path: Path, name: str) -> None:
    """The error names the file to write."""
    write(tmp_path, {name: None})

    with pytest.raises(BrokenContent, match="no es translation") as refused:
        read_library(tmp_path, LANGUAGES)

    assert [Path(name).name in error.remedy for error in refused.value.errors] == [True]


@pytest.mark.parametrize("name", [name for name in GOOD if "/en/" in name])
def test_a_stale_translation_is_refused(tmp_path: Path, name: str) -> None:
    """An English text that changed has to be looked at again in the other language."""
    write(tmp_path, {name: GOOD[name] + "\n"})

    with pytest.raises(BrokenContent, match="another text of") as refused:
        read_library(tmp_path, LANGUAGES)

    [error] = refused.value.errors
    assert "content stamp" in error.remedy


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    """Front matter alone is not a page."""
    head = GOOD[PAGE][: GOOD[PAGE].index("It was")]
    write(tmp_path, {PAGE: head})

    with pytest.raises(BrokenContent, match="no text"):
        read_library(tmp_path, LANGUAGES)


def test_a_page_name_has_to_fit_an_address(tmp_path: Path) -> None:
    """The name of the file becomes part of the page's address."""
    write(tmp_path, {"procedures/block/en/pages/A page.md": GOOD[PAGE]})

    with pytest.raises(BrokenContent, match="name of the file"):
        read_library(tmp_path, LANGUAGES)


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    """A procedure cannot have its own page and a shared one at the same address."""
    write(tmp_path)
    for language in ("en", "es"):
        shared = tmp_path / "common" / language / "pages" / "a-page.md"
        shared.parent.mkdir()
        own = tmp_path / "procedures" / "block" / language / "pages" / "a-page.md"
        shared.write_bytes(own.read_bytes())

    with pytest.raises(BrokenContent, match="block has another page of this name"):
        read_library(tmp_path, LANGUAGES)


def test_every_broken_file_is_named_at_once(tmp_path: Path) -> None:
    """Whoever edits content mends it in one round."""
    folder = "procedures/block/en/pages"
    bad = GOOD[PAGE].replace("- Rest.", "- Rest for 2 days.")
    write(tmp_path, {f"{folder}/b-page.md": bad, f"{folder}/c-page.md": bad})

    with pytest.raises(BrokenContent) as refused:
        read_library(tmp_path, LANGUAGES)

    assert {error.path for error in refused.value.errors} == {"b-page.md", "c-page.md"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "just words\n",
        "- a list\n",
        "a: \x01\n",
        "&a [*a]\n",
        '? !!binary "YQ=="\n: 1\n',
        "[" * 3_000 + "]" * 3_000,
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    """An empty file, or one of another kind, is refused in words."""
    write(tmp_path, {COURSE: text})

    with pytest.raises(BrokenContent, match=r"course\.yaml, line 1"):
        read_library(tmp_path, LANGUAGES)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Content is UTF-8, so that every language can be written."""
    write(tmp_path)
    (tmp_path / COURSE).write_bytes("name: Käse".encode("latin-1"))

    with pytest.raises(BrokenContent, match="UTF-8"):
        read_library(tmp_path, LANGUAGES)
