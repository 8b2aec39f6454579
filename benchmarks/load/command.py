"""The command ``python -m benchmarks load``."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from benchmarks.figures import Table, print_tables, write_figures
from benchmarks.load.clinic import Clinic, on_postgresql, on_sqlite
from benchmarks.load.crowd import Person
from benchmarks.load.measuring import HEADINGS, Row, Window, measure, raise_limits
from benchmarks.load.people import CHART, FORM
from benchmarks.load.places import bare, one_process, two_processes

LEVELS = (50, 100, 150)
"""How many people come, each to servers that were started for them."""

AIMED = 100
"""How many people the aims are about."""

WINDOW = Window(settling=8, measured=20)
_QUICK_LEVELS, _QUICK_WINDOW = (10, 50), Window(settling=3, measured=12)

CLINICS: Sequence[Callable[[], AbstractContextManager[Clinic]]] = (on_sqlite, on_postgresql)
PLACES = {"one process": one_process, "two behind nginx": two_processes}
FLOORS = {"form": FORM, "chart": CHART}

WORDS = """
Nine of ten people are patients, of whom as many read, log and draw; the tenth is a clinician.
Between two acts each thinks for 2.5 to 7.5 seconds. An act lasts from sending it until the run
that it caused is over, with all runs that follow from it. People and servers share the machine.
"""


def load(*, is_quick: bool, writes: bool) -> None:
    """Let crowds of rising size come to each place, and print what each act took."""
    raise_limits()
    levels, window = (_QUICK_LEVELS, _QUICK_WINDOW) if is_quick else (LEVELS, WINDOW)
    rows: list[Row] = []
    for row in _rows(levels, window):
        print("  ".join(row.cells()), row.errors or "", flush=True)
        rows.append(row)
    at = AIMED if AIMED in levels else levels[-1]
    all_acts = [row.cells() for row in rows]
    tables = [
        Table(title="All acts", headings=HEADINGS, rows=all_acts, words=WORDS.strip()),
        _by_name([row for row in rows if row.people == at], at),
    ]
    print_tables(tables)
    if writes:
        write_figures(
            "load",
            title="Many people at once",
            command="uv run python -m benchmarks load --write",
            tables=tables,
            values={"rows": [row.values() for row in rows]},
        )


def _rows(levels: Sequence[int], window: Window) -> Iterator[Row]:
    for floor, kind in FLOORS.items():
        for level in levels:
            people = [Person(kind, None)] * level
            yield measure((f"bare {floor}", ""), partial(bare, floor), people, window)
    for filled in CLINICS:
        with filled() as clinic:
            for name, place in PLACES.items():
                for level in levels:
                    people = clinic.people(level)
                    opening = partial(place, clinic)
                    yield measure((name, clinic.engine), opening, people, window)


def _by_name(rows: Sequence[Row], people: int) -> Table:
    cells = [
        [row.place, row.engine or "-", name, str(count), f"{middle:.0f}", f"{late:.0f}"]
        for row in rows
        for name, (count, middle, late) in row.by_name.items()
    ]
    headings = ["place", "database", "act", "n", "p50 ms", "p95 ms"]
    return Table(title=f"Acts by name, {people} people", headings=headings, rows=cells)
