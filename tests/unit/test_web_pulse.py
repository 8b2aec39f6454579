"""An event loop that stands still is seen by whoever is not held up by it."""

import asyncio
from threading import Thread

import pytest

from web.observing import pulse
from web.observing.figures import REGISTRY
from web.observing.pulse import feel_pulse


def _silent() -> float | None:
    return REGISTRY.get_sample_value("mendline_event_loop_silent_seconds")


def test_a_loop_that_stands_still_is_told_by_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """It grows while nothing comes round, ends when something does, and with the server."""
    now = 100.0
    seen: list[float | None] = []
    monkeypatch.setattr(pulse, "perf_counter", lambda: now)
    monkeypatch.setattr(pulse, "PULSE_SECONDS", 0)

    async def stand_still() -> None:
        nonlocal now
        feeling = asyncio.create_task(feel_pulse())
        await asyncio.sleep(0)
        # Nothing is awaited, so the loop cannot come round.
        now = 130.0
        seen.append(_silent())
        for _ in range(3):
            await asyncio.sleep(0)
        seen.append(_silent())
        now = 190.0
        feeling.cancel()
        await asyncio.wait([feeling])
        seen.append(_silent())

    # Of its own, since the main thread may hold a loop of a browser's.
    thread = Thread(target=lambda: asyncio.run(stand_still()))
    thread.start()
    thread.join()

    assert seen == [30.0, 0.0, 0.0]
