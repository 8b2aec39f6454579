"""
The mark of the secret key that a database is used with, so that another one is noticed at once.

The first process makes it, sealed; each that starts later has to open it, long before anybody's
code, provider or passkey would be refused for it. Its row is one of ``sign_in_flow`` whose id is
no hash, so that nothing a browser sends can be it, and which never ends.
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from db.engine import Database, act, reading
from db.models import SignInFlowRow
from db.one_time_codes import check_key
from db.sealing import is_sealed_by_first, seal, unseal
from recovery.errors import DatabaseUnavailable

_ROW_ID = "secret key"
_PURPOSE = "secret key"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def check_key_of(database: Database) -> None:
    """
    Refuse a secret key that is not the one of this database; mark it where none is marked yet.

    Of several keys the first seals the mark, so that the old one may go after a change. A
    database that can only be read is checked, and not marked.

    Raises:
        DatabaseUnavailable: If the key is another one, or the database cannot be read.
    """
    with reading(database) as session:
        # Also where there is no mark yet: an older version may have sealed the devices.
        check_key(session)
        mark = check_mark(session)
    if mark is not None and is_sealed_by_first(mark, _PURPOSE):
        return
    with suppress(DatabaseUnavailable):
        act(lambda session: _put(session, in_place_of=mark), is_keyed=True, database=database)
    # Of two that start at once with different keys one was second.
    with reading(database) as session:
        check_mark(session)


def check_mark(session: Session) -> str | None:
    """
    Return the mark as it is sealed; None when there is none.

    Raises:
        DatabaseUnavailable: If the key is another one.
    """
    mark = session.exec(
        select(SignInFlowRow.sealed).where(SignInFlowRow.id_hash == _ROW_ID)
    ).one_or_none()
    if mark is not None:
        unseal(mark, _PURPOSE)
    return mark


def forget_mark(session: Session) -> None:
    """Let the next start mark its key, because the one before is lost; the caller commits."""
    session.exec(sa.delete(SignInFlowRow).where(col(SignInFlowRow.id_hash) == _ROW_ID))


def _put(session: Session, *, in_place_of: str | None) -> None:
    """Make the mark, or renew just the one that was read: another process may have been first."""
    sealed = seal("mark", _PURPOSE)
    if in_place_of is not None:
        session.exec(
            sa.update(SignInFlowRow)
            .where(col(SignInFlowRow.id_hash) == _ROW_ID)
            .where(col(SignInFlowRow.sealed) == in_place_of)
            .values(sealed=sealed)
        )
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"id_hash": _ROW_ID, "purpose": _PURPOSE, "sealed": sealed, "expires_at": _NEVER}
    session.exec(dialect.insert(SignInFlowRow).values(**row).on_conflict_do_nothing())
