"""A PostgreSQL server on a loopback port that a test may stop, kill, start again and promote."""

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests import postgres
from tests.servers import free_port

START_SECONDS = 60
_SETTINGS = (
    "max_connections=80",
    "shared_buffers=32MB",
    "log_min_messages=warning",
    # A test asks for what is new on a standby at once, not at the next of its rounds.
    "wal_receiver_status_interval=1",
)
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


@dataclass(slots=True)
class Server:
    """
    One server, on its own or one of a pair.

    Attributes:
        folder: Holds its data, its socket and its log; ``tests.postgres.identity_for`` was asked
            for the folder above it.
        binaries: Where ``pg_ctl`` and the others are.
        identity: As whom it runs, as arguments of ``Popen``.
        port: Of 127.0.0.1; the same after every start.
        settings: Beside those of every server of the tests, as ``name=value``.
    """

    folder: Path
    binaries: Path
    identity: dict[str, Any]
    port: int = field(default_factory=free_port)
    settings: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Return where it answers, as ``host:port``."""
        return f"127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Return its data directory."""
        return self.folder / "data"

    def url(self, name: str = "postgres") -> str:
        """Return the address of its database *name*."""
        return f"postgresql://{postgres.SUPERUSER}@{self.host}/{name}"

    def prepare(self) -> None:
        """Make an empty data directory."""
        self.folder.mkdir(mode=0o777)
        # The folder above is the account's; this one is made by whoever runs the tests.
        self.folder.chmod(0o777)
        form = f"-U {postgres.SUPERUSER} -A trust -E UTF8 --no-locale --no-sync"
        self.control("init", "-o", form)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        options = " ".join(
            [
                f"-p {self.port} -k {self.folder}",
                *(f"-c {each}" for each in (*_SETTINGS, *self.settings)),
            ]
        )
        log = str(self.folder / "log")
        self.control("start", "-w", "-t", str(START_SECONDS), "-l", log, "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: ``smart``, ``fast``, or ``immediate``, which is a crash that is announced."""
        self.control("stop", "-m", mode)

    def kill(self) -> None:
        """End all of its processes with SIGKILL at once, as a machine that loses its power does."""
        main = psutil.Process(self.pid())
        # Held first, so that it starts no further process while the others are counted.
        main.send_signal(signal.SIGSTOP)
        everyone = [main, *main.children(recursive=True)]
        for process in everyone:
            _kill(process)
        psutil.wait_procs(everyone, timeout=START_SECONDS)
        self._forget_shared_memory()

    def pid(self) -> int:
        """Return the process id of its first process."""
        return int(self._lock_file().read_text().splitlines()[0])

    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self._lock_file().exists() and psutil.pid_exists(self.pid())

    def promote(self) -> None:
        """Make a standby the primary and wait until it takes writes."""
        self.control("promote", "-w", "-t", str(START_SECONDS))

    def run(self, statement: str, *values: object, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement in the database *name*, in no transaction, and return its rows."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def control(self, *arguments: str) -> None:
        """Run ``pg_ctl`` on its data directory."""
        self.call("pg_ctl", "-D", str(self.data), *arguments)

    def call(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the account that the server runs as."""
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            cwd=self.folder,
            env=_ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            **self.identity,
        )

    def _lock_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _forget_shared_memory(self) -> None:
        """Remove the small segment that a killed server leaves until it is started again."""
        key = self._lock_file().read_text().splitlines()[6].split()[1]
        subprocess.run(["ipcrm", "-m", key], check=False, stderr=subprocess.DEVNULL)


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        # It ended by itself when the first process did.
        return
