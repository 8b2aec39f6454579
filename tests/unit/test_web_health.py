"""Whether the server lives and can serve, asked as a machine asks."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from db.engine import Database, open_engine, serve
from tests.small_clinic import SmallClinic
from tests.web_client import browser
from web import health
from web.health import CHECKS, LEAST_FREE_BYTES, show_ready

# What differs between the engines is tested in tests/db/test_readiness.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _no_earlier_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_kept", [])
    monkeypatch.setattr(health, "_checked", [])


def _asked() -> tuple[int, dict[str, Any]]:
    answer = browser().get("/readyz")
    return answer.status_code, answer.json()


def test_life_is_known_while_everything_else_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new start would not bring the database back, so nothing of it is asked."""

    def refuse() -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(health, "CHECKS", dict.fromkeys(CHECKS, refuse))
    database.engine.dispose()
    serve(Database(open_engine("sqlite:////proc/none.db")))

    answer = browser().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_server_that_can_serve_says_no_more(clinic: SmallClinic) -> None:
    """A probe needs no account and learns nothing beside."""
    assert _asked() == (200, {"status": "ready"})


def test_a_database_that_is_away_is_named_without_its_address(database: Database) -> None:
    """Where it is is nobody's business, and the key sealed in it is not said to be wrong."""
    database.engine.dispose()
    serve(Database(open_engine("sqlite:////proc/secret-name.db")))

    status, said = _asked()

    assert (status, said["status"]) == (503, "not ready")
    assert {"schema", "database"} <= set(said["failed"])
    assert "secret key" not in said["failed"]
    assert "secret-name" not in str(said)


def test_a_schema_of_another_version_is_told(database: Database) -> None:
    """As when the database was put back from an older backup under a running server."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'future'")

    status, said = _asked()

    assert (status, list(said["failed"])) == (503, ["schema"])
    assert "newer version" in said["failed"]["schema"]


@pytest.mark.parametrize(
    ("room", "is_ready"),
    [(0, False), (LEAST_FREE_BYTES - 1, False), (LEAST_FREE_BYTES, True), (None, True)],
)
def test_little_room_on_the_disk_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, room: int | None, is_ready: bool
) -> None:
    """At the bound it is still enough; another machine's disk is not looked at."""
    monkeypatch.setattr(health, "free_bytes", lambda _database: room)

    status, said = _asked()

    assert (status == 200) is is_ready
    assert list(said.get("failed", {})) == ([] if is_ready else ["disk"])


def test_content_that_cannot_be_read_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In our words, without those of the file."""

    def broken() -> None:
        raise OSError("canary")

    monkeypatch.setattr(health, "served", broken)

    status, said = _asked()

    assert (status, list(said["failed"])) == (503, ["content"])
    assert "canary" not in str(said)


def test_many_who_ask_cost_one_look(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who come while it is made wait for it, and those who come soon after hear the same."""
    looks: list[int] = []
    may_end = threading.Event()

    def slow() -> None:
        looks.append(1)
        assert may_end.wait(30)

    monkeypatch.setattr(health, "CHECKS", {"slow": slow})

    async def flood() -> set[int]:
        transport = httpx.ASGITransport(Starlette(routes=[Route("/readyz", show_ready)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            asked = [asyncio.ensure_future(client.get("/readyz")) for _ in range(50)]
            await asyncio.wait(asked, timeout=0.1)
            may_end.set()
            answers = [*await asyncio.gather(*asked), await client.get("/readyz")]
        return {answer.status_code for answer in answers}

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, flood()).result(60) == {200}

    assert len(looks) == 1


def test_another_database_is_looked_at_anew(database: Database) -> None:
    """What was found of one says nothing of the next, as when a demo takes its place."""
    assert _asked()[0] == 200
    database.engine.dispose()
    serve(Database(open_engine("sqlite:////proc/none.db")))

    assert _asked()[0] == 503
