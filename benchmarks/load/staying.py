"""The commands ``python -m benchmarks open`` and ``soak``: many pages held, and held for long."""

import asyncio
from functools import partial
from statistics import linear_regression

from benchmarks.figures import Table, print_tables, write_figures
from benchmarks.load.clinic import on_sqlite
from benchmarks.load.crowd import Crowd, Person
from benchmarks.load.measuring import HEADINGS, Window, measure, raise_limits
from benchmarks.load.places import Place, one_process
from benchmarks.load.watching import usage

OPEN, ACTIVE = 300, 100
"""How many pages are open, and how many of them somebody acts on."""

_SOAK_SECONDS, _QUICK_SECONDS = 600.0, 60.0
_LOOK_SECONDS = 5.0
_SETTLING_SECONDS = 120.0
"""Until everybody has been everywhere, what the process keeps of pages still grows."""

_HOUR = 3_600


def open_pages(*, is_quick: bool, writes: bool) -> None:
    """Hold many open pages at one process while some of the people act."""
    raise_limits()
    count, active = (60, 20) if is_quick else (OPEN, ACTIVE)
    with on_sqlite() as clinic:
        people = clinic.people(count)
        window = Window(settling=5, measured=10 if is_quick else 60)
        opening = partial(one_process, clinic)
        row = measure(("one process", clinic.engine), opening, people, window, active=active)
    words = f"{count} pages are open; {active} of the people act."
    table = Table(title="Open pages", headings=HEADINGS, rows=[row.cells()], words=words)
    _tell("open", "Many pages open", table, row.values(), writes=writes)


def soak(*, is_quick: bool, writes: bool) -> None:
    """Let people act for ten minutes and see how the memory of one process grows."""
    raise_limits()
    seconds = _QUICK_SECONDS if is_quick else _SOAK_SECONDS
    with on_sqlite() as clinic, one_process(clinic) as place:
        people = clinic.people(20 if is_quick else ACTIVE)
        found = asyncio.run(_soak(place, people, seconds))
    settled = [each for each in found if each[0] >= min(_SETTLING_SECONDS, seconds / 2)]
    slope = linear_regression(*zip(*settled, strict=True)).slope * _HOUR
    rows = [[f"{at:.0f}", f"{memory:.1f}"] for at, memory in found[:: max(1, len(found) // 12)]]
    words = (
        f"From {settled[0][0]:.0f} s on the line through all looks rises by {slope:.0f} MB an hour."
    )
    table = Table(title="Memory of one process", headings=["s", "MB"], rows=rows, words=words)
    _tell("soak", "Memory over ten minutes", table, {"mb_an_hour": slope}, writes=writes)


async def _soak(place: Place, people: list[Person], seconds: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []

    async def look() -> None:
        for count in range(int(seconds / _LOOK_SECONDS)):
            found.append((count * _LOOK_SECONDS, usage(place.pids).memory_mb))
            await asyncio.sleep(_LOOK_SECONDS)

    async with Crowd(place.url, people) as crowd:
        log, _ = await asyncio.gather(crowd.act(seconds), look())
    print(f"{len(log.acts)} acts, errors: {dict(log.errors)}")
    return found


def _tell(name: str, title: str, table: Table, values: dict[str, object], *, writes: bool) -> None:
    print_tables([table])
    print(table.words)
    if writes:
        command = f"uv run python -m benchmarks {name} --write"
        write_figures(name, title=title, command=command, tables=[table], values=values)
