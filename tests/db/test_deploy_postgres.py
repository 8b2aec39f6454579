"""The scripts that make the primary and the standby of ``deploy/``, run on this machine's PostgreSQL."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from tests import deploy_guide, postgres
from tests.availability import refuse
from tests.nginx import DEPLOY
from tests.postgres_server import START_SECONDS, Server
from tests.servers import stop

PASSWORDS = {
    "app_password": 'a\'quote "two" $HOME \\ %',
    "replication_password": "another 'one'",
}

_SETTINGS = ("log_replication_commands=on", "log_line_prefix=%a/")
_FORM = "-U postgres -A trust --auth-host=scram-sha-256 -E UTF8 --no-locale"


@dataclass(frozen=True, slots=True)
class Machines:
    """
    Two servers of one folder, made by the scripts.

    Attributes:
        folder: Holds both, and the secrets.
        primary: Started; the script has run.
        standby: Not made yet.
        second: A further one, not made yet either.
    """

    folder: Path
    primary: Server
    standby: Server
    second: Server

    def ask(self, server: Server, question: str) -> list[tuple[Any, ...]]:
        """Ask as the superuser, who comes in by the socket alone."""
        address = f"postgresql://postgres@/mendline?host={server.folder}&port={server.port}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(question.encode())
            return cursor.fetchall() if cursor.description else []

    def as_app(self, server: Server, password: str) -> "psycopg.Connection[Any]":
        """Connect over the network as the app does."""
        told = f"mendline:{quote(password, safe='')}@{server.host}"
        return psycopg.connect(f"postgresql://{told}/mendline")

    def script(self, server: Server, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a script of ``deploy/postgres`` as the image does."""
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(
                ["bash", str(self.folder / name), *arguments],
                cwd=server.folder,
                env={
                    "PATH": f"{server.binaries}:{os.defpath}",
                    "LC_ALL": "C",
                    "PGDATA": str(server.data),
                    "PGHOST": str(server.folder),
                    "PGPORT": str(server.port),
                    "SECRETS": str(self.folder / "secrets"),
                    "PRIMARY_HOST": "127.0.0.1",
                    "PRIMARY_PORT": str(self.primary.port),
                    "STANDBY_NAME": server.folder.name,
                    "PGAPPNAME": "standby",
                },
                stdout=log,
                stderr=log,
                **server.identity,
            )

    @contextmanager
    def following(self, server: Server | None = None) -> Iterator[None]:
        """Run a standby by its script until the block ends, once the primary counts on it."""
        server = server or self.standby
        place = ("-p", str(server.port), "-k", str(server.folder))
        running = self.script(server, "standby.sh", *place)
        question = (
            "SELECT sync_state IN ('sync', 'quorum') FROM pg_stat_replication "
            f"WHERE application_name = '{server.folder.name}'"
        )
        try:
            self._wait(running, lambda: self.ask(self.primary, question) == [(True,)])
            yield
        finally:
            stop(running)

    @contextmanager
    def left_alone(self, server: Server) -> Iterator[None]:
        """Run a standby whose primary is gone until the block ends, once it answers."""
        place = ("-p", str(server.port), "-k", str(server.folder))
        running = self.script(server, "standby.sh", *place)
        try:
            self._wait(running, lambda: self._answers(server))
            yield
        finally:
            stop(running)

    def _answers(self, server: Server) -> bool:
        try:
            return self.ask(server, "SELECT true") == [(True,)]
        except psycopg.OperationalError:
            return False

    def _wait(self, script: "subprocess.Popen[bytes]", is_done: Callable[[], bool]) -> None:
        deadline = monotonic() + START_SECONDS
        while not is_done():
            said = (self.folder / "standby.sh.log").read_text(encoding="utf-8")
            assert script.poll() is None, said
            assert monotonic() < deadline, said
            Event().wait(0.05)


