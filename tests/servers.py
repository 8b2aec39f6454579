"""The app as people start it: a process of its own on a free loopback port."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic

import httpx

from tests.sources import ROOT

METRICS_TOKEN = "shown to fetch the figures of a test's server"
_READY_SECONDS = 120
_POLL_SECONDS = 0.05
_STOP_SECONDS = 15
# Loggers of errors that whoever opened the page saw too.
_TOLD_ON_THE_PAGE = ("streamlit.error_util", "uvicorn.error")


class Way(StrEnum):
    """The three ways of starting that do the same."""

    PYTHON = "python app.py"
    STREAMLIT = "streamlit run app.py"
    UVICORN = "uvicorn app:app"


@dataclass(frozen=True, slots=True)
class Server:
    """
    A started app.

    Attributes:
        url: Where it answers, without a slash at the end.
        pid: Its process.
        log: What it printed, both streams.
    """

    url: str
    pid: int
    log: Path

    def printed(self) -> str:
        """Return everything it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def setup_code(self) -> str:
        """Return the one-time code that it printed for an empty database."""
        found = re.search(r"the code is (\S+)", self.printed())
        if found is None:
            raise AssertionError(f"no code was printed:\n{self.printed()}")
        return found[1]


@contextmanager
def started(
    folder: Path,
    *,
    way: Way = Way.PYTHON,
    arguments: tuple[str, ...] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """
    Run the app until the block ends; an error nobody saw in its log fails whoever used it.

    Args:
        folder: Where its log goes.
        way: How to start it.
        arguments: The app's own, such as ``--demo``.
        settings: Environment variables beside the machine's, such as
            ``MENDLINE_DATABASE_URL``.
    """
    port = free_port()
    log = folder / f"server-{port}.log"
    environment = os.environ | {"STREAMLIT_SERVER_PORT": str(port)} | dict(settings or {})
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, *_command(way, port), *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", process.pid, log)
    try:
        wait_until_ready(server, process)
        yield server
    finally:
        stop(process)
    stray = [line for line in server.printed().splitlines() if _is_stray(line)]
    assert stray == [], server.printed()


def _is_stray(line: str) -> bool:
    """Tell whether a line of the log is of an error that neither a screen nor a request had."""
    if "Traceback (most recent call last)" in line:
        return True
    is_error = " error=" in line or '"error":' in line
    return is_error and not any(name in line for name in _TOLD_ON_THE_PAGE)


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until the app says that it can serve, or fail with its log."""
    deadline = monotonic() + _READY_SECONDS
    while monotonic() < deadline:
        if _answers(server.url):
            return
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the app ended while it started:\n{server.printed()}")
    raise AssertionError(f"the app was not ready in {_READY_SECONDS} s:\n{server.printed()}")


def wait_until_answers(server: Server) -> None:
    """Wait until the app that somebody else started says that it can serve, or fail with its log."""
    deadline = monotonic() + _READY_SECONDS
    pause = threading.Event()
    while not _answers(server.url):
        assert monotonic() < deadline, f"the app was not ready:\n{server.printed()}"
        pause.wait(_POLL_SECONDS)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process that we started, kindly first."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _command(way: Way, port: int) -> list[str]:
    return {
        Way.PYTHON: ["app.py"],
        Way.STREAMLIT: ["-m", "streamlit", "run", "app.py", "--"],
        Way.UVICORN: ["-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port)],
    }[way]
