"""Figures of fault tests reach the end of the run from every worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.figures import HEADING, VARIABLE, begin, gathered, note_figures
from tests.sources import ROOT

_RUN = """
import pytest
from tests.faults.figures import note_figures

@pytest.mark.parametrize("number", range(4))
def test_it(number):
    note_figures(f"fault {number}", tried=3, acknowledged=2, lost=1, half=number)
"""


def test_without_a_run_there_are_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And whoever notes one outside a run has it returned."""
    monkeypatch.delenv(VARIABLE, raising=False)
    noted = note_figures("cut", tried=3, acknowledged=2, lost=0, half=0)

    assert gathered() == []
    assert noted.line().split() == ["cut", "3", "2", "0", "0"]
    monkeypatch.setenv(VARIABLE, str(tmp_path / "not-there.jsonl"))
    assert gathered() == []


def test_a_file_that_was_named_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that the figures can be kept for a document."""
    named = tmp_path / "kept.jsonl"
    monkeypatch.setenv(VARIABLE, str(named))

    assert begin() is None
    second = note_figures("b", tried=1, acknowledged=1, lost=0, half=0, remark="two clocks")
    first = note_figures("a", tried=1, acknowledged=1, lost=0, half=0)
    assert gathered() == [first, second]
    assert named.read_text(encoding="utf-8").count("\n") == 2
    assert second.line().endswith("  two clocks")


def test_they_are_printed_at_the_end(tmp_path: Path) -> None:
    """From every worker, in one table, and no file is left behind."""
    hooks = "pytest_configure, pytest_terminal_summary, pytest_unconfigure"
    (tmp_path / "conftest.py").write_text(f"from tests.conftest import {hooks}")
    (tmp_path / "test_it.py").write_text(_RUN)
    settings = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != VARIABLE} | settings,
        check=True,
        capture_output=True,
        text=True,
    )

    said = finished.stdout.splitlines()
    heading = said.index(HEADING)
    assert " FAULTS " in said[heading - 1]
    assert [line.split() for line in said[heading + 1 : heading + 5]] == [
        ["fault", str(number), "3", "2", "1", str(number)] for number in range(4)
    ]
    assert list(tmp_path.glob("mendline-figures-*")) == []