@pytest.fixture
def machines() -> Iterator[Machines]:
    """Return a primary that its script has made, and an empty folder for the standby."""
    binaries = postgres.find_binaries()
    if binaries is None or not (binaries / "pg_basebackup").is_file():
        refuse("PostgreSQL is missing.", "Install the system package postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="mendline-pg-"))
    identity = postgres.identity_for(folder)
    found = postgres.reachable(binaries, folder, identity)
    primary, standby, second = (
        Server(folder / name, found, identity, settings=_SETTINGS)
        for name in ("primary", "standby", "second")
    )
    try:
        _lay_out(folder, standby, second)
        primary.folder.mkdir()
        primary.folder.chmod(0o777)
        primary.control("init", "-o", f"{_FORM} --no-sync")
        made = Machines(folder, primary, standby, second)
        primary.start()
        try:
            assert made.script(primary, "primary.sh").wait(START_SECONDS) == 0, (
                folder / "primary.sh.log"
            ).read_text()
        finally:
            primary.stop("fast")
        primary.start()
        try:
            yield made
        finally:
            if primary.is_running():
                primary.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(folder: Path, standby: Server, second: Server) -> None:
    """Put down the scripts, the secrets, and what is left of a copy that was cut short."""
    for script in (DEPLOY / "postgres").iterdir():
        shutil.copy(script, folder)
    (folder / "secrets").mkdir()
    for name, password in PASSWORDS.items():
        (folder / "secrets" / name).write_text(f"{password}\n", encoding="utf-8")
    half = standby.data / "copying" / "base"
    half.mkdir(parents=True)
    (half / "1").write_text("half a file", encoding="utf-8")
    second.data.mkdir(parents=True)
    for each in (standby.folder, standby.data, half.parent, half, second.folder, second.data):
        each.chmod(0o777)
        # The image's volume belongs to its user.
        os.chown(each, standby.identity.get("user", -1), standby.identity.get("group", -1))


def test_the_standby_has_what_was_saved_and_follows_after_each_start(machines: Machines) -> None:
    """Passwords with every sign pass, others not; a copy that was cut short is made anew."""
    with machines.following(), machines.as_app(machines.primary, PASSWORDS["app_password"]) as app:
        app.execute("CREATE TABLE saved AS SELECT 1 AS number")
        app.commit()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            machines.as_app(machines.primary, "another")
    copied = (machines.standby.data / "PG_VERSION").stat().st_mtime_ns

    with machines.following():
        assert machines.ask(machines.standby, "SELECT number FROM saved") == [(1,)]
        assert machines.ask(machines.standby, "SELECT pg_is_in_recovery()") == [(True,)]
        _check_rights(machines)
        _check_succession(machines)
    assert (machines.standby.data / "PG_VERSION").stat().st_mtime_ns == copied
    assert not (machines.standby.data / "copying").exists()
    _check_names(machines)


def _check_succession(machines: Machines) -> None:
    """The guide's steps: promoted it waits for a standby as its primary did, and takes a new one."""
    machines.primary.kill()
    machines.standby.promote()
    [(copied,)] = machines.ask(machines.standby, "SHOW synchronous_standby_names")
    for step in (
        "ALTER SYSTEM SET synchronous_standby_names = ''",
        "SELECT pg_reload_conf()",
        "SELECT pg_create_physical_replication_slot('second')",
        "ALTER SYSTEM SET synchronous_standby_names = 'second'",
        "SELECT pg_reload_conf()",
    ):
        machines.ask(machines.standby, step)

    then = replace(machines, primary=machines.standby, standby=machines.second)
    with then.following():
        with then.as_app(then.primary, PASSWORDS["app_password"]) as app:
            # Until it can be read there, which is more than the disk that people's saves wait for.
            app.execute("SET synchronous_commit = remote_apply")
            app.execute("INSERT INTO saved VALUES (2)")
        assert then.ask(then.standby, "SELECT number FROM saved") == [(1,), (2,)]
    assert copied == "standby"


def _check_names(machines: Machines) -> None:
    """A copy that is being made counts as no standby: nobody is told that it holds a report."""
    log = (machines.primary.folder / "log").read_text(encoding="utf-8")
    asked = re.findall(r"(?m)^(\w*)/.*received replication command: (\w+)", log)

    assert {name for name, command in asked if command == "BASE_BACKUP"} == {"pg_basebackup"}
    followed = [name for name, command in asked if command == "START_REPLICATION"]
    assert followed == ["pg_basebackup", "standby", "standby"]


def test_of_two_standbys_the_guide_finds_the_one_that_has_it_all(machines: Machines) -> None:
    """Either acknowledges alone, so the other may lack what people were told is saved."""
    machines.ask(machines.primary, "SELECT pg_create_physical_replication_slot('second')")
    machines.ask(
        machines.primary, "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (standby, second)'"
    )
    machines.ask(machines.primary, "SELECT pg_reload_conf()")
    told = [words for words in deploy_guide.lines_of("psql") if "lsn" in " ".join(words)]
    [question] = {words[-1].removeprefix("--command=") for words in told}

    with machines.following():
        with machines.following(machines.second):
            pass
        with machines.as_app(machines.primary, PASSWORDS["app_password"]) as app:
            app.execute("CREATE TABLE saved AS SELECT 1 AS number")
        machines.primary.kill()
        with machines.left_alone(machines.second):
            servers = (machines.standby, machines.second)
            [[(farthest,)], [(behind,)]] = [machines.ask(each, question) for each in servers]
            [(lacks,)] = machines.ask(machines.second, "SELECT to_regclass('saved') IS NULL")
        machines.standby.promote()

        assert lacks
        later = machines.ask(machines.standby, f"SELECT '{farthest}'::pg_lsn > '{behind}'::pg_lsn")
        assert later == [(True,)]
        assert machines.ask(machines.standby, "SELECT number FROM saved") == [(1,)]
    assert len(told) == 2


def _check_rights(machines: Machines) -> None:
    """The app's user owns its database, and can do nothing to the server itself."""
    rights = machines.ask(
        machines.primary,
        "SELECT rolsuper, rolreplication, rolcreaterole, rolcreatedb FROM pg_roles "
        "WHERE rolname = 'mendline'",
    )
    owner = machines.ask(
        machines.primary,
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'mendline'",
    )

    assert (rights, owner) == ([(False, False, False, False)], [("mendline",)])
