"""Where the database is: addresses of files and servers, read and checked."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from recovery.errors import DatabaseUnavailable

DATABASE_VARIABLE = "MENDLINE_DATABASE_URL"
REPLICA_VARIABLE = "MENDLINE_REPLICA_URL"
SEVERAL_HOSTS_WANT = "read-write"
"""Which of several servers is wanted unless the address says so: the one that takes writes."""

ROOT = Path(__file__).parent.parent
_SERVER = re.compile(r"postgresql(?:\+\w+)?://")
_PORTS = re.compile(r"\d*(?:,\d*)*")


@dataclass(frozen=True, slots=True)
class Address:
    """
    An address that was read.

    Attributes:
        url: As SQLAlchemy has it; of several servers it names none.
        parameters: For libpq, of a server alone: every host and option of the address.
    """

    url: sa.URL
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def is_server(self) -> bool:
        """Whether it is of a PostgreSQL server and not of a file."""
        return self.url.get_backend_name() == "postgresql"


def configured_url() -> str:
    """Return ``MENDLINE_DATABASE_URL``, else the file beside the app, wherever it is run from."""
    beside_app = f"sqlite:///{ROOT / 'data' / 'mendline.db'}"
    return os.environ.get(DATABASE_VARIABLE) or beside_app


def configured_replica_url() -> str | None:
    """Return ``MENDLINE_REPLICA_URL``, or None when reads all go to the one database."""
    return os.environ.get(REPLICA_VARIABLE) or None


def read_address(url: str, variable: str = DATABASE_VARIABLE) -> Address:
    """
    Read the address of a SQLite file or of one or more PostgreSQL servers.

    Servers are written as libpq does, several of them with commas between:
    ``postgresql://user@one:5432,two:5432/name``.

    Args:
        url: The address.
        variable: Where it was set, for the words of the refusal.

    Raises:
        DatabaseUnavailable: If it is none; without a word of the address, which may hold a
            password.
    """
    refusal = DatabaseUnavailable(
        f"{variable} is not a database address. "
        "Write it like sqlite:///data/mendline.db or postgresql://user@host/name."
    )
    try:
        return _server(url) if _SERVER.match(url) else _file(url)
    except (sa.exc.ArgumentError, psycopg.ProgrammingError, ValueError):
        # What the parsers say of it quotes the address.
        raise refusal from None


def _server(url: str) -> Address:
    found = conninfo_to_dict(_SERVER.sub("postgresql://", url, count=1))
    parameters = {name: str(value) for name, value in found.items() if value is not None}
    host, port = parameters.get("host", ""), parameters.get("port", "")
    if not _PORTS.fullmatch(port):
        raise ValueError(port)
    is_one = "," not in host
    if not is_one:
        parameters.setdefault("target_session_attrs", SEVERAL_HOSTS_WANT)
    shown = sa.URL.create(
        "postgresql+psycopg",
        username=parameters.get("user"),
        password=parameters.get("password"),
        host=host if is_one and host and not host.startswith("/") else None,
        port=int(port) if is_one and port else None,
        database=parameters.get("dbname"),
    )
    return Address(shown, parameters)


def _file(url: str) -> Address:
    parsed = sa.make_url(url)
    # A database in memory would be a different, empty one in every thread.
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise ValueError(parsed.drivername)
    return Address(parsed.set(drivername="sqlite"))
