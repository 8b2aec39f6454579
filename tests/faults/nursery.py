"""
Servers that start in a moment: forked from a process that has everything imported already.

``python -m tests.faults.nursery`` reads one line of JSON for each server that is wanted, its
environment, and answers with the process it made. The servers are the app itself; what they
lack beside one started by hand is the second of importing. Nothing has a thread or a loop when
it forks, so a child begins as a process of its own would.
"""

import contextlib
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from tests.servers import Server, free_port, wait_until_answers
from tests.sources import ROOT

_LAYERS = ("recovery", "content", "db", "charts", "exchange", "ui", "web")
_NOT_IMPORTED = ("__main__", "migrations")


@dataclass(frozen=True, slots=True)
class Nursery:
    """
    A running nursery.

    Attributes:
        folder: Where the logs of its servers go.
        wanted: Where a server is asked for.
        made: Where it answers.
    """

    folder: Path
    wanted: IO[str]
    made: IO[str]

    def start(self, settings: Mapping[str, str], *, ready: bool = True) -> Server:
        """
        Fork a server and wait until it can serve.

        Args:
            settings: Environment variables, such as ``MENDLINE_DATABASE_URL``.
            ready: Whether to wait.
        """
        port = free_port()
        log = self.folder / f"server-{port}.log"
        wish = {"log": str(log), "settings": {"STREAMLIT_SERVER_PORT": str(port), **settings}}
        self.wanted.write(json.dumps(wish) + "\n")
        self.wanted.flush()
        server = Server(f"http://127.0.0.1:{port}", int(self.made.readline()), log)
        if ready:
            wait_until_answers(server)
        return server

    @contextmanager
    def serving(self, settings: Mapping[str, str]) -> Iterator[Server]:
        """Run a server until the block ends; a traceback in its log fails whoever used it."""
        server = self.start(settings)
        try:
            yield server
        finally:
            kill(server)
        assert "Traceback (most recent call last)" not in server.printed(), server.printed()


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """Run a nursery until the block ends, and end what it started and still runs."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # Closing its standard input at the end of the block ends it.
        yield Nursery(folder, process.stdin, process.stdout)


def kill(server: Server) -> None:
    """Kill a server as a power switch does, without a chance to finish anything."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGKILL)


def main() -> None:
    """Import everything, then fork a server for each line until there is no more."""
    app = _import_everything()
    # Ended children are taken away by the system, so that killed is gone.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w")
    print("ready", file=answers, flush=True)
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(app, json.loads(line))
        children.append(child)
        print(child, file=answers, flush=True)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _import_everything() -> ModuleType:
    for layer in _LAYERS:
        package = importlib.import_module(layer)
        for found in pkgutil.walk_packages(package.__path__, f"{layer}."):
            if not any(part in found.name for part in _NOT_IMPORTED):
                importlib.import_module(found.name)
    from content.shelf import served  # noqa: PLC0415 - where all imports of the app are

    served()
    return importlib.import_module("app")


def _serve(app: ModuleType, wish: dict[str, Any]) -> None:
    """Become a server; does not return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sink = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (sink, 1), (sink, 2)):
        os.dup2(ours, theirs)
    os.environ.update(wish["settings"])
    sys.argv = ["app.py"]
    app.settle(ROOT / "app.py")
    if hook := wish["settings"].get("MENDLINE_TEST_HOOK"):
        from tests.faults.statements import ask_before_each  # noqa: PLC0415 - for one server alone

        ask_before_each(hook)
    app.main()
    os._exit(0)


if __name__ == "__main__":
    main()
