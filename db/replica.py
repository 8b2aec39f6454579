"""
Reading from a copy of the database, only once it shows everything that anybody was told is stored.

Each such read asks the primary how far its log has been written, and the copy how far it has
repeated it. Nothing is remembered between reads or processes, so it holds for whoever saved
whatever, wherever.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from db.addresses import REPLICA_VARIABLE, read_address
from db.connections import server_engine
from db.patience import pause_for
from db.watching import tell_refused
from recovery.errors import DatabaseUnavailable

LEVEL_SECONDS = 0.05
"""How long a read waits for the copy to come level before it turns to the primary."""

ASK_SECONDS = 0.004
REST_SECONDS = 15.0
"""How long a copy that did not answer is left alone."""

PARAMETERS = {"connect_timeout": "2", "tcp_user_timeout": "2000"}
"""Somebody who could read elsewhere waits less long than one who could not."""

_WRITTEN = sa.text(
    "SELECT s.system_identifier, ('x' || left(pg_walfile_name(l.lsn), 8))::bit(32)::int,"
    " l.lsn::text FROM pg_control_system() s, (SELECT pg_current_wal_flush_lsn() AS lsn) l"
)
"""
What the primary is and how far it wrote. The history (timeline) is asked for, since after a failover
a copy may have repeated what was never kept; its first eight signs begin the name of a log file.
"""

_REPEATED = sa.text(
    "SELECT s.system_identifier, c.timeline_id,"
    " coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), :written) >= 0, false)"
    " FROM pg_control_system() s, pg_control_checkpoint() c WHERE pg_is_in_recovery()"
)


@dataclass(frozen=True, slots=True)
class Written:
    """
    How far a primary wrote its log.

    Attributes:
        system: Which database it is; a copy has the same.
        timeline: Which history, counted up at each failover.
        position: In the log, as PostgreSQL spells it.
    """

    system: int
    timeline: int
    position: str


@dataclass(slots=True)
class Replica:
    """
    A copy that may be read, while it answers.

    A thread of its own finds out whether it does, so that nobody who reads waits for one that
    does not.
    """

    engine: sa.Engine
    _answers: bool = False
    _rests_until: float = 0.0
    _looking: Lock = field(default_factory=Lock)

    def is_there(self) -> bool:
        """Tell whether it answered last; a look at one that did not begins beside, when it is due."""
        if self._answers:
            return True
        if monotonic() >= self._rests_until and self._looking.acquire(blocking=False):
            Thread(target=self._look_beside, name="replica", daemon=True).start()
        return False

    def look(self) -> None:
        """Find out whether it answers; it is left alone for some seconds when it does not."""
        with self._left_when_away(), self.engine.connect():
            self._answers = True

    @contextmanager
    def level_with(self, written: Written) -> Iterator[sa.Connection | None]:
        """Yield a connection that shows all that was *written*, or None when there is none soon."""
        connection = self._level_connection(written)
        if connection is None:
            yield None
            return
        with connection:
            try:
                yield connection
            except DBAPIError as error:
                self._leave()
                # Here alone somebody is refused something for it.
                tell_refused(error)
                raise

    def lag_bytes(self, written: Written) -> int | None:
        """Return how many bytes of log it has yet to repeat; None when it cannot be read."""
        behind = sa.text("SELECT pg_wal_lsn_diff(:written, pg_last_wal_replay_lsn())")
        with self._left_when_away(), self.engine.connect() as connection:
            if _has_repeated(connection, written) is not None:
                found = connection.scalar(behind, {"written": written.position})
                return max(0, int(found or 0))
        return None

    def _look_beside(self) -> None:
        try:
            self.look()
        finally:
            self._looking.release()

    def _level_connection(self, written: Written) -> sa.Connection | None:
        with self._left_when_away(), ExitStack() as closing:
            connection = closing.enter_context(self.engine.connect())
            if _comes_level(connection, written):
                # Kept open for whoever asked.
                closing.pop_all()
                return connection
        return None

    @contextmanager
    def _left_when_away(self) -> Iterator[None]:
        try:
            yield
        except NoConnectionFree:
            # Others read from it: whoever comes now turns to the primary.
            return
        except DBAPIError:
            self._leave()

    def _leave(self) -> None:
        self._answers = False
        self._rests_until = monotonic() + REST_SECONDS


def open_replica(url: str) -> Replica:
    """
    Return the copy at *url*; nothing is asked of it yet.

    Raises:
        DatabaseUnavailable: If *url* is no address of a PostgreSQL server.
    """
    address = read_address(url, REPLICA_VARIABLE)
    if not address.is_server:
        raise DatabaseUnavailable(
            f"{REPLICA_VARIABLE} names no PostgreSQL server. Write it like "
            "postgresql://user@host/name, or leave it out."
        )
    return Replica(server_engine(address, pool=sa.QueuePool, **PARAMETERS))


def written_by(primary: sa.Connection) -> Written:
    """Return how far *primary* wrote its log: every commit that was acknowledged lies before it."""
    return Written(*primary.execute(_WRITTEN).one())


def _comes_level(connection: sa.Connection, written: Written) -> bool:
    until = monotonic() + LEVEL_SECONDS
    while (is_level := _has_repeated(connection, written)) is False and monotonic() < until:
        pause_for(ASK_SECONDS)
    return is_level is True


def _has_repeated(connection: sa.Connection, written: Written) -> bool | None:
    """Tell whether the copy repeated what was written; None when it is no copy of it."""
    found = connection.execute(_REPEATED, {"written": written.position}).first()
    if found is None or (found[0], found[1]) != (written.system, written.timeline):
        return None
    return bool(found[2])
