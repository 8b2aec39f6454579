"""What fault tests counted, gathered from all workers and printed at the end of the run."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "FAULT_FIGURES"
"""Names the file that the figures of a run are added to; set by hand, the file is kept."""

HEADING = f"{'fault':<62} {'tried':>8} {'acknowledged':>13} {'lost':>6} {'half':>6}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """
    What one fault test counted.

    Attributes:
        name: What was done to what, in a few words.
        tried: Acts that were begun.
        acknowledged: Those whose person was told that they are stored.
        lost: Acknowledged ones that were not found afterwards.
        half: Acts of which one part was found and another was not.
        remark: What else was counted, in a few words.
    """

    name: str
    tried: int
    acknowledged: int
    lost: int
    half: int
    remark: str = ""

    def line(self) -> str:
        """Return the figures as one line below ``HEADING``."""
        counted = f"{self.tried:>8,} {self.acknowledged:>13,} {self.lost:>6,} {self.half:>6,}"
        return f"{self.name:<62} {counted}  {self.remark}".rstrip()


def note_figures(  # noqa: PLR0913 - the columns of the table
    name: str, *, tried: int, acknowledged: int, lost: int, half: int, remark: str = ""
) -> Figures:
    """Keep what a test counted for the end of the run, and return it to be asserted."""
    figures = Figures(
        name=name, tried=tried, acknowledged=acknowledged, lost=lost, half=half, remark=remark
    )
    file = os.environ.get(VARIABLE)
    if file is not None:
        # One write of one line, so that those of two workers do not mix.
        with Path(file).open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(asdict(figures)) + "\n")
    return figures


def begin() -> Path | None:
    """Name a file to this process and those it starts, and return it; None if one is named."""
    if VARIABLE in os.environ:
        return None
    handle, name = tempfile.mkstemp(prefix="mendline-figures-", suffix=".jsonl")
    os.close(handle)
    os.environ[VARIABLE] = name
    return Path(name)


def gathered() -> list[Figures]:
    """Return what was kept so far, by name."""
    file = Path(os.environ.get(VARIABLE, os.devnull))
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return sorted((Figures(**json.loads(line)) for line in lines), key=lambda each: each.name)
