"""Files of figures say what was measured, on what and how to do it again."""

import json
from pathlib import Path

from benchmarks.figures import Machine, Table, result_table, write_figures
from benchmarks.results import Result


def test_a_file_of_figures_says_how_it_was_made(tmp_path: Path) -> None:
    """Command, machine and versions stand above the tables; numbers are kept beside."""
    table = Table(title="Saves", headings=["what", "lost"], rows=[["a | b", "0"]], words="Of 500.")

    page, numbers = write_figures(
        "faults",
        title="Faults",
        command="uv run pytest -m faults",
        tables=[table],
        machine=Machine.of_this_process(postgresql="15.9"),
        values={"lost": 0},
        folder=tmp_path / "new",
    )

    text, kept = page.read_text(), json.loads(numbers.read_text())
    assert "Written by `uv run pytest -m faults` on 20" in text
    assert "postgresql 15.9" in text
    assert "| a / b | 0 |" in text
    assert kept["values"] == {"lost": 0}
    assert kept["machine"]["versions"]["postgresql"] == "15.9"


def test_results_become_a_table_with_their_ratio() -> None:
    """What was measured stands beside its floor."""
    found = result_table("Save", [Result(what="save", values=[3.0], unit="ms", floor=[2.0])])

    assert found.rows[0][:4] == ["save", "3 ms", "2 ms", "1.50"]
