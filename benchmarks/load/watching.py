"""What the server's processes use, read from the system and not from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

_MEGABYTE = 1_048_576


@dataclass(frozen=True, slots=True)
class Usage:
    """
    What some processes use, added up.

    Attributes:
        memory_mb: Resident memory.
        descriptors: Open file descriptors.
        processor_seconds: Since their start, in user and in system mode.
    """

    memory_mb: float
    descriptors: int
    processor_seconds: float


def usage(pids: Sequence[int]) -> Usage:
    """Return what the processes *pids* use now."""
    processes = [psutil.Process(pid) for pid in pids]
    times = [process.cpu_times() for process in processes]
    return Usage(
        memory_mb=sum(process.memory_info().rss for process in processes) / _MEGABYTE,
        descriptors=sum(process.num_fds() for process in processes),
        processor_seconds=sum(each.user + each.system for each in times),
    )
