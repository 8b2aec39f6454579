"""The documented phases after a procedure: what is usual when, in whole days."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class PhaseKind(StrEnum):
    """What a phase is about; rules may use it, words and drawing do."""

    TEST = "test"
    SORE = "sore"
    ONSET = "onset"
    RELIEF = "relief"
    MAY_RETURN = "may_return"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """
    Some days of which the same is documented.

    Attributes:
        id: Name within its procedure.
        kind: What it is about.
        first_day: First post-procedure day, inclusive.
        last_day: Last one, inclusive; None when it has no documented end.
        label: Up to three words, as on the chart.
        sentence: What is documented, in words for patients.
        source_ids: Where that was read.
    """

    id: str
    kind: PhaseKind
    first_day: int
    last_day: int | None
    label: str
    sentence: str
    source_ids: tuple[str, ...]

    def holds(self, pod: int) -> bool:
        """Tell whether a post-procedure day lies in the phase."""
        return self.first_day <= pod and (self.last_day is None or pod <= self.last_day)


def phase_on(phases: Sequence[Phase], pod: int) -> Phase | None:
    """Return the phase of a day; None before day 0 and after the last documented day."""
    return next((phase for phase in phases if phase.holds(pod)), None)


def first_break(days: Sequence[tuple[int, int | None]]) -> tuple[int, str] | None:
    """
    Find what keeps phases from covering day 0 and all that follows, day by day, once.

    Args:
        days: First and last day of each phase, in order; None for no end.

    Returns:
        The position of the phase to change and what is wrong; None when all is well.
    """
    if not days or days[0][0] != 0:
        return 0, "the first phase must begin on day 0"
    for position, (first, last) in enumerate(days):
        if last is not None and last < first:
            return position, f"the phase ends on day {last}, before it begins"
    for position, ((_, last), (first, _)) in enumerate(pairwise(days), start=1):
        problem = _gap(last, first)
        if problem:
            return position, problem
    return None


def _gap(last: int | None, first: int) -> str:
    if last is None:
        return "the phase before it has no end"
    if first <= last:
        return f"day {first} lies in two phases"
    return "" if first == last + 1 else f"day {last + 1} lies in no phase"
