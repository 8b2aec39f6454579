"""One measurement: a crowd of a certain size at one place."""

import asyncio
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.load.crowd import Crowd, Log, Person
from benchmarks.load.places import Opening, Place
from benchmarks.load.watching import Usage, usage
from benchmarks.medians import percentile


@dataclass(frozen=True, slots=True)
class Window:
    """How long a crowd acts before it is measured, and while; in seconds."""

    settling: float
    measured: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    What was found of one crowd.

    Attributes:
        place: Where it was.
        engine: Of which kind the database was; empty for none.
        people: How many there were.
        acts: How many acts were measured.
        a_second: Acts a second.
        p50, p95, p99: Milliseconds from sending an act until its run was over.
        errors: How many acts, of all, ended in an error; that person did nothing more.
        memory_mb: What the servers' resident memory grew by for each person.
        descriptors: What their open file descriptors grew by for each person.
        processor_ms: The servers' processor time for each act.
        client_share: How much of one core the client itself took, 0-1.
        by_name: The same of acts of one name: count, median and 95th percentile in ms.
    """

    place: str
    engine: str
    people: int
    acts: int
    a_second: float
    p50: float
    p95: float
    p99: float
    errors: dict[str, int]
    memory_mb: float
    descriptors: float
    processor_ms: float
    client_share: float
    by_name: dict[str, tuple[int, float, float]] = field(default_factory=dict)

    def cells(self) -> list[str]:
        """Return the line of the table."""
        return [
            self.place,
            self.engine or "-",
            str(self.people),
            f"{self.a_second:.1f}",
            f"{self.p50:.0f}",
            f"{self.p95:.0f}",
            f"{self.p99:.0f}",
            str(sum(self.errors.values())),
            f"{self.memory_mb:.2f}",
            f"{self.descriptors:.1f}",
            f"{self.processor_ms:.1f}",
            f"{self.client_share:.2f}",
        ]

    def values(self) -> dict[str, Any]:
        """Return the bare figures."""
        return asdict(self)


HEADINGS = [
    "place",
    "database",
    "people",
    "acts/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "errors",
    "MB/person",
    "files/person",
    "processor ms/act",
    "client, cores",
]


def raise_limits() -> None:
    """Let this process and the servers that it starts open as many files as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def measure(
    name: tuple[str, str],
    opening: Opening,
    people: Sequence[Person],
    window: Window,
    *,
    active: int | None = None,
) -> Row:
    """
    Start servers, let a crowd come and act, and stop them.

    Args:
        name: Of the place and of its database, as they are to be read.
        opening: Starts the servers.
        people: Who comes.
        window: For how long.
        active: How many of them act; all unless given.
    """
    with opening() as place:
        return asyncio.run(_measure(name, place, people, window, active))


async def _measure(
    name: tuple[str, str],
    place: Place,
    people: Sequence[Person],
    window: Window,
    active: int | None,
) -> Row:
    # One page of each kind first, so that what the first visitor makes the server load is not
    # shared out to the others.
    async with Crowd(
        place.url, list({each.kind: each for each in people}.values()), think=0.05
    ) as few:
        await few.act(2)
    before, crowd = usage(place.pids), Crowd(place.url, people)
    async with crowd:
        log, used, share = await _act(crowd, place, window, active)
    return _row(name, len(people), _Seen(log, before, *used, share), window)


async def _act(
    crowd: Crowd, place: Place, window: Window, active: int | None
) -> tuple[Log, tuple[Usage, Usage], float]:
    settled: list[Any] = []

    async def note() -> None:
        await asyncio.sleep(window.settling)
        settled.extend([usage(place.pids), _own_seconds()])

    log, _ = await asyncio.gather(
        crowd.act(window.measured, settling=window.settling, active=active), note()
    )
    share = (_own_seconds() - settled[1]) / window.measured
    return log, (settled[0], usage(place.pids)), share


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was noted: acts, what servers used when empty, at first and last, the client's share."""

    log: Log
    empty: Usage
    begun: Usage
    ended: Usage
    share: float


def _row(name: tuple[str, str], people: int, seen: _Seen, window: Window) -> Row:
    log, empty, begun, ended = seen.log, seen.empty, seen.begun, seen.ended
    taken = sorted(act.seconds * 1_000 for act in log.acts) or [0.0]
    seconds = ended.processor_seconds - begun.processor_seconds
    return Row(
        place=name[0],
        engine=name[1],
        people=people,
        acts=len(log.acts),
        a_second=len(log.acts) / window.measured,
        p50=percentile(taken, 0.5),
        p95=percentile(taken, 0.95),
        p99=percentile(taken, 0.99),
        errors=dict(log.errors),
        memory_mb=(ended.memory_mb - empty.memory_mb) / people,
        descriptors=(ended.descriptors - empty.descriptors) / people,
        processor_ms=seconds * 1_000 / max(1, len(log.acts)),
        client_share=seen.share,
        by_name=_by_name(log),
    )


def _by_name(log: Log) -> dict[str, tuple[int, float, float]]:
    found = {}
    for name, count in sorted(Counter(act.name for act in log.acts).items()):
        taken = sorted(act.seconds * 1_000 for act in log.acts if act.name == name)
        found[name] = (count, percentile(taken, 0.5), percentile(taken, 0.95))
    return found
