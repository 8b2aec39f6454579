"""The folder of backups: what is none, and who may write there."""

import os
import stat
from pathlib import Path

import pytest

from db import backup_folder
from db.addresses import ROOT
from db.backup_faults import (
    FolderOpen,
    FolderUnmarked,
    FolderUnusable,
)
from db.backup_folder import MARK_FILE, PASSING, remove_surplus, use_folder
from db.backup_job import back_up_when_due
from db.engine import Database
from recovery.backups import RETRY_AFTER, copy_name
from recovery.errors import InvalidEntry
from tests.db.backups.plans import DAY, names_in, plan_for, store_plan
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("lasting_folders")


@pytest.mark.parametrize("below", ["", "static", "db/migrations", "data/../pages"])
def test_the_apps_own_files_are_no_place(below: str) -> None:
    """Nothing is made there."""
    with pytest.raises(InvalidEntry, match="outside of Mendline"):
        use_folder(str(ROOT / below / "copies" if below else ROOT))
    assert not (ROOT / below / "copies").exists()


@pytest.mark.parametrize("folder", ["copies", "~/copies", "./copies", "C:copies"])
def test_a_folder_is_named_from_the_root(folder: str) -> None:
    with pytest.raises(InvalidEntry, match="from the root"):
        use_folder(folder)


def test_a_link_into_the_apps_files_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "pages")

    with pytest.raises(InvalidEntry, match="outside of Mendline"):
        use_folder(str(tmp_path / "link"))


def test_a_missing_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """And left empty but for its mark, which is for people too; a second time changes nothing."""
    made = use_folder(f" {tmp_path / 'a' / 'b'} ")
    before = (made / MARK_FILE).read_text("utf-8")
    assert use_folder(str(made)) == made

    assert made == tmp_path / "a" / "b"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert names_in(made) == []
    assert (made / MARK_FILE).read_text("utf-8") == before
    assert before.startswith("Mendline keeps backups in this folder.")


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_folder_in_which_others_write_is_refused(
    database: Database, folder: Path, mode: int
) -> None:
    """When it is chosen, and each time before a copy is made; reading it does no harm."""
    store_plan(database, plan_for(folder))
    folder.chmod(mode)
    with pytest.raises(InvalidEntry, match="Others can write"):
        use_folder(str(folder))
    with pytest.raises(FolderOpen):
        back_up_when_due(database, NOW)
    assert names_in(folder) == []

    folder.chmod(0o755)

    assert use_folder(str(folder)) == folder
    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_a_folder_of_somebody_else_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)

    with pytest.raises(InvalidEntry, match="Others can write"):
        use_folder(str(folder))


@pytest.mark.parametrize("place", ["/tmp", "/var/tmp/backups", "/dev/shm/a/b", "/tmp/../tmp/a"])
def test_what_does_not_last_is_no_place(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Nothing is made there."""
    monkeypatch.setattr(backup_folder, "PASSING", PASSING)
    before = Path(place).exists()

    with pytest.raises(InvalidEntry, match="Choose one that lasts"):
        use_folder(place)

    assert Path(place).exists() is before


def test_a_link_is_followed_once_and_for_all(tmp_path: Path) -> None:
    """What a plan keeps is where it led then; one that leads to itself leads nowhere."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert use_folder(str(tmp_path / "link")) == tmp_path / "real"
    with pytest.raises(InvalidEntry, match="cannot write"):
        use_folder(str(tmp_path / "loop"))


def test_an_empty_mount_point_is_not_filled(database: Database, folder: Path) -> None:
    """Its disk is away, and with it the mark: the copies would fill the system's own."""
    store_plan(database, plan_for(folder))
    disk = folder.rename(folder.with_name("disk"))
    folder.mkdir()

    with pytest.raises(FolderUnmarked):
        back_up_when_due(database, NOW)

    assert names_in(folder) == []
    folder.rmdir()
    disk.rename(folder)
    assert back_up_when_due(database, NOW + RETRY_AFTER)


def test_a_folder_that_takes_no_file_is_refused(tmp_path: Path) -> None:
    """A file stands in its place, or above it."""
    (tmp_path / "file").write_text("")

    for wrong in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/copies")):
        with pytest.raises(InvalidEntry, match="cannot write"):
            use_folder(str(wrong))


def test_only_own_copies_are_deleted(folder: Path) -> None:
    """What cannot be is named, and the rest goes all the same."""
    own = [copy_name("0a1b2c3d", NOW + number * DAY) for number in range(4)]
    for name in (*own[1:], "notes.txt", copy_name("ffffffff", NOW)):
        (folder / name).write_text("")
    (folder / own[0]).mkdir()

    assert remove_surplus(folder, "0a1b2c3d", 1, newest_at=NOW + 3 * DAY) == [own[0]]
    assert names_in(folder) == sorted([own[0], own[3], "notes.txt", copy_name("ffffffff", NOW)])


def test_a_disk_that_cannot_be_asked_is_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable):
        backup_folder.refuse_little_room(tmp_path / "gone", 1)
