"""What the log and the figures cost one press, beside a bare page that is asked in the same way."""

import asyncio
import logging
from collections.abc import Callable
from time import perf_counter

from prometheus_client import generate_latest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import serving
from benchmarks.results import Result
from db.engine import serve
from tests.screens.screen import Screen
from web.observing.figures import REGISTRY, Counting
from web.observing.logs import form_of_lines
from web.observing.queues import DatabaseFigures
from web.observing.reruns import Stopwatch

ROUNDS = 200
MESSAGES = 120
"""As many as the longest of our pages sends in one run, in the size of a middling one."""

CONNECTIONS = 8
_MESSAGE_BYTES = 1_500


def observing() -> list[Result]:
    """Time all that is measured and written of one press, and one fetching of the figures."""
    with serving.floor("form") as bare:
        floor = asyncio.run(_reruns(bare.url))
    press = _press()
    with serving.empty_database() as (_, database):
        serve(database)
        asking = DatabaseFigures()
        REGISTRY.register(asking)
        fetched = _timed(lambda: generate_latest(REGISTRY))
        REGISTRY.unregister(asking)
    return [
        Result(
            what="log and figures of one press",
            values=_timed(press),
            unit="ms",
            floor=floor,
            aim="below 1 ms",
        ),
        Result(what="fetching the figures", values=fetched, unit="ms"),
    ]


async def _reruns(url: str) -> list[float]:
    """Ask a bare page for a run again and again, as the same press would."""
    taken = []
    async with await Screen.open(url, None) as screen:
        for _ in range(ROUNDS):
            began = perf_counter()
            await screen.rerun()
            taken.append((perf_counter() - began) * 1_000)
    return taken


def _press() -> Callable[[], None]:
    """Return what happens beside one press: no part of answering it."""
    asked, end = BackMsg(), ForwardMsg()
    asked.rerun_script.page_name = "today"
    end.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    payloads = [b"x" * _MESSAGE_BYTES] * MESSAGES + [end.SerializeToString()]
    stopwatch, counting = Stopwatch(), Counting()
    form = form_of_lines(is_json=True)
    record = {"name": "mendline.refused", "msg": "Refused: %s.", "args": ("a form",)}

    def press() -> None:
        stopwatch.start(asked)
        for _ in range(CONNECTIONS):
            counting.waited(0.001)
        counting.committed("report.saved")
        for payload in payloads:
            stopwatch.see(payload)
        # Most presses write no line.
        form.format(logging.makeLogRecord(record))

    return press


def _timed(work: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1_000)
    return taken
