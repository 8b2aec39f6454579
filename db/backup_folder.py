"""The folder that backups go to: whether it may be used, and what is deleted in it."""

import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from shutil import disk_usage

from db.addresses import ROOT
from db.backup_faults import FolderOpen, FolderUnmarked, FolderUnusable, NoRoom, refused
from db.sqlite_file import keep_on_disk, make_private
from recovery.backups import ROOM_NEEDED, surplus
from recovery.errors import InvalidEntry

MARK_FILE = ".mendline-backups"
"""Lies in each folder that was chosen, so that it is told from an empty mount point."""

PASSING = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # noqa: S108 - to refuse them
"""Where systems delete what is old, lose it with the power, or give each service its own."""

_TRIED = ".mendline-try"
_MARK_WORDS = (
    "Mendline keeps backups in this folder. Without this file it makes none here, because the "
    "disk of the folder could be away.\n"
)
_OPEN = (
    "Others can write to this folder, or it is somebody else's. Choose one that belongs to the "
    "account of the server, and that it alone can write (chmod 700)."
)
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def use_folder(folder: str) -> Path:
    """
    Make *folder* when it is missing, try to keep a file in it, mark it, and return it.

    Args:
        folder: From the root of the disk, outside of the app's own files or below ``data``.

    Returns:
        Where it is, past all links: this is what a plan keeps.

    Raises:
        InvalidEntry: Saying what is wrong with it.
    """
    path = Path(folder.strip())
    if not path.is_absolute():
        raise InvalidEntry(
            "Write the folder from the root of the disk, such as /var/backups/mendline."
        )
    try:
        path = path.resolve()
        _refuse_place(path)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_open(path):
            raise InvalidEntry(_OPEN)
        _try(path)
        _mark(path)
    # A link that leads to itself is said to be an error of the program.
    except (OSError, RuntimeError) as error:
        raise InvalidEntry(
            "The server cannot write to this folder. Choose another one, or have it opened."
        ) from error
    return path


def refuse_other_folder(folder: Path) -> None:
    """
    Refuse what is not, or not any more, a folder that ``use_folder`` returned.

    It is not made anew, and needs its mark: where a disk is away, its mount point is an empty
    folder, and the copies would fill another disk.

    Raises:
        DatabaseUnavailable: If it is gone, has no mark, or others can write in it.
    """
    try:
        if not folder.is_dir():
            raise refused(FolderUnusable)
        if not (folder / MARK_FILE).is_file():
            raise refused(FolderUnmarked)
        if _is_open(folder):
            raise refused(FolderOpen)
    except OSError as error:
        raise refused(FolderUnusable) from error


def refuse_little_room(folder: Path, size_bytes: int) -> None:
    """
    Refuse a disk on which a copy of a database of *size_bytes* would leave too little room.

    Raises:
        DatabaseUnavailable: If it is too full, or cannot be asked.
    """
    try:
        free_bytes = disk_usage(folder).free
    except OSError as error:
        raise refused(FolderUnusable) from error
    if free_bytes < ROOM_NEEDED * size_bytes:
        raise refused(NoRoom)


def remove_surplus(
    folder: Path, mark: str, keep: int, *, newest_at: datetime, is_faulty: bool = False
) -> list[str]:
    """
    Delete this installation's oldest copies beyond *keep*, and return which could not be.

    Good ones and faulty ones are counted apart, and none from after *newest_at* (UTC).

    Nothing that bears another name than ``recovery.backups.copy_name`` gives is touched.
    """
    stayed = []
    names = [each.name for each in folder.iterdir()]
    for name in surplus(names, mark, keep, newest_at=newest_at, is_faulty=is_faulty):
        try:
            (folder / name).unlink()
        except OSError:
            stayed.append(name)
    return stayed


def _refuse_place(path: Path) -> None:
    if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "data"):
        raise InvalidEntry("Choose a folder outside of Mendline's own files.")
    if any(path.is_relative_to(each.resolve()) for each in PASSING):
        raise InvalidEntry(
            "What is in this folder is deleted from time to time. Choose one that lasts."
        )


def _is_open(folder: Path) -> bool:
    """Tell whether somebody else could exchange what is in *folder*."""
    state = folder.stat()
    return state.st_uid != os.geteuid() or bool(state.st_mode & _WRITTEN_BY_OTHERS)


def _mark(folder: Path) -> None:
    file = folder / MARK_FILE
    with suppress(FileExistsError):
        make_private(file)
        file.write_text(_MARK_WORDS, "utf-8")
        keep_on_disk(file)
    keep_on_disk(folder)


def _try(folder: Path) -> None:
    file = folder / f"{_TRIED}-{os.getpid()}"
    with suppress(FileNotFoundError):
        file.unlink()
    make_private(file)
    try:
        file.write_bytes(bytes(4_096))
        keep_on_disk(file)
    finally:
        file.unlink()
