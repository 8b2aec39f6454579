"""What a benchmark found, and the one table it is printed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.medians import ratio, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    One line of the table.

    Attributes:
        what: What was measured.
        values: The measured values.
        unit: Their unit, such as ``ms``.
        floor: Values of the bare page or bare query measured in the same run, if there is one.
        aim: What the project set itself, in words; empty when it is printed only.
    """

    what: str
    values: Sequence[float]
    unit: str
    floor: Sequence[float] = field(default=())
    aim: str = ""

    def cells(self) -> list[str]:
        """Return the line: what, median and quartiles, floor, ratio with interval, n, aim."""
        return [
            self.what,
            _middle(self.values, self.unit),
            _middle(self.floor, self.unit) if self.floor else "-",
            self._compared(),
            str(len(self.values)),
            self.aim or "-",
        ]

    def _compared(self) -> str:
        if not self.floor or median(self.floor) <= 0:
            return "-"
        found = ratio(self.values, self.floor)
        if len(self.values) == 1:
            return f"{found.value:.2f}"
        return f"{found.value:.2f} ({found.low:.2f}-{found.high:.2f})"


HEADINGS = ["what", "median (quartiles)", "floor", "ratio (95 % interval)", "n", "aim"]


def print_table(results: Iterable[Result]) -> None:
    """Print all results in one table, columns aligned."""
    lines = [HEADINGS, *(result.cells() for result in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    for number, line in enumerate(lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _middle(values: Sequence[float], unit: str) -> str:
    low, high = spread(values)
    if len(values) == 1:
        return f"{median(values):.4g} {unit}"
    return f"{median(values):.4g} {unit} ({low:.4g}-{high:.4g})"
