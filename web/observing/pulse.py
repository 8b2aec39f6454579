"""What holds up everybody in this process: the event loop's lag, and pauses to collect garbage."""

import asyncio
import gc
from collections.abc import Iterator, Mapping
from itertools import accumulate
from time import perf_counter

from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from web.observing.figures import LOOP_LAG_SECONDS, LOOP_SILENT_SECONDS, REGISTRY

PULSE_SECONDS = 0.5
"""How often the event loop is asked to come round."""

_BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


async def feel_pulse() -> None:
    """
    Measure how late the event loop comes round, until cancelled.

    A loop that never comes round again is late by nothing, so whoever fetches the figures, which
    the port does in a thread of its own, is told how long ago it last did.
    """
    began = perf_counter()
    LOOP_SILENT_SECONDS.set_function(lambda: perf_counter() - began)
    try:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            now = perf_counter()
            LOOP_LAG_SECONDS.observe(max(0.0, now - began - PULSE_SECONDS))
            began = now
    finally:
        LOOP_SILENT_SECONDS.set_function(lambda: 0.0)


class Pauses(Collector):
    """
    Pauses of the process to collect garbage.

    Written without a lock, since a collection may begin while its own thread holds one; the
    interpreter lets no two run at once.
    """

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0
        self._began = 0.0

    def note(self, phase: str, _info: Mapping[str, int]) -> None:
        """Be told by ``gc.callbacks`` that a collection starts or stops."""
        if phase == "start":
            self._began = perf_counter()
            return
        taken = perf_counter() - self._began
        self._seconds += taken
        self._counts[sum(taken > bound for bound in _BOUNDS)] += 1

    def collect(self) -> Iterator[Metric]:
        """Return the pauses so far as one histogram."""
        family = HistogramMetricFamily(
            "mendline_gc_pause_seconds", "Time for which the process stood still to collect garbage"
        )
        ends = [*(str(bound) for bound in _BOUNDS), "+Inf"]
        family.add_metric(
            [],
            buckets=list(zip(ends, accumulate(map(float, self._counts)), strict=True)),
            sum_value=self._seconds,
        )
        yield family


_pauses: list[Pauses] = []


def watch_pauses() -> None:
    """Measure every collection from now on; doing it twice does no harm."""
    if not _pauses:
        _pauses.append(Pauses())
        REGISTRY.register(_pauses[0])
        gc.callbacks.append(_pauses[0].note)
