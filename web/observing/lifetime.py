"""Measuring from the start of the server to its end."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio.to_thread

from db.watching import watch
from web.observing.door import MetricsDoor, OpenPort, read_door, set_door
from web.observing.figures import REGISTRY, Counting
from web.observing.logs import check_form
from web.observing.pulse import feel_pulse, watch_pauses
from web.observing.queues import DatabaseFigures

_asking: list[DatabaseFigures] = []
_opened: list[OpenPort] = []


def read_settings(environment: Mapping[str, str]) -> MetricsDoor:
    """
    Read what the environment says of log and figures.

    Raises:
        RecoveryError: If a value cannot be meant, with what to write instead.
    """
    check_form(environment)
    return read_door(environment)


@asynccontextmanager
async def measured(door: MetricsDoor) -> AsyncIterator[None]:
    """Measure for the block; the port is opened by ``open_port``, and closed at the end."""
    watch(Counting())
    watch_pauses()
    if not _asking:
        _asking.append(DatabaseFigures())
        REGISTRY.register(_asking[0])
    set_door(door)
    pulse = asyncio.create_task(feel_pulse())
    try:
        yield
    finally:
        pulse.cancel()
        watch(None)
        set_door(MetricsDoor())
        while _opened:
            await anyio.to_thread.run_sync(_opened.pop().close)


def open_port(door: MetricsDoor) -> None:
    """
    Open the port of the figures if one was asked for.

    After the server's own sockets, by which it is seen whether others can reach them.

    Raises:
        InvalidMetricsDoor: If another program has it.
    """
    if door.port is not None:
        _opened.append(OpenPort(door.port))
