"""What the databases' own errors mean, in plain words and without the values they name."""

from collections.abc import Iterator
from contextlib import contextmanager

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

from recovery.errors import DatabaseUnavailable
from recovery.wording import marked, tr

_BUSY = marked("The database is busy. Nothing was lost: try again in a moment.")
_READ_ONLY = marked("The database can only be read now. Tell the clinic, and try again later.")
_DISK_FULL = marked("The disk of the server is full. Tell the clinic, and try again later.")
_DAMAGED = marked("The database file cannot be read. Tell the clinic, and keep the file as it is.")
_UNREACHABLE = marked(
    "The database cannot be reached now. Nothing was lost: try again in a moment."
)
_MEANINGS = (
    (("locked", "deadlock"), _BUSY),
    (("readonly", "read-only"), _READ_ONLY),
    (("disk is full", "disk full", "no space left"), _DISK_FULL),
    (("malformed", "not a database"), _DAMAGED),
)
_OUR_OWN_MISTAKE = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
_REFUSED_VALUE = "22"
"""First two characters of PostgreSQL's codes for a value of the wrong form."""


@contextmanager
def translated() -> Iterator[None]:
    """
    Turn what makes a database unusable into words for a person.

    A statement that is wrong in itself, or breaks a constraint, passes through.

    Raises:
        DatabaseUnavailable: In one plain sentence.
    """
    try:
        yield
    except _OUR_OWN_MISTAKE:
        raise
    except (DatabaseError, InterfaceError) as error:
        words = plain_words(error)
        # PostgreSQL's "internal" errors hold a server that can only be read, and mistakes.
        if isinstance(error, InternalError) and words == _UNREACHABLE:
            raise
        raise DatabaseUnavailable(tr(words)) from error
    except NoConnectionFree as error:
        raise DatabaseUnavailable(tr(_BUSY)) from error


def plain_words(error: DBAPIError) -> str:
    """Return what a person may be told of *error*, to be looked up with ``tr``."""
    reason = str(error.orig).lower()
    for signs, words in _MEANINGS:
        if any(sign in reason for sign in signs):
            return words
    return _UNREACHABLE


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
