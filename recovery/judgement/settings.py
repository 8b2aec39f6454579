"""Which thresholds a clinic's rules use, as whole versions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from recovery.errors import InvalidEntry

HIGHER_CHANCES = (0.90, 0.95, 0.975)
"""Centiles of the documented band that a clinic may choose from, the lowest first."""

RANGES: Mapping[str, tuple[float, float]] = {
    "higher_days": (3, 7),
    "change_limit": (3, 12),
    "worse_points": (1, 5),
    "silence_until_day": (7, 365),
    "brace_share": (0.1, 0.9),
    "medicine_times": (1, 6),
}
"""Lowest and highest value of each threshold but the centile, both allowed."""

_WHOLE = ("higher_days", "silence_until_day")
_NAMES = {
    "higher_days": "the days in a row",
    "change_limit": "the limit for a change",
    "worse_points": "the points above the best week",
    "silence_until_day": "the last day for silence",
    "brace_share": "the share of the planned hours",
    "medicine_times": "the times a day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementSettings:
    """
    The thresholds of all rules; the defaults are those that the simulator chose.

    Attributes:
        version: 0 for what Mendline ships, from 1 on what the clinic saved.
        higher_chance: Centile of the documented band above which pain counts as higher than
            most people's: 0.90, 0.95 or 0.975.
        higher_days: Logged days in a row that must lie above it, 3-7.
        change_limit: How strongly the days must speak for a change from the own pattern, as a
            natural logarithm, 3-12; more is stricter.
        worse_points: Points by which the last days must lie above the own best week, 1-5.
        silence_until_day: Last post-procedure day on which silence is a reason, 7-365.
        brace_share: Share of the planned hours below which the brace counts as worn less, 0.1-0.9.
        medicine_times: Times a day by which medicine must have risen, 1-6.
    """

    version: int = 0
    higher_chance: float = 0.90
    higher_days: int = 3
    change_limit: float = 4.5
    worse_points: float = 2.0
    silence_until_day: int = 90
    brace_share: float = 0.5
    medicine_times: float = 2.0

    def __post_init__(self) -> None:
        """
        Refuse thresholds that no rule can use.

        Raises:
            InvalidEntry: Naming the threshold to change.
        """
        if self.higher_chance not in HIGHER_CHANCES:
            raise InvalidEntry("Choose the 90th, 95th or 97.5th centile for the documented band.")
        for name, (least, most) in RANGES.items():
            value = getattr(self, name)
            if not _is_number(value, whole=name in _WHOLE) or not least <= value <= most:
                kind = "a whole number" if name in _WHOLE else "a number"
                raise InvalidEntry(f"Enter {kind} from {least:g} to {most:g} for {_NAMES[name]}.")

    def to_json(self) -> dict[str, Any]:
        """Return the thresholds as JSON values, without the version."""
        return {name: value for name, value in asdict(self).items() if name != "version"}

    @classmethod
    def from_json(cls, values: Mapping[str, Any], version: int) -> "JudgementSettings":
        """
        Return the thresholds of ``to_json``.

        A threshold that is not among them, as in one saved before it existed, or that this version
        does not allow any more has the value that Mendline ships; a name that is not known any
        more is left out. So whatever is stored, a report can be saved and judged.
        """
        known = {field.name for field in fields(cls)} - {"version"}
        kept = {name: value for name, value in values.items() if name in known}
        return cls(version=version, **{n: v for n, v in kept.items() if cls._allows(n, v)})

    @classmethod
    def _allows(cls, name: str, value: Any) -> bool:
        try:
            cls(**{name: value})
        except InvalidEntry:
            return False
        return True


def _is_number(value: object, *, whole: bool) -> bool:
    kinds = int if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool)
