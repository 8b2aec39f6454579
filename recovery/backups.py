"""When a database is backed up, what its copies are called, and which may be deleted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.days import zone
from recovery.errors import InvalidEntry
from recovery.text import require_text

MAX_KEEP = 365
MAX_FOLDER_LENGTH = 500

RETRY_AFTER = timedelta(hours=1)
"""How long after a run began the next may begin, whatever came of it."""

LATE_AFTER = timedelta(hours=26)
"""Age of the last success from which something is wrong: a day, and two hours to get it done."""

ROOM_NEEDED = 2
"""Free room, in sizes of the database, below which no copy is begun: it may share the disk."""

_FAULTY = "-faulty"
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan:
    """
    When the server backs its database up by itself.

    Attributes:
        hour: On the clock of *time_zone*, 0 to 23.
        time_zone: IANA name.
        folder: Where to, from the root of the disk.
        keep: How many copies stay, 1 to ``MAX_KEEP``.
    """

    hour: int
    time_zone: str
    folder: str
    keep: int

    def cleaned(self) -> "BackupPlan":
        """
        Return the plan as it may be stored.

        Raises:
            InvalidEntry: Naming what to change.
        """
        if not 0 <= self.hour <= 23:  # noqa: PLR2004 - hours of a day
            raise InvalidEntry("Choose the hour of the backup from 0 to 23.")
        if not 1 <= self.keep <= MAX_KEEP:
            raise InvalidEntry(f"Keep from 1 to {MAX_KEEP} backups.")
        zone(self.time_zone)
        folder = require_text(
            self.folder, max_length=MAX_FOLDER_LENGTH, what="folder for the backups"
        )
        if not folder.isprintable():
            raise InvalidEntry("Write the folder in one line, with signs that can be seen.")
        return BackupPlan(hour=self.hour, time_zone=self.time_zone, folder=folder, keep=self.keep)

    def last_due(self, now: datetime) -> datetime:
        """Return the newest instant not after *now* at which a backup was due."""
        here = now.astimezone(zone(self.time_zone))
        # On a day without that hour it is due an hour later, on one with two at the first.
        today = here.replace(hour=self.hour, minute=0, second=0, microsecond=0, fold=0)
        candidates = (today, today - timedelta(days=1), today - timedelta(days=2))
        # Compared as instants: two times of one zone are compared by their clocks alone.
        instants = (each.astimezone(now.tzinfo) for each in candidates)
        return max(each for each in instants if each <= now)


def is_due(
    plan: BackupPlan, now: datetime, *, copied_at: Iterable[datetime], started_at: datetime | None
) -> bool:
    """
    Tell whether to back up now.

    What was missed while the server was off is made up for, and the first copy is made as soon
    as there is a plan, so that it shows at once whether it works.

    Args:
        plan: When.
        now: The instant (UTC).
        copied_at: When runs began that left a copy, whatever is wrong with what was copied.
        started_at: When the last run began, whatever came of it.
    """
    due = plan.last_due(now)
    # A clock that was ahead and was set back must not stop backups, whatever it noted before.
    is_done = any(due <= each <= now for each in copied_at)
    is_tried = started_at is not None and timedelta(0) <= now - started_at < RETRY_AFTER
    return not is_done and not is_tried


def age(now: datetime, *, succeeded_at: datetime | None, planned_at: datetime) -> timedelta:
    """
    Return how long ago the last success was, counted from the plan while there was none yet.

    A success that lies ahead was noted by a clock that was wrong. The further ahead, the less it
    says: it counts as long past, and one of a moment ahead, as two clocks may differ, as new.
    """
    return abs(now - (succeeded_at or planned_at))


def is_late(now: datetime, *, succeeded_at: datetime | None, planned_at: datetime) -> bool:
    """Tell whether a success is overdue."""
    return age(now, succeeded_at=succeeded_at, planned_at=planned_at) > LATE_AFTER


def copy_name(mark: str, at: datetime, *, is_faulty: bool = False) -> str:
    """
    Return the name of a copy.

    Args:
        mark: Of the installation, so that two may share a folder.
        at: When it was begun (UTC).
        is_faulty: Whether it is true to a database with a fault of its own.
    """
    return f"mendline-{mark}-{at:{_STAMP}}{_FAULTY if is_faulty else ''}.db"


def surplus(
    names: Iterable[str], mark: str, keep: int, *, newest_at: datetime, is_faulty: bool = False
) -> list[str]:
    """
    Return which of *names* may be deleted, oldest first.

    Names of a later instant than the newest copy's were given by a clock that was wrong: they
    are left out of the count, or each new copy would be deleted for them.

    Args:
        names: Of files in the folder.
        mark: Of the installation; copies of another, and other files, are never in the answer.
        keep: How many of the newest stay, 1 or more.
        newest_at: When the copy that was just made was begun (UTC).
        is_faulty: Whether of the faulty ones, which are counted by themselves: none of them
            takes the place of a good one.
    """
    newest = copy_name(mark, newest_at, is_faulty=is_faulty)
    form = _form(mark, _FAULTY if is_faulty else "")
    made = sorted(name for name in names if form.fullmatch(name) and name <= newest)
    return made[: max(0, len(made) - max(1, keep))]


def dated_ahead(names: Iterable[str], mark: str, now: datetime) -> list[str]:
    """Return which of *names* are of copies of this installation from after *now* (UTC)."""
    form = _form(mark, f"(?:{_FAULTY})?")
    stamp = f"{now:{_STAMP}}"
    return sorted(name for name in names if (found := form.fullmatch(name)) and found[1] > stamp)


def _form(mark: str, ending: str) -> re.Pattern[str]:
    return re.compile(rf"mendline-{re.escape(mark)}-(\d{{8}}T\d{{6}}Z){ending}\.db")


def size_words(size_bytes: int) -> str:
    """Write a size as people read it: ``12.3 MB``."""
    megabytes = size_bytes / 1_000_000
    return f"{megabytes / 1_000:.1f} GB" if megabytes >= 1_000 else f"{megabytes:.1f} MB"  # noqa: PLR2004 - megabytes of a gigabyte
