"""
What can be wrong with a backup, each in one sentence.

A job keeps the kind of its last failure alone, so each kind has words of its own that hold
neither a path nor a value.
"""

from recovery.errors import DatabaseUnavailable, RecoveryError


class BackupRefused(DatabaseUnavailable):
    """A backup cannot be made, or not be used."""

    words = "The backup could not be made. Look at the log of the server."


class NoRoom(BackupRefused):
    """The disk of the backup is full."""

    words = (
        "There is no room for the backup. Make room in its folder, keep fewer copies, or "
        "choose another folder."
    )


class FolderUnusable(BackupRefused):
    """The folder of the backup is gone, or cannot be written."""

    words = (
        "The folder cannot be written. Check that it is there, and that whoever makes the backup "
        "may write in it."
    )


class FolderUnmarked(BackupRefused):
    """The folder does not hold the mark that was made when it was chosen."""

    words = (
        "The folder for backups is not the one that was chosen: its disk may be away. "
        "Check the disk, or save the plan of backups again."
    )


class FolderOpen(BackupRefused):
    """Others than the server's account can write in the folder, or it is theirs."""

    words = (
        "Others can write to the folder for backups, or it is somebody else's. "
        "Let it belong to the server's account, which alone may write there."
    )


class CopyExchanged(BackupRefused):
    """Another file took the place of the copy while it was made; it was thrown away."""

    words = (
        "Another file came in the place of the backup while it was made, and was removed. "
        "Look who can write to its folder."
    )


class DatabaseBusy(BackupRefused):
    """Somebody held the database for too long."""

    words = "The database was busy for too long. Make the backup again in a moment."


class CopyDamaged(BackupRefused):
    """The copy, or the database it was made of, is damaged; the copy was thrown away."""

    words = "The copy was damaged and was removed. Run `uv run python -m db check` on the database."


class CopyDiffers(BackupRefused):
    """The copy does not hold as many rows as the database; it was thrown away."""

    words = "The copy was not whole and was removed. Make the backup again, and check the disk."


class RowsWithoutRecord(BackupRefused):
    """The copy is true to a database in which rows refer to records that are gone."""

    words = (
        "The backup was kept, but some entries in it belong to records that are gone. "
        "Run `uv run python -m db check`, and keep older backups."
    )


class AuditBroken(BackupRefused):
    """The copy is true to a database whose audit does not hold."""

    words = (
        "The backup was kept, but the audit in it is broken. "
        "Run `uv run python -m db audit verify`, and keep older backups."
    )


_KINDS: dict[str, type[BackupRefused]] = {
    kind.__name__: kind
    for kind in (
        NoRoom,
        FolderUnusable,
        FolderUnmarked,
        FolderOpen,
        DatabaseBusy,
        CopyDamaged,
        CopyDiffers,
        CopyExchanged,
        RowsWithoutRecord,
        AuditBroken,
    )
}


def keeps_copy(kind: str) -> bool:
    """Tell whether a failure of *kind*, as a job keeps it, left a copy that is true and whole."""
    return kind in {RowsWithoutRecord.__name__, AuditBroken.__name__}


def failure_words(kind: str) -> str:
    """Return what an administrator is told of a failure of *kind*, as a job keeps it."""
    return _KINDS.get(kind, BackupRefused).words


def refused(kind: type[BackupRefused]) -> RecoveryError:
    """Return a refusal of *kind* in its own words."""
    return kind(kind.words)
