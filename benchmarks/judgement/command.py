"""``python -m benchmarks judgement``: draw, judge, count, print and write."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from platform import python_version
from typing import Any

from benchmarks.judgement.findings import Findings, findings
from benchmarks.judgement.people import CELLS, Cell, Truth
from benchmarks.judgement.tables import aims, tables
from benchmarks.judgement.trial import SHIPPED, SILENCE_DAYS, Trial, run
from benchmarks.judgement.words import preamble

ROOT = Path(__file__).parents[2]
MARKDOWN = ROOT / "docs" / "judgement.md"
FIGURES = ROOT / "docs" / "judgement.json"

FULL = (300, 100)
QUICK = (30, 8)
"""People drawn for each cell: ordinary ones, and of each kind with something true."""

_SEED = 20_261_127
_CHUNK = 20


def judgement(*, is_quick: bool, writes: bool) -> None:
    """
    Measure the rules on made-up people, print the tables and, if asked, write them.

    Args:
        is_quick: Draw a tenth of the people; the intervals say how little that shows.
        writes: Write ``docs/judgement.md`` and ``docs/judgement.json``.
    """
    started = time.perf_counter()
    trials = draw(*(QUICK if is_quick else FULL))
    found = findings(trials)
    head = _head(len(trials))
    print(tables(found))
    print(f"\n{head['people']} people in {time.perf_counter() - started:.0f} s")
    if writes:
        MARKDOWN.write_text(f"{preamble(head)}\n\n{tables(found)}\n", encoding="utf-8")
        figures = json.dumps(_figures(head, found), indent=1, ensure_ascii=False)
        FIGURES.write_text(figures + "\n", encoding="utf-8")
        print(f"written: {MARKDOWN.relative_to(ROOT)}, {FIGURES.relative_to(ROOT)}")


def draw(ordinary: int, others: int) -> list[Trial]:
    """Draw and judge people of every cell, with *ordinary* and *others* of each kind."""
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        return pool.map(run, list(jobs(ordinary, others)), chunksize=_CHUNK)


def jobs(ordinary: int, others: int) -> Iterator[tuple[Cell, Truth, int]]:
    """Yield cell, truth and seed of each person, always the same ones."""
    seed = _SEED
    for cell in CELLS:
        for truth in Truth:
            for _ in range(ordinary if truth is Truth.ORDINARY else others):
                seed += 1
                yield cell, truth, seed


def _head(people: int) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": python_version(),
        "people": people,
        "settings": SHIPPED.to_json(),
        "silence_days": SILENCE_DAYS,
    }


def _figures(head: dict[str, Any], found: Findings) -> dict[str, Any]:
    met = [{"aim": words, "met": is_met, "found": figure} for words, is_met, figure in aims(found)]
    return {**head, "aims": met, **found.to_json()}
