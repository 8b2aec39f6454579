"""
What the database's work tells whoever counts it, without knowing who that is.

What is told names acts, reasons and seconds; never a person, a clinic or a value.
"""

from time import perf_counter
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

from db.audit import take_stored
from db.refusals import REASONS, is_outage, plain_words

NO_CONNECTION = "no connection free"


class Watcher(Protocol):
    """Is told after the fact, in the thread that did it; it must be quick and raise nothing."""

    def committed(self, action: str) -> None:
        """An act with this name in the audit was stored."""

    def refused(self, reason: str) -> None:
        """The database could not be used, once, for one of the reasons of ``reasons``."""

    def waited(self, seconds: float) -> None:
        """A connection was handed out after this time."""


_watchers: list[Watcher] = []


def watch(watcher: Watcher | None) -> None:
    """Tell *watcher* from now on, in place of the one before; nobody when it is None."""
    _watchers[:] = [] if watcher is None else [watcher]


def reasons() -> tuple[str, ...]:
    """Return every reason that may be told of."""
    return (*REASONS.values(), NO_CONNECTION)


class WatchedPool(sa.QueuePool):
    """
    A pool that tells how long each connection was waited for, the making of a new one in it.

    What its engine is refused is told too. A copy to read from has another pool: while it is away
    the primary answers, and nobody is refused anything.
    """

    def connect(self) -> PoolProxiedConnection:
        """Return a connection, as the pool it stands in for."""
        began = perf_counter()
        try:
            connection = super().connect()
        except NoConnectionFree:
            for each in _watchers:
                each.refused(NO_CONNECTION)
            raise
        for each in _watchers:
            each.waited(perf_counter() - began)
        return connection


@sa.event.listens_for(Session, "after_commit")
def _tell_stored(session: Session) -> None:
    actions = take_stored(session)
    for each in _watchers:
        for action in actions:
            each.committed(action)


@sa.event.listens_for(sa.Engine, "handle_error")
def _tell_refused(context: sa.engine.ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    is_watched = context.engine is None or isinstance(context.engine.pool, WatchedPool)
    # A connection that died while it lay idle is replaced before anybody notices.
    if is_watched and not context.is_pre_ping and isinstance(error, DBAPIError):
        tell_refused(error)


def tell_refused(error: DBAPIError) -> None:
    """Tell of *error* if somebody's read or write failed because the database cannot be used."""
    if is_outage(error):
        for each in _watchers:
            each.refused(REASONS[plain_words(error)])
