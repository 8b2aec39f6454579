"""``python -m benchmarks faults``: the fault tests, and what they counted as a table."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Table, print_tables, write_figures
from tests.faults.figures import VARIABLE, Figures, gathered

_ROOT = Path(__file__).parents[1]
_QUICK = "tests/faults/test_database_refuses.py"
_HEADINGS = ("Fault", "Tried", "Acknowledged", "Lost", "Half", "Also")
_WORDS = """
Tried: acts that were begun. Acknowledged: whose person was told that they are stored. Lost: acknowledged
ones that were not found afterwards. Half: acts of which one part was found and another was not.
"""


def faults(*, is_quick: bool, writes: bool) -> None:
    """Run every fault test, and print what each counted."""
    where = [_QUICK] if is_quick else ["-m", "faults"]
    counted = _counted(where)
    tables = [table_of(counted)]
    print_tables(tables)
    if writes:
        write_figures(
            "faults",
            title="Faults: what was lost, and what was stored by half",
            command="uv run python -m benchmarks faults --write",
            tables=tables,
            values={"faults": [asdict(each) for each in counted]},
        )


def table_of(counted: Sequence[Figures]) -> Table:
    """Return what was counted as a table, one fault a row."""
    rows = [
        (
            each.name,
            f"{each.tried:,}",
            f"{each.acknowledged:,}",
            f"{each.lost:,}",
            f"{each.half:,}",
            each.remark,
        )
        for each in counted
    ]
    return Table(title="Faults", headings=_HEADINGS, rows=rows, words=" ".join(_WORDS.split()))


def _counted(where: Sequence[str]) -> list[Figures]:
    with tempfile.TemporaryDirectory(prefix="mendline-faults-") as folder:
        os.environ[VARIABLE] = str(Path(folder) / "figures.jsonl")
        try:
            # A fault that loses something fails its test, and then there is no table.
            subprocess.run([sys.executable, "-m", "pytest", *where], cwd=_ROOT, check=True)
            return gathered()
        finally:
            del os.environ[VARIABLE]
