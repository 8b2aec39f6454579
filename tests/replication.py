"""
A PostgreSQL primary with a synchronous standby, on two loopback ports.

``replicated`` runs both for as long as a block lasts. What was committed on the primary is on the
standby's disk before anybody is told so, and the standby can be promoted when the primary is gone.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

from tests import postgres
from tests.postgres_server import START_SECONDS, Server

_POLL_SECONDS = 0.02


@dataclass(slots=True)
class Pair:
    """
    Two servers that stand in for each other.

    Attributes:
        primary: The one that takes writes.
        standby: The one that repeats them and can be read.
    """

    primary: Server
    standby: Server

    def url(self, name: str) -> str:
        """Return the address of the database *name* on whichever of the two takes writes."""
        hosts = ",".join(sorted((self.primary.host, self.standby.host)))
        return f"postgresql://{postgres.SUPERUSER}@{hosts}/{name}?target_session_attrs=read-write"

    def create(self, name: str) -> str:
        """Make the empty database *name* and return its address on whichever takes writes."""
        self.primary.run(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def fail_over(self) -> None:
        """Kill the primary and promote the standby; they change places, and the old one is dead."""
        self.primary.kill()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def step_back(self) -> None:
        """Let the primary take no more writes, though it goes on answering, and promote the other."""
        self.primary.run("ALTER SYSTEM SET default_transaction_read_only = on")
        self.primary.run("SELECT pg_reload_conf()")
        self.wait_until_level()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def replace_standby(self) -> None:
        """Make the dead server a standby anew, from a copy of the primary."""
        shutil.rmtree(self.standby.data)
        _follow(self.primary, self.standby)

    def pause_replay(self) -> None:
        """Let the standby keep on disk what comes and show none of it."""
        self.standby.run("SELECT pg_wal_replay_pause()")
        _wait(lambda: self.standby.run("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])

    def resume_replay(self) -> None:
        """Let the standby show what comes."""
        self.standby.run("SELECT pg_wal_replay_resume()")

    def wait_until_level(self) -> None:
        """Wait until the standby shows all that the primary holds."""
        [(position,)] = self.primary.run("SELECT pg_current_wal_flush_lsn()")
        question = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        _wait(lambda: self.standby.run(question, position) == [(True,)])


@contextmanager
def alone(binaries: Path, *settings: str) -> Iterator[Server]:
    """
    Run one server that a test may stop and start, without a standby.

    Args:
        binaries: As ``tests.postgres.find_binaries`` returns them.
        *settings: Of the server, as ``name=value``.
    """
    with _folder() as folder:
        server = _server(folder, "alone", binaries, settings)
        server.prepare()
        with _ended([server]):
            server.start()
            yield server


@contextmanager
def replicated(binaries: Path, *settings: str) -> Iterator[Pair]:
    """
    Run a primary and its synchronous standby.

    Args:
        binaries: As ``tests.postgres.find_binaries`` returns them.
        *settings: Of both servers, as ``name=value``.
    """
    with _folder() as folder:
        primary = _server(folder, "north", binaries, settings)
        standby = _server(folder, "south", binaries, settings)
        primary.prepare()
        standby.folder.mkdir()
        standby.folder.chmod(0o777)
        with _ended([primary, standby]):
            primary.start()
            _follow(primary, standby)
            yield Pair(primary, standby)


def _follow(primary: Server, standby: Server) -> None:
    """Copy the primary, start the copy as its standby and have commits wait for its disk."""
    name = standby.folder.name
    source = f"host=127.0.0.1 port={primary.port} user={postgres.SUPERUSER} application_name={name}"
    standby.call(
        "pg_basebackup",
        *("-D", str(standby.data), "-d", source, "-X", "stream", "-c", "fast"),
        *("--write-recovery-conf", "--no-sync"),
    )
    standby.start()
    # Only now, so that the copy does not wait for a standby once it is promoted.
    primary.run(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
    primary.run("SELECT pg_reload_conf()")
    question = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
    _wait(lambda: primary.run(question) == [("sync",)])


def _server(folder: Path, name: str, binaries: Path, settings: tuple[str, ...]) -> Server:
    identity = postgres.identity_for(folder)
    found = postgres.reachable(binaries, folder, identity)
    return Server(folder / name, found, identity, settings=settings)


@contextmanager
def _folder() -> Iterator[Path]:
    # Socket paths are limited to about 100 characters, so pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="mendline-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended(servers: list[Server]) -> Iterator[None]:
    try:
        yield
    finally:
        for server in servers:
            if server.is_running():
                server.stop()


def _wait(is_done: Callable[[], bool]) -> None:
    deadline = monotonic() + START_SECONDS
    while not is_done():
        if monotonic() > deadline:
            raise AssertionError("the two servers did not come level")
        Event().wait(_POLL_SECONDS)
