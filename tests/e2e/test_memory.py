"""The server's memory, while many people come and go."""

from pathlib import Path

import psutil

from db.auth_sessions import start_session
from db.engine import Database, open_engine, writing
from db.models import utc_now
from tests.factories import days_ago
from tests.screens.driving import drive
from tests.screens.screen import Screen
from tests.servers import Server, started
from tests.small_clinic import make_small_clinic

_BEFORE, _COUNTED = 60, 150
_MEGABYTE = 1_048_576
_MOST_MB = 8.0
"""A session that stays takes a third of a megabyte, so so many would take six times this."""


async def _come_and_go(server: Server, token: str, count: int) -> None:
    for _ in range(count):
        async with await Screen.open(server.url, token, "learn") as screen:
            await screen.rerun()


def _memory_mb(server: Server) -> float:
    return float(psutil.Process(server.pid).memory_full_info().uss) / _MEGABYTE


def test_memory_does_not_grow_with_those_who_have_left(tmp_path: Path) -> None:
    """Some hundred sessions open, run again and close; what they took is there for the next."""
    url = f"sqlite:///{tmp_path / 'mendline.db'}"
    # A second instead of two minutes for which Streamlit keeps what somebody may come back to.
    settings = {"MENDLINE_DATABASE_URL": url, "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with started(tmp_path, settings=settings) as server:
        database = Database(open_engine(url))
        people = make_small_clinic(database, procedure_date=days_ago(10))
        with writing(database) as session:
            actor = people.patient
            token = start_session(session, actor.account_id, actor.role, utc_now())
        drive(_come_and_go(server, token, _BEFORE))
        before = _memory_mb(server)
        drive(_come_and_go(server, token, _COUNTED))
        grown = _memory_mb(server) - before
        database.engine.dispose()

    assert grown < _MOST_MB
