"""
What ``deploy/`` puts up, on this machine alone: nginx before several processes of the app.

Everything listens on loopback, on free ports. nginx has the settings that ship.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests import nginx
from tests.nginx import Front
from tests.replication import Pair, replicated
from tests.servers import Server, free_port, stop, wait_until_ready
from tests.sources import ROOT


@dataclass(slots=True)
class AppProcess:
    """
    One process of the app, which can be killed and started again.

    Attributes:
        port: Where it listens on loopback.
        log: What it printed, both streams, over all its starts.
        environment: Its settings.
    """

    port: int
    log: Path
    environment: dict[str, str]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def server(self) -> Server:
        """It as the tests' servers are, to be asked past nginx."""
        return Server(f"http://127.0.0.1:{self.port}", self.pid, self.log)

    @property
    def pid(self) -> int:
        """Its process; 0 while it does not run."""
        return 0 if self._process is None else self._process.pid

    def open_lines(self) -> int:
        """Return how many connections it holds; the one that serves more people has more."""
        held = psutil.Process(self.pid).net_connections("tcp")
        return sum(1 for each in held if each.status == psutil.CONN_ESTABLISHED)

    def start(self) -> None:
        """Start it; ``wait`` until it can serve."""
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Wait until it can serve, or fail with its log."""
        if self._process is not None:
            wait_until_ready(self.server, self._process)

    def kill(self) -> None:
        """End it as a fault does: at once, with nothing said to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it as an upgrade does, kindly first."""
        if self._process is not None:
            stop(self._process)
            self._process = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """
    The app as people reach it.

    Attributes:
        front: nginx, and under which address.
        processes: The app's.
        database_url: Their database's address.
    """

    front: Front
    processes: list[AppProcess]
    database_url: str

    @property
    def url(self) -> str:
        """Where browsers go, without a slash at the end."""
        return self.front.url

    @property
    def pids(self) -> list[int]:
        """The processes of the app that run."""
        return [each.pid for each in self.processes if each.pid]

    @property
    def certificate(self) -> Path:
        """The certificate that a client has to trust."""
        return self.front.folder / "fullchain.pem"


@contextmanager
def site(
    database_url: str,
    *,
    processes: int = 2,
    has_tls: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """
    Put the app up on a database until the block ends.

    Args:
        database_url: The database; the processes make its tables when it is empty.
        processes: How many of the app.
        has_tls: As shipped, with a certificate of its own at ``https://localhost``; else plain
            ``http://127.0.0.1``, without ``MENDLINE_PROXY``, for clients that only count time.
        settings: Environment variables beside the machine's.

    Raises:
        RuntimeError: If this machine has no nginx.
    """
    program = nginx.find_nginx()
    if program is None:
        raise RuntimeError("nginx is not installed")
    with ExitStack() as stack:
        # A folder of its own, since nginx's worker has to reach it as another account.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mendline-site-")))
        given = {"MENDLINE_DATABASE_URL": database_url, **(settings or {})}
        apps = [_process(folder, has_tls=has_tls, settings=given) for _ in range(processes)]
        for each in apps:
            stack.callback(each.stop)
            each.start()
        for each in apps:
            each.wait()
        ports = [each.port for each in apps]
        front = stack.enter_context(nginx.running(program, folder, ports, has_tls=has_tls))
        yield Site(front=front, processes=apps, database_url=database_url)


@contextmanager
def replicated_site(
    binaries: Path, *, processes: int = 2, has_tls: bool = False
) -> Iterator[tuple[Site, Pair]]:
    """
    Put up all of ``deploy/``: nginx, processes, a primary and its synchronous standby.

    Args:
        binaries: PostgreSQL's, as ``tests.postgres.find_binaries`` returns them.
        processes: As for ``site``.
        has_tls: As for ``site``.
    """
    with replicated(binaries) as pair:
        url = pair.create("mendline")
        with site(url, processes=processes, has_tls=has_tls) as opened:
            yield opened, pair


def _process(folder: Path, *, has_tls: bool, settings: Mapping[str, str]) -> AppProcess:
    port = free_port()
    environment = os.environ | {"STREAMLIT_SERVER_PORT": str(port)} | dict(settings)
    if has_tls:
        environment |= {"MENDLINE_PROXY": "127.0.0.1", "MENDLINE_HOSTS": nginx.NAME}
    return AppProcess(port, folder / f"app-{port}.log", environment)
