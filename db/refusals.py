"""What the databases' own errors mean, in plain words and without the values they name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from recovery.errors import DatabaseUnavailable, Interrupted, OutcomeUnknown
from recovery.wording import marked, tr

_BUSY = marked("The database is busy. Nothing was lost: try again in a moment.")
_READ_ONLY = marked("The database can only be read now. Tell the clinic, and try again later.")
_DISK_FULL = marked("The disk of the server is full. Tell the clinic, and try again later.")
_DAMAGED = marked("The database file cannot be read. Tell the clinic, and keep the file as it is.")
_UNREACHABLE = marked(
    "The database cannot be reached now. Nothing was lost: try again in a moment."
)
_UNKNOWN = marked(
    "The connection broke while this was being stored. "
    "Look whether it is there, then try again if it is not."
)
_MEANINGS = (
    (("locked", "deadlock"), _BUSY),
    (("readonly", "read-only"), _READ_ONLY),
    (("disk is full", "disk full", "no space left"), _DISK_FULL),
    (("malformed", "not a database"), _DAMAGED),
)
_CODES = {"25006": _READ_ONLY, "40001": _BUSY, "40P01": _BUSY, "55P03": _BUSY, "53100": _DISK_FULL}
"""PostgreSQL's codes, since a server may speak another language than English."""

REASONS = {
    _BUSY: "busy",
    _READ_ONLY: "read only",
    _DISK_FULL: "disk full",
    _DAMAGED: "damaged",
    _UNREACHABLE: "unreachable",
}
"""What the words of ``plain_words`` stand for, in two words at most, to be counted by."""

_NOTHING_TO_UNDO = "no such savepoint"
_OUR_OWN_MISTAKE = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
_REFUSED_VALUE = "22"
"""First two characters of PostgreSQL's codes for a value of the wrong form."""

_ONLY_READ = "25006"
"""A server that took writes until another was promoted in its place."""

_GONE = (_ONLY_READ, "57P01", "57P02", "57P03", "57P05", "25P03", "25P04")
"""The server ends the connection, stops, crashes, starts or steps back."""

_CONNECTION = "08"
"""First two characters of PostgreSQL's codes for a connection that broke."""

_IN_THE_WAY = ("40001", "40P01")
"""Another transaction came first: a conflict of what was read, or a deadlock."""


@dataclass(slots=True)
class Stage:
    """
    How far a transaction came.

    Attributes:
        is_committing: Whether the server was asked to keep it.
    """

    is_committing: bool = False


@contextmanager
def translated(stage: Stage | None = None) -> Iterator[None]:
    """
    Turn what makes a database unusable into words for a person.

    A statement that is wrong in itself, or breaks a constraint, passes through.

    Args:
        stage: Of the transaction inside, kept by whoever commits it.

    Raises:
        Interrupted: If nothing was stored, and the same may be done again.
        OutcomeUnknown: If the connection broke while the server was asked to keep it.
        DatabaseUnavailable: Otherwise; in one plain sentence, as the two above.
    """
    try:
        yield
    except _OUR_OWN_MISTAKE:
        raise
    except (DatabaseError, InterfaceError) as error:
        # PostgreSQL's "internal" errors hold a server that can only be read, and mistakes.
        if _is_mistake(error):
            raise
        raise _refusal(error, stage or Stage()) from error
    except NoConnectionFree as error:
        raise DatabaseUnavailable(tr(_BUSY)) from error


def plain_words(error: DBAPIError) -> str:
    """Return what a person may be told of *error*, to be looked up with ``tr``."""
    if words := _CODES.get(_code_of(error.orig)):
        return words
    reason = _reason(error)
    for signs, words in _MEANINGS:
        if any(sign in reason for sign in signs):
            return words
    return _UNREACHABLE


def _reason(error: DBAPIError) -> str:
    """
    Return what the database said first, in small letters.

    On a full disk SQLite undoes the whole transaction; to undo a part of it is then one more error.
    """
    reason, before = str(error.orig).lower(), error.__context__
    while _NOTHING_TO_UNDO in reason and before is not None:
        reason = str(before.orig).lower() if isinstance(before, DBAPIError) else reason
        before = before.__context__
    return reason


def leave_lost_server(context: sa.engine.ExceptionContext) -> None:
    """
    Give up every connection to a server that takes no writes any more.

    Those to a server that stopped are found broken; one that became a standby, or whose place
    another took, answers as before.
    """
    if _code_of(context.original_exception) == _ONLY_READ:
        context.is_disconnect = True


def _is_mistake(error: DBAPIError) -> bool:
    is_plain = plain_words(error) == _UNREACHABLE and not _is_gone(error)
    return isinstance(error, InternalError) and is_plain


def _refusal(error: DBAPIError, stage: Stage) -> DatabaseUnavailable:
    if _is_gone(error):
        if stage.is_committing:
            return OutcomeUnknown(tr(_UNKNOWN))
        return Interrupted(tr(plain_words(error)))
    if _code_of(error.orig) in _IN_THE_WAY:
        return Interrupted(tr(plain_words(error)))
    return DatabaseUnavailable(tr(plain_words(error)))


def _is_gone(error: DBAPIError) -> bool:
    code = _code_of(error.orig)
    is_named = code in _GONE or code.startswith(_CONNECTION)
    return is_named or error.connection_invalidated


def _code_of(raised: BaseException | None) -> str:
    return (raised.sqlstate or "") if isinstance(raised, psycopg.Error) else ""


def is_outage(error: DBAPIError) -> bool:
    """Tell whether *error* makes the database unusable, and is no mistake of a statement."""
    return not isinstance(error, _OUR_OWN_MISTAKE) and not _is_mistake(error)


def keep_values_out(context: sa.engine.ExceptionContext) -> None:
    """
    Shorten PostgreSQL's errors to their first line.

    The lines below it quote the row that was refused, so a note or a name would reach
    whatever prints the error.
    """
    raised = context.original_exception
    if not isinstance(raised, psycopg.Error) or raised.diag.message_primary is None:
        return
    is_about_a_value = (raised.sqlstate or "").startswith(_REFUSED_VALUE)
    words = "a value was refused" if is_about_a_value else raised.diag.message_primary
    raised.args = (words,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(raised).__qualname__}) {words}",)
