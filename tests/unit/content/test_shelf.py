"""What is served while files are edited: the last that fitted together, and never a part."""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event
from types import SimpleNamespace

import pytest

from content import shelf
from content.errors import BrokenContent
from content.library import Library, read_library
from content.shelf import LOOK_SECONDS, Served
from content.translations import stamp
from recovery.wording import Language, speaking
from tests.unit.content.folder import write

PROCEDURE = "procedures/block/procedure.yaml"
WORDS = "procedures/block/en/words.yaml"
PAGE = "procedures/block/en/pages/a-page.md"
PROBLEM = "procedure.yaml, line 2: order: Input should be a valid integer"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder of good content."""
    return write(tmp_path)


def _clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Space looks by a clock that stands until its one number is changed."""
    ticking = [100.0]
    clock = SimpleNamespace(monotonic=lambda: ticking[0])
    monkeypatch.setattr("content.shelf.time", clock)
    return ticking


def _replace(root: Path, name: str, old: str, new: str) -> None:
    """Edit a file, and stamp its translation as looked at."""
    file = root / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    with _later(file):
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    if "/en/" in name:
        translation = root / name.replace("/en/", "/es/")
        with _later(translation):
            stamp(translation)


@contextmanager
def _later(file: Path) -> Iterator[None]:
    """Write a file later than it was written before, by any clock."""
    written = file.stat().st_mtime_ns
    yield
    os.utime(file, ns=(written + 1_000_000, written + 1_000_000))


def _name(served: Served) -> str:
    return served.library().shelves[Language.ENGLISH].procedures["block"].name


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "content.shelf"]


@pytest.mark.parametrize(
    "changes", [{PROCEDURE: "order: 1"}, {WORDS: None}, {"common/sources.yaml": ""}]
)
def test_nothing_good_is_nothing_served(tmp_path: Path, changes: dict[str, str | None]) -> None:
    """The first reading refuses what later ones would keep back."""
    with pytest.raises(BrokenContent, match="line 1"):
        Served(write(tmp_path, changes))


def test_no_folder_is_nothing_served(tmp_path: Path) -> None:
    """A wrong folder is not taken for one with no procedures."""
    with pytest.raises(FileNotFoundError):
        Served(tmp_path / "nowhere")


