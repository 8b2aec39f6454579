"""``python -m benchmarks scale``: both engines from a small clinic to a very large one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.figures import Machine, Table, print_tables, write_figures
from benchmarks.medians import ratio, spread
from benchmarks.scale.acts import LISTS, MAIN, Timed
from benchmarks.scale.bare import once_each, statements_of, time_act, time_bare
from benchmarks.scale.databases import SERVER, Scaled, postgresql_version, scaled
from db.engine import serve, writing
from exchange.brief_pdf import briefs_pdf
from ui.briefs import read_brief

SIZES = (1_000, 10_000, 100_000)
QUICK = (200, 2_000)
DAYS = 90
ROUNDS, QUICK_ROUNDS = 40, 15
_WARM_UP = 3
_OVER_BARE, _FLAT = 1.5, 1.1
_HEADINGS = (
    "what",
    "patients",
    "app, ms (quartiles)",
    "bare, ms",
    "app / bare (95 % interval)",
    "statements, app / bare",
    "app beside the smallest",
    "bare beside the smallest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one act took on one database, in milliseconds, and how many statements it sent."""

    patients: int
    app: Sequence[float]
    bare: Sequence[float]
    sent: int
    sent_once: int


def scale(*, is_quick: bool, writes: bool, days: int = DAYS) -> None:
    """
    Fill, time, print and, if asked, write ``docs/figures/scale.md`` and ``scale.json``.

    Args:
        is_quick: Small databases and fewer turns, to see that it runs.
        writes: Write the files.
        days: Logged days of each patient on average.
    """
    sizes, rounds = (QUICK, QUICK_ROUNDS) if is_quick else (SIZES, ROUNDS)
    with scaled(sizes, days) as engines:
        tables = [_filling(engines, days)]
        values: dict[str, Any] = {}
        for databases in engines:
            name = databases[0].engine_name
            for title, acts in (("", MAIN), (", other ways to ask for the list", LISTS)):
                found = {each.what: _compared(databases, each, rounds) for each in acts}
                tables.append(_table(f"{name}{title}", found))
                values |= {f"{name}: {what}": _medians(each) for what, each in found.items()}
        tables.append(_paper(engines[0][-1]))
        machine = Machine.of_this_process(postgresql=postgresql_version(engines[1][0].database))
    print_tables(tables)
    if writes:
        write_figures(
            "scale",
            title="Scale",
            command="uv run python -m benchmarks scale --write",
            tables=tables,
            machine=machine,
            words=_WORDS,
            values=values,
        )


_WORDS = f"""Both engines are on the same machine as the app. PostgreSQL: {", ".join(SERVER)}; reached through a
socket. SQLite waits for the disk with each commit, PostgreSQL too.

"App" is the time of the whole transaction in the app's own functions, from asking the pool to the commit: permission,
reading, rules, rows turned into values, the audit entry. "Bare" is what the driver alone needs for the same rows: each different
statement of the act once, with the same values, in one transaction with the same commit, and all rows read. Medians, each size and
app and bare in turn. Aims: app at most {_OVER_BARE} times bare, and at most {_FLAT} times the smallest size.

Every patient logged 90 days on average; the person whose chart, brief and export are read logged every one of them at each size. A
thousand recoveries differ, the others are copies of them under other names. Rows of one person lie close together in
the file, which they would not after years of real use."""


def _compared(databases: Sequence[Scaled], timed: Timed, rounds: int) -> list[Found]:
    """Time one act on all sizes in turn, app and bare beside each other."""
    times: list[tuple[list[float], list[float]]] = [([], []) for _ in databases]
    counts = [(0, 0) for _ in databases]
    for turn in range(-_WARM_UP, rounds):
        for at, each in enumerate(databases):
            first, second = (turn + _WARM_UP) * 2, (turn + _WARM_UP) * 2 + 1
            if timed.what == "save a report" and second >= len(each.savers):
                continue
            app = time_act(each.database, timed.of(each, first), writes=timed.writes)
            sent = statements_of(each.database, timed.of(each, second), writes=timed.writes)
            once = once_each(sent)
            bare = time_bare(each.database, once, writes=timed.writes)
            if turn >= 0:
                times[at][0].append(app)
                times[at][1].append(bare)
                counts[at] = len(sent), len(once)
    return [
        Found(patients=each.patients, app=app, bare=bare, sent=sent, sent_once=sent_once)
        for each, (app, bare), (sent, sent_once) in zip(databases, times, counts, strict=True)
    ]


def _table(title: str, found: dict[str, list[Found]]) -> Table:
    rows = [_row(what, each, of_sizes[0]) for what, of_sizes in found.items() for each in of_sizes]
    return Table(title=title, headings=_HEADINGS, rows=rows)


def _row(what: str, found: Found, smallest: Found) -> list[str]:
    low, high = spread(found.app)
    over = ratio(found.app, found.bare)
    flat = ratio(found.app, smallest.app) if found is not smallest else None
    return [
        what,
        f"{found.patients:,}",
        f"{median(found.app):.2f} ({low:.2f}-{high:.2f})",
        f"{median(found.bare):.2f}",
        f"{over.value:.2f} ({over.low:.2f}-{over.high:.2f})",
        f"{found.sent} / {found.sent_once}",
        f"{flat.value:.2f} ({flat.low:.2f}-{flat.high:.2f})" if flat else "-",
        f"{median(found.bare) / median(smallest.bare):.2f}" if flat else "-",
    ]


def _medians(found: list[Found]) -> list[dict[str, float]]:
    return [
        {
            "patients": each.patients,
            "app_ms": round(median(each.app), 3),
            "bare_ms": round(median(each.bare), 3),
            "statements": each.sent,
        }
        for each in found
    ]


def _filling(engines: Sequence[Sequence[Scaled]], days: int) -> Table:
    return Table(
        title="Filling, by python -m db scale",
        headings=["engine", "patients", "days each", "reports", "seconds"],
        rows=[
            [
                each.engine_name,
                f"{each.patients:,}",
                str(days),
                f"{each.reports:,}",
                f"{each.seconds:.0f}",
            ]
            for databases in engines
            for each in databases
        ],
    )


def _paper(filled: Scaled) -> Table:
    """Time the brief from the database to the bytes of its PDF, which no query compares with."""
    serve(filled.database)
    patient_id = filled.patient.patient_id
    taken = []
    for _ in range(_WARM_UP + QUICK_ROUNDS):
        began = time.perf_counter()
        if patient_id is not None:
            briefs_pdf([_sheet(filled, patient_id)])
        taken.append((time.perf_counter() - began) * 1_000)
    values = taken[_WARM_UP:]
    low, high = spread(values)
    return Table(
        title=f"Visit brief as PDF, {filled.engine_name}, {filled.patients:,} patients",
        headings=["what", "ms (quartiles)"],
        rows=[["read, drawn and set", f"{median(values):.0f} ({low:.0f}-{high:.0f})"]],
    )


def _sheet(filled: Scaled, patient_id: Any) -> Any:
    with writing(filled.database) as session:
        made = read_brief(session, filled.clinician, patient_id, is_exported=True)
    return made.sheet()
