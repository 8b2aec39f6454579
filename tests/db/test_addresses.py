"""Addresses of databases: what is read out of one, and what is none."""

import pytest

from db.addresses import configured_replica_url, read_address
from db.connections import open_engine
from recovery.errors import DatabaseUnavailable


def test_one_server_keeps_its_options() -> None:
    """What libpq understands is handed to libpq."""
    read = read_address("postgresql+psycopg2://u:p%40ss@db.example:5433/name?sslmode=verify-full")

    assert read.is_server
    assert read.parameters == {
        "user": "u",
        "password": "p@ss",
        "host": "db.example",
        "port": "5433",
        "dbname": "name",
        "sslmode": "verify-full",
    }
    assert str(read.url) == "postgresql+psycopg://u:***@db.example:5433/name"


@pytest.mark.parametrize(
    ("address", "hosts", "ports", "wanted"),
    [
        ("u@one:1,two:2/name", "one,two", "1,2", "read-write"),
        ("u@one,two/name", "one,two", ",", "read-write"),
        ("/name?host=one,two&port=1,2", "one,two", "1,2", "read-write"),
        ("u@one:1,two:2/name?target_session_attrs=any", "one,two", "1,2", "any"),
        ("u@one:1/name", "one", "1", None),
        ("u@/name?host=/run/postgresql", "/run/postgresql", None, None),
    ],
)
def test_of_several_servers_the_one_that_takes_writes_is_wanted(
    address: str, hosts: str, ports: str | None, wanted: str | None
) -> None:
    """Unless the address says otherwise, or names a single one."""
    read = read_address(f"postgresql://{address}").parameters

    assert read["host"] == hosts
    assert read.get("port") == ports
    assert read.get("target_session_attrs") == wanted


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:quiet-secret@h1:1,h2:not-a-port/name",
        "postgresql://u:quiet-secret%zz@host/name",
        "postgresql://u:quiet-secret@host/name?nonsense=1",
        "postgresql://u:quiet-secret@[::1/name",
    ],
)
def test_what_libpq_cannot_read_is_refused_without_its_words(url: str) -> None:
    """Neither the sentence nor what caused it repeats the address."""
    with pytest.raises(DatabaseUnavailable, match="MENDLINE_REPLICA_URL is not") as refused:
        read_address(url, "MENDLINE_REPLICA_URL")

    assert "quiet-secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_without_a_replica_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty setting is none."""
    monkeypatch.setenv("MENDLINE_REPLICA_URL", "")
    assert configured_replica_url() is None

    monkeypatch.setenv("MENDLINE_REPLICA_URL", "postgresql://replica/name")
    assert configured_replica_url() == "postgresql://replica/name"


@pytest.mark.parametrize("number", ["0", "-1", "many", "1001", "2.5"])
def test_a_number_of_connections_that_is_none_is_refused(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence shows one that would do."""
    monkeypatch.setenv("MENDLINE_DATABASE_CONNECTIONS", number)

    with pytest.raises(DatabaseUnavailable, match=r"number from 1 to 1000\. Write it like 20"):
        open_engine("postgresql://host/name")


def test_a_number_of_connections_bounds_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least and the most that may be set."""
    for number in ("1", "1000"):
        monkeypatch.setenv("MENDLINE_DATABASE_CONNECTIONS", number)
        assert open_engine("postgresql://host/name").pool.size() == int(number)  # type: ignore[attr-defined]
