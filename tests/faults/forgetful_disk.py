"""A disk that loses what was not synced when the power is cut, or that is full, under SQLite."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import apsw

_SECTOR = 512
_numbers = count()


class PowerCut(Exception):
    """The power is gone; the program that ran learns nothing any more."""


@dataclass(slots=True)
class _Kept:
    """
    What is on the disk for certain of one file, and what was written since.

    Attributes:
        durable: As it was at the last sync.
        is_named: Whether the folder is sure to have the name.
        pending: Writes (offset and bytes) and cuts (length and None) since then, in order.
    """

    durable: bytearray = field(default_factory=bytearray)
    is_named: bool = False
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Make all of it certain."""
        for change in self.pending:
            _apply(self.durable, change)
        self.pending.clear()
        self.is_named = True

    def survivor(self, chance: random.Random) -> bytes | None:
        """Return what is left after a cut: a part of what was written since; None for no file."""
        if not self.is_named and chance.random() < 0.5:
            return None
        image = bytearray(self.durable)
        for change in _some(self.pending, chance):
            _apply(image, change)
        return bytes(image)


class ForgetfulDisk(apsw.VFS):
    """
    Files in real folders, whose syncs are only written down.

    Attributes:
        steps: Writes, cuts to length, syncs and deletions so far.
    """

    def __init__(self, *, cut_at: int | None = None, full: range = range(0)) -> None:
        """
        Make a disk.

        Args:
            cut_at: The step at which the power is cut; None for never.
            full: The steps at which there is no room to write.
        """
        self.name = f"forgetful-{next(_numbers)}"
        super().__init__(self.name, "")
        self.steps = 0
        self._cut_at = cut_at
        self._full = full
        self._files: dict[str, _Kept] = {}

    @property
    def is_off(self) -> bool:
        """Whether the power is cut."""
        return self._cut_at is not None and self.steps >= self._cut_at

    def hold(self, file: Path) -> None:
        """Take *file* as one that is on the disk for certain."""
        self._files[str(file)] = _Kept(durable=bytearray(file.read_bytes()), is_named=True)

    def kept(self, name: str) -> _Kept:
        """Return what is known of the file *name*, new if it is."""
        return self._files.setdefault(name, _Kept())

    def step(self, *, writes: bool = False) -> bool:
        """
        Count a step, and return whether it is done.

        Raises:
            PowerCut: If this is the step of the cut; whatever comes after it is not done.
            apsw.FullError: If it writes while there is no room.
        """
        if self.is_off:
            return False
        self.steps += 1
        if self.is_off:
            raise PowerCut
        if writes and self.steps in self._full:
            raise apsw.FullError
        return True

    def leave(self, folder: Path, chance: random.Random) -> None:
        """Put into *folder* what a machine would find after the cut."""
        for name, kept in self._files.items():
            content = kept.survivor(chance)
            if content is not None:
                (folder / Path(name).name).write_bytes(content)

    def xOpen(  # noqa: N802 - the names of SQLite
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> "_File":
        """Open a file, or one without a name."""
        return _File(self, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802 - the names of SQLite
        """Delete a file, for certain."""
        if self.step():
            self._files.pop(name, None)
            super().xDelete(name, syncdir)


class _File(apsw.VFSFile):
    def __init__(
        self, disk: ForgetfulDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__("", name, flags)
        spelled = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk = disk
        # A file without a name is nobody's after a cut.
        self._kept = disk.kept(spelled) if spelled else _Kept()

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - the names of SQLite
        if self._disk.is_off:
            return
        try:
            self._disk.step(writes=True)
        except PowerCut:
            # What was being written may be there in part.
            self._kept.pending.append((offset, bytes(data)))
            raise
        self._kept.pending.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - the names of SQLite
        if self._disk.step():
            self._kept.pending.append((newsize, None))
            super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802 - the names of SQLite
        if self._disk.step():
            self._kept.sync()


def _apply(image: bytearray, change: tuple[int, bytes | None]) -> None:
    at, data = change
    if data is None:
        del image[at:]
        return
    image.extend(bytes(max(0, at - len(image))))
    image[at : at + len(data)] = data


def _some(
    pending: Sequence[tuple[int, bytes | None]], chance: random.Random
) -> list[tuple[int, bytes | None]]:
    """Return the first few of *pending*, or any of them, the last perhaps torn at a sector."""
    if chance.random() < 0.5:
        some = list(pending[: chance.randint(0, len(pending))])
    else:
        some = [change for change in pending if chance.random() < 0.5]
    if some and some[-1][1] is not None and chance.random() < 0.5:
        at, data = some[-1]
        sectors = len(data or b"") // _SECTOR
        some[-1] = (at, (data or b"")[: _SECTOR * chance.randint(0, sectors)])
    return some