def test_an_edit_is_served(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After the next look, and not before."""
    caplog.set_level(logging.INFO, logger="content.shelf")
    served = Served(root)
    _replace(root, WORDS, "name: A block", "name: A test block")
    assert _name(served) == "A block"

    served.look()

    assert _name(served) == "A test block"
    assert served.problem == ""
    assert _said(caplog) == ["The changed content is served."]


def test_broken_content_is_kept_back(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The last good content is served, and file, line and remedy are logged once."""
    served = Served(root)
    before = served.library()
    _replace(root, PROCEDURE, "order: 1", "order: first")

    served.look()
    served.look()

    assert served.library() is before
    assert PROBLEM in served.problem
    assert "Check the value against its source" in served.problem
    [said] = _said(caplog)
    assert said == f"The changed content is not served:\n{served.problem}"


def test_one_broken_file_keeps_back_the_good_ones(root: Path) -> None:
    """Texts that were changed together are served together."""
    served = Served(root)
    _replace(root, WORDS, "name: A block", "name: A test block")
    _replace(root, PAGE, "[^study]", "[^hearsay]")

    served.look()

    assert _name(served) == "A block"
    assert "a-page.md, line " in served.problem


@pytest.mark.parametrize(
    "name", ["common/en/.#signs.yaml", "procedures/block/en/pages/._a-page.md"]
)
def test_an_editors_own_files_are_not_content(root: Path, name: str) -> None:
    """A lock that leads nowhere and a shadow of a page neither stop a start nor hold edits back."""
    (root / name).symlink_to("nobody@nowhere")

    served = Served(root)
    (root / name).unlink()
    (root / name).write_text("no page", encoding="utf-8")
    served.look()

    assert served.problem == ""


def test_an_edit_in_a_linked_folder_is_seen(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A folder may lie elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "block"
    (root / "procedures" / "block").rename(elsewhere)
    (root / "procedures" / "block").symlink_to(elsewhere)
    served = Served(root)

    _replace(root, PROCEDURE, "order: 1", "order: first")
    served.look()

    assert PROBLEM in served.problem


def test_mended_content_is_served(root: Path) -> None:
    """The problem is over, and what was changed beside it is served too."""
    served = Served(root)
    _replace(root, PROCEDURE, "order: 1", "order: first")
    served.look()
    _replace(root, WORDS, "name: A block", "name: A test block")
    served.look()
    assert PROBLEM in served.problem

    _replace(root, PROCEDURE, "order: first", "order: 1")
    served.look()

    assert served.problem == ""
    assert _name(served) == "A test block"


def test_a_new_file_and_a_deleted_one_are_seen(root: Path) -> None:
    """What is there is what counts, not what was there first."""
    served = Served(root)
    for page in (PAGE, PAGE.replace("/en/", "/es/")):
        (root / page).rename((root / page).with_name("another.md"))

    served.look()

    pages = served.library().shelves[Language.ENGLISH].pages_for("block")
    assert [page.slug for page in pages] == ["another"]


def test_a_folder_that_goes_away_keeps_the_last(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As while it is copied anew; what comes back is served, changed or not."""
    served = Served(root)
    away = root.with_name("away")
    root.rename(away)
    served.look()
    served.look()
    assert _name(served) == "A block"
    assert served.problem.startswith("procedures cannot be read (No such file")
    assert len(_said(caplog)) == 1

    away.rename(root)
    served.look()

    assert served.problem == ""
    assert _name(served) == "A block"


def test_a_file_that_goes_while_it_is_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor that replaces files never ends a page in an error."""
    served = Served(root)

    def vanish(_root: Path) -> dict[str, tuple[int, int]]:
        raise FileNotFoundError(2, "No such file or directory", str(root / WORDS))

    with monkeypatch.context() as patched:
        patched.setattr(shelf, "_state", vanish)
        served.look()
    assert served.problem.startswith("words.yaml cannot be read")
    assert _name(served) == "A block"

    served.look()
    assert served.problem == ""


def test_files_are_looked_at_every_few_seconds(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page costs no look when another had one just before."""
    ticking = _clock(monkeypatch)
    served = Served(root)
    _replace(root, WORDS, "name: A block", "name: A test block")

    ticking[0] += LOOK_SECONDS - 0.1
    assert _name(served) == "A block"
    ticking[0] += 0.1
    assert _name(served) == "A test block"


def test_two_at_once_get_one_whole_library(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes while another reads gets the old one at once, and never waits."""
    ticking = _clock(monkeypatch)
    served = Served(root)
    before = served.library()
    reads, go_on = Event(), Event()

    def slow(folder: Path) -> Library:
        reads.set()
        assert go_on.wait(timeout=30)
        return read_library(folder)

    monkeypatch.setattr(shelf, "read_library", slow)
    _replace(root, WORDS, "name: A block", "name: A test block")
    ticking[0] += LOOK_SECONDS
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(served.library)
        assert reads.wait(timeout=30)
        assert served.library() is before
        go_on.set()
        after = first.result(timeout=30)

    assert after.shelves[Language.ENGLISH].procedures["block"].name == "A test block"
    assert served.library() is after


def test_the_first_call_reads_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads that both need content first get the same."""
    monkeypatch.setattr(shelf, "_served", [])
    monkeypatch.setattr(shelf, "CONTENT_FOLDER", root)
    start = Barrier(2)

    def first(_which: int) -> Served:
        start.wait(timeout=30)
        return shelf.served()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(first, range(2))

    assert one is other
    assert list(shelf.procedures()) == ["block"]


def test_each_reader_has_their_language(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the same library, whoever asks."""
    monkeypatch.setattr(shelf, "_served", [Served(root)])

    with speaking(Language.SPANISH):
        assert shelf.procedures()["block"].name == "Un bloqueo"
        assert [page.title for page in shelf.pages_for("block")] == ["Una página"]
    assert shelf.procedures()["block"].name == "A block"
