"""What the simulator measured of the rules, as ``python -m benchmarks judgement`` wrote it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FIGURES = Path(__file__).parents[1] / "docs" / "judgement.json"

Estimate = tuple[float, float, float]
"""A figure with the lower and the upper end of its 95 % interval."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Aim(_Part):
    """An aim in words, whether it is met, and the figure."""

    aim: str
    met: bool
    found: str


class Alarms(_Part):
    """False alarms of a rule: for 100 patient-months, and shares flagged by day 30 and 90."""

    per_100_months: Estimate
    by_30: Estimate
    by_90: Estimate


class Found(_Part):
    """Which share of one truth was found within so many days, and after how many in the middle."""

    within_days: int
    share: Estimate
    days: float | None
    lead_days: float | None


class Choice(_Part):
    """A rule under one threshold: false alarms, and what it finds of what it is meant for."""

    rule: str
    threshold: str
    ships: bool
    per_100_months: Estimate
    meant_for: str
    found: Estimate


class Group(_Part):
    """Figures of one range of daily noise."""

    people: int
    alarms: dict[str, Alarms]
    found: dict[str, Found]
    choices: tuple[Choice, ...]


class Oracle(_Part):
    """The rule for a change beside a detector that knows the person, at equal false alarms."""

    false_alarms: Estimate
    found: Estimate
    oracle_found: Estimate


class Figures(_Part):
    """
    All figures.

    Attributes:
        date: Day of the run, ISO.
        people: Made-up people.
        aims: What was aimed at.
        aimed: Where the days differ as the aims say.
        everybody: Over the whole range.
        oracle: The best that could be done.
    """

    date: str
    people: Annotated[int, Field(ge=1)]
    aims: tuple[Aim, ...]
    aimed: Group
    everybody: Group
    oracle: Oracle


def judgement_figures(file: Path = FIGURES) -> Figures | None:
    """Return the figures; None where the file is missing or of another version."""
    try:
        return Figures.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
