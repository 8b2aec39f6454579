"""
Figures as files: ``docs/figures/NAME.md`` to read and ``NAME.json`` to compare with.

Each says on which machine, with which versions, on which day and by which command it was made.
Nothing in it names the machine, its owner or a folder.
"""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks.results import HEADINGS, Result

FOLDER = Path(__file__).parents[1] / "docs" / "figures"
_LIBRARIES = ("streamlit", "sqlalchemy", "sqlmodel", "psycopg", "pandas", "altair", "uvicorn")
_GIGABYTE = 1_073_741_824


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    One table of a file of figures.

    Attributes:
        title: Stands above it.
        headings: One for each column.
        rows: Its cells as they are to be read.
        words: What to know when reading it, in whole sentences; may be empty.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: str = ""

    def as_markdown(self) -> str:
        """Return the table with its title, in Markdown."""
        lines = [
            f"## {self.title}",
            "",
            *([self.words, ""] if self.words else []),
            _line(self.headings),
            _line(["---"] * len(self.headings)),
            *(_line(row) for row in self.rows),
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What figures were measured on: sizes and versions, never a name."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    sqlite: str
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_this_process(cls, **more: str) -> "Machine":
        """
        Return the machine this process runs on.

        Args:
            **more: Versions that only the benchmark knows, such as ``postgresql="15.13"``.
        """
        return cls(
            processor=_processor(),
            cores=os.cpu_count() or 1,
            memory_gb=round(psutil.virtual_memory().total / _GIGABYTE, 1),
            system=f"{platform.system()} {platform.release()} {platform.machine()}",
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            versions={name: version(name) for name in _LIBRARIES} | more,
        )

    def in_words(self) -> str:
        """Return one sentence that names all of it."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gb} GB; {self.system}; "
            f"Python {self.python}, SQLite {self.sqlite}, {versions}."
        )


def result_table(title: str, results: Iterable[Result], words: str = "") -> Table:
    """Return measured results as a table: median, floor, ratio with its interval, aim."""
    rows = [result.cells() for result in results]
    return Table(title=title, headings=HEADINGS, rows=rows, words=words)


def print_tables(tables: Iterable[Table]) -> None:
    """Print tables on the terminal, columns aligned."""
    for table in tables:
        lines = [list(table.headings), *(list(row) for row in table.rows)]
        widths = [max(len(line[at]) for line in lines) for at in range(len(table.headings))]
        print(f"\n{table.title}")
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            print("  ".join(cells).rstrip())


def write_figures(  # noqa: PLR0913 - one argument for each part of the file
    name: str,
    *,
    title: str,
    command: str,
    tables: Sequence[Table],
    machine: Machine | None = None,
    words: str = "",
    values: Mapping[str, Any] | None = None,
    folder: Path = FOLDER,
) -> list[Path]:
    """
    Write figures to ``docs/figures``, in place of those of an earlier run.

    Args:
        name: Of the files, without a suffix.
        title: Heading of the page.
        command: What to run to make them again.
        tables: What was found.
        machine: What it was found on; this process's own unless given.
        words: How it was measured and what falls short, in Markdown.
        values: The bare numbers, as JSON can hold them.
        folder: Where to, for tests.

    Returns:
        The two files.
    """
    measured_on = machine or Machine.of_this_process()
    today = datetime.now(UTC).date().isoformat()
    head = f"Written by `{command}` on {today}.\nMachine: {measured_on.in_words()}"
    parts = [f"# {title}", head, *([words] if words else [])]
    parts += [table.as_markdown() for table in tables]
    found = {
        "command": command,
        "date": today,
        "machine": asdict(measured_on),
        "tables": [asdict(table) for table in tables],
        "values": dict(values or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    page, numbers = folder / f"{name}.md", folder / f"{name}.json"
    page.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    numbers.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [page, numbers]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _processor() -> str:
    try:
        known = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in known.splitlines() if "model name" in line)
    return next(names, platform.machine())
