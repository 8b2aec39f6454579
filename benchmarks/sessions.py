"""Server memory per open page, and the time from start to the first answer."""

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise

import psutil

from benchmarks import serving
from benchmarks.clinic import fill
from benchmarks.load.watching import usage
from benchmarks.results import Result
from benchmarks.serving import Running
from recovery.access import Role
from tests.screens.screen import Screen

WARM_UP_PAGES = 25
BATCHES = 4
BATCH_PAGES = 25
STARTS = 5
_MEGABYTE = 1_048_576


def memory() -> list[Result]:
    """Open many pages of one person and share out what the server grew by."""
    with serving.empty_database() as (url, database):
        filled = fill(database, patients=1, days=90)
        token = serving.signed_in(database, filled.patient.account_id, Role.PATIENT)
        with serving.app(url) as server:
            today_page, today_total = _growth(server, "today", token)
        with serving.app(url) as server:
            progress_page, progress_total = _growth(server, "progress", token)
    with serving.floor("form") as bare:
        form, form_total = _growth(bare, "", None)
    with serving.floor("chart") as bare:
        chart, chart_total = _growth(bare, "", None)
    pages = WARM_UP_PAGES + BATCHES * BATCH_PAGES
    return [
        Result(what="memory per open /today", values=today_page, unit="MB", floor=form),
        Result(what="memory per open /progress", values=progress_page, unit="MB", floor=chart),
        _total(f"server with {pages} open /today", today_total, form_total),
        _total(f"server with {pages} open /progress", progress_total, chart_total),
    ]


def _total(what: str, ours: float, floor: float) -> Result:
    return Result(what=what, values=[ours], unit="MB", floor=[floor])


def start() -> list[Result]:
    """Start the app and a bare page in turn; time each to its first answer, and see its memory."""
    ours, floor = [], []
    memory, bare_memory = [], []
    with serving.empty_database() as (url, _):
        for _ in range(STARTS):
            with serving.app(url) as server:
                ours.append(server.start_seconds)
                memory.append(usage([server.pid]).memory_mb)
            with serving.floor("form") as bare:
                floor.append(bare.start_seconds)
                bare_memory.append(usage([bare.pid]).memory_mb)
    return [
        Result(what="start to first answer", values=ours, unit="s", floor=floor),
        Result(what="memory when started", values=memory, unit="MB", floor=bare_memory),
    ]


def _growth(server: Running, page: str, token: str | None) -> tuple[list[float], float]:
    """
    Open page after page and look at the server's own memory.

    Returns:
        The megabytes that each open page took, averaged over each batch, after the
        first pages warmed the server up; and all it took in the end.
    """
    return asyncio.run(_open_many(server, page, token))


async def _open_many(server: Running, page: str, token: str | None) -> tuple[list[float], float]:
    process = psutil.Process(server.pid)
    async with AsyncExitStack() as stack:
        taken = []
        for count in [WARM_UP_PAGES, *[BATCH_PAGES] * BATCHES]:
            for _ in range(count):
                screen = await Screen.open(server.url, token, page)
                await stack.enter_async_context(screen)
            taken.append(float(process.memory_full_info().uss) / _MEGABYTE)
    steps = [(after - before) / BATCH_PAGES for before, after in pairwise(taken)]
    return steps, taken[-1]
