"""Which thresholds a clinic's rules use, as whole versions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from recovery.errors import InvalidEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementSettings:
    """
    The thresholds of all rules; the defaults are those that the simulator chose.

    Attributes:
        version: 0 for what Mendline ships, from 1 on what the clinic saved.
        higher_chance: Centile of the documented band above which pain counts as higher than
            most people's: 0.90, 0.95 or 0.975.
        higher_days: Logged days in a row that must lie above it, 3-7.
        change_limit: How strongly the days must speak for a change from the own pattern; more is
            stricter.
        worse_points: Points by which the last days must lie above the own best week, 1-5.
        silence_until_day: Last post-procedure day on which silence is a reason.
        brace_share: Share of the planned hours below which the brace counts as worn less, 0.1-0.9.
        medicine_times: Times a day by which medicine must have risen, 1-6.
    """

    version: int = 0
    higher_chance: float = 0.90
    higher_days: int = 3
    change_limit: float = 5.0
    worse_points: float = 2.0
    silence_until_day: int = 90
    brace_share: float = 0.5
    medicine_times: float = 2.0

    @classmethod
    def from_json(cls, thresholds: Mapping[str, Any], *, version: int) -> "JudgementSettings":
        """Return the thresholds of ``to_json``; one that is missing has its default."""
        known = {name: value for name, value in thresholds.items() if name in _NAMES}
        return cls(version=version, **known)

    def check(self) -> None:
        """
        Refuse thresholds out of range or at odds.

        Raises:
            InvalidEntry: Naming what to change.
        """
        if not 3 <= self.higher_days <= 7:  # noqa: PLR2004 - a week
            raise InvalidEntry("Choose 3 to 7 days in a row for higher than most.")

    def to_json(self) -> dict[str, Any]:
        """Return the thresholds as JSON values, without the version."""
        return {name: value for name, value in asdict(self).items() if name != "version"}


_NAMES = frozenset(each.name for each in fields(JudgementSettings)) - {"version"}
