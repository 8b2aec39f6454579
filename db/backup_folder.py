"""The folder that backups go to: whether it may be used, and what is deleted in it."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from shutil import disk_usage

from db.addresses import ROOT
from db.backup_faults import FolderUnusable, NoRoom, refused
from db.sqlite_file import keep_on_disk, make_private
from recovery.backups import ROOM_NEEDED, surplus
from recovery.errors import InvalidEntry

_TRIED = ".mendline-try"


def use_folder(folder: str) -> Path:
    """
    Make *folder* when it is missing, try to keep a file in it, and return it.

    Args:
        folder: From the root of the disk, outside of the app's own files or below ``data``.

    Raises:
        InvalidEntry: Saying what is wrong with it.
    """
    path = Path(folder.strip())
    if not path.is_absolute():
        raise InvalidEntry(
            "Write the folder from the root of the disk, such as /var/backups/mendline."
        )
    path = path.resolve()
    if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "data"):
        raise InvalidEntry("Choose a folder outside of Mendline's own files.")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _try(path)
    except OSError as error:
        raise InvalidEntry(
            "The server cannot write to this folder. Choose another one, or have it opened."
        ) from error
    return path


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
