"""The two kinds of server that are measured: the app, and a bare Streamlit page."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter
from uuid import UUID

import httpx

from db.auth_sessions import start_session
from db.engine import Database, open_engine, writing
from db.schema import upgrade
from recovery.access import Role
from tests.servers import free_port, stop
from tests.sources import ROOT

FLOORS = ROOT / "benchmarks" / "floors"
COOKIE = "mendline_session"
_READY_SECONDS = 120
_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Running:
    """
    A server that answers.

    Attributes:
        url: Where, without a slash at the end.
        pid: Its process.
        start_seconds: From starting the process to the first answer.
    """

    url: str
    pid: int
    start_seconds: float


@contextmanager
def floor(name: str) -> Iterator[Running]:
    """Serve the bare page *name* with the app's own settings file."""
    command = ["-m", "streamlit", "run", str(FLOORS / f"{name}.py")]
    with _process(command, "/_stcore/health", {}) as running:
        yield running


@contextmanager
def app(url: str) -> Iterator[Running]:
    """Serve the app on the database at *url*."""
    with _process(["app.py"], "/readyz", {"MENDLINE_DATABASE_URL": url}) as running:
        yield running


@contextmanager
def empty_database() -> Iterator[tuple[str, Database]]:
    """Make a migrated SQLite file for as long as the block lasts; return address and database."""
    with tempfile.TemporaryDirectory(prefix="mendline-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'mendline.db'}"
        database = Database(open_engine(url))
        upgrade(database.engine)
        yield url, database
        database.engine.dispose()


def signed_in(database: Database, account_id: UUID, role: Role) -> str:
    """Begin a session and return its token."""
    with writing(database) as session:
        return start_session(session, account_id, role, datetime.now(UTC))


@contextmanager
def _process(command: Sequence[str], ready: str, settings: dict[str, str]) -> Iterator[Running]:
    port = free_port()
    environment = os.environ | {"STREAMLIT_SERVER_PORT": str(port)} | settings
    began = perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{url}{ready}")
        yield Running(url, process.pid, perf_counter() - began)
    finally:
        stop(process)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = monotonic() + _READY_SECONDS
    while monotonic() < deadline:
        try:
            if httpx.get(address, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise RuntimeError("a server to measure did not start")
