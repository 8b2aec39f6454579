"""Which post-procedure days a chart shows."""

from dataclasses import dataclass

from recovery.wording import marked

CHOICES: dict[str, int | None] = {
    marked("2 weeks"): 14,
    marked("3 months"): 90,
    marked("A year"): 365,
    marked("All"): None,
}
"""Names of the ranges and their lengths in days; None means from the procedure on."""

SHORTEST = 14
"""Fewest days a chosen range shows, so that a young log is not stretched over the page."""

_TICK_STEPS = (1, 2, 7, 14, 30, 60, 90, 180, 365)
MOST_TICKS = 8  # what fits beside each other at 390 px in 14 px type


@dataclass(frozen=True, slots=True)
class DayRange:
    """
    Post-procedure days from *first* to *last*, both inclusive.

    Every chart of a page takes the same range, so their days lie above each other.

    Attributes:
        first: First post-procedure day.
        last: Last post-procedure day.
        zooms: Whether the reader can look closer, so that the ticks have to follow.
    """

    first: int
    last: int
    zooms: bool = False

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins, with a ValueError."""
        if self.last < self.first:
            raise ValueError("a range of days must not end before it begins")

    def __len__(self) -> int:
        """Count the days."""
        return self.last - self.first + 1

    @classmethod
    def chosen(cls, choice: str, today: int) -> "DayRange":
        """
        Return the range for one of ``CHOICES``.

        It ends today, or shows what lies ahead while the recovery is younger than it.

        Args:
            choice: A key of ``CHOICES``.

            today: Post-procedure day of today; negative before the procedure.

        Raises:
            KeyError: If there is no such choice.
        """
        length = CHOICES[choice]
        if length is None:
            return cls(0, max(today, SHORTEST - 1))
        first = max(0, today - length + 1)
        return cls(first, first + length - 1)

    @property
    def ticks(self) -> list[int]:
        """Days to label, at most eight, on multiples of a round step."""
        span = self.last - self.first
        step = next((step for step in _TICK_STEPS if span / step < MOST_TICKS), span)
        return list(range(-(-self.first // step) * step, self.last + 1, step))
