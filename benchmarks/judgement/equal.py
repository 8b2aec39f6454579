"""The change rule beside the oracle, each at the limit that gives both as many false alarms."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.judgement.people import CELLS, Cell, Truth
from benchmarks.judgement.rates import Estimate, Opened, alarms, found
from benchmarks.judgement.trial import SHIPPED, Trial, alert_days

_HALVINGS = 18
_MOST = 40.0
LIMITS = (3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """
    One group of people.

    Attributes:
        name: Which people.
        limit: Limit of the change rule.
        oracle_limit: The oracle's, for as many false alarms.
        false_alarms: Of the change rule, for 100 patient-months.
        oracle_false_alarms: Of the oracle.
        found: Share of lasting rises of 3 points found within a week by the change rule.
        oracle_found: By the oracle.
    """

    name: str
    limit: float
    oracle_limit: float
    false_alarms: Estimate
    oracle_false_alarms: Estimate
    found: Estimate
    oracle_found: Estimate

    @property
    def gap(self) -> float:
        """Points (of 100) that the oracle finds more."""
        return 100 * (self.oracle_found.value - self.found.value)


def compared(trials: Sequence[Trial]) -> list[Compared]:
    """Compare over the whole range, at the limit that ships and at others, and cell by cell."""
    shipped = SHIPPED.change_limit
    lines = [_compared("whole range", trials, limit) for limit in sorted({*LIMITS, shipped})]
    for cell in CELLS:
        mine = [each for each in trials if each.cell == cell]
        if mine:
            lines.append(_compared(cell_name(cell), mine, shipped))
    return lines


def cell_name(cell: Cell) -> str:
    """Return how a cell is called in the tables."""
    return f"SD {cell.sd:g}, autocorrelation {cell.rho:g}"


def _compared(name: str, trials: Sequence[Trial], limit: float) -> Compared:
    calm = [each for each in trials if each.truth is Truth.ORDINARY]
    risen = [each for each in trials if each.truth is Truth.JUMP_3]
    own = _opened("change", limit)
    rate = alarms(calm, own)
    oracle_limit = _limit_for(calm, rate.value)
    oracle = _opened("oracle", oracle_limit)
    return Compared(
        name=name,
        limit=limit,
        oracle_limit=oracle_limit,
        false_alarms=rate,
        oracle_false_alarms=alarms(calm, oracle),
        found=found(risen, own),
        oracle_found=found(risen, oracle),
    )


def _limit_for(trials: Sequence[Trial], rate: float) -> float:
    # The lowest limit with at most that many, so the oracle is never given fewer than it may have.
    low, high = 0.0, _MOST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if alarms(trials, _opened("oracle", middle)).value > rate:
            low = middle
        else:
            high = middle
    return high


def _opened(which: str, limit: float) -> Opened:
    def days(trial: Trial) -> list[int]:
        return alert_days({pod: each >= limit for pod, each in trial.evidence[which].items()})

    return days
