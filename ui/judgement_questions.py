"""The thresholds of judgement as plain questions: what each does, its range, its words."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from typing import Any

from recovery.errors import InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import HIGHER_CHANCES, RANGES, JudgementSettings
from ui.words import plain_number

_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    One threshold as a clinic is asked for it.

    Attributes:
        name: Field of ``JudgementSettings``.
        kind: The rule that it belongs to.
        label: The question.
        does: What it does, in one or two sentences.
        step: Step of the field, in the unit shown; a whole number for whole thresholds.
        scale: What the stored value is multiplied with to be shown, as 100 for a share.
        unit: Unit of the shown value.
        choices: Stored values to choose from; empty for a number to enter.
        more: Words about a stored value; None for none.
    """

    name: str
    kind: ReasonKind
    label: str
    does: str
    step: float = 1
    scale: int = 1
    unit: str = ""
    choices: tuple[float, ...] = ()
    more: Callable[[float], str] | None = None

    def shown(self, value: float) -> str:
        """Write a stored value with its unit: ``50 %``."""
        return f"{self.number(value)}{self.unit}"

    def number(self, value: float) -> str:
        """Write a stored value without its unit; a centile as ``97.5``."""
        return plain_number(value * self.scale)

    def to_field(self, value: float) -> float:
        """Return a stored value as its field holds it."""
        scaled = round(value * self.scale, 6)
        return int(scaled) if isinstance(self.step, int) else float(scaled)

    def from_field(self, value: Any) -> Any:
        """Return what a field holds as it is stored; anything else than a number as it is."""
        if self.choices or self.scale == 1 or not isinstance(value, int | float):
            return value
        return value / self.scale

    @property
    def range_words(self) -> str:
        """Say what is allowed: ``From 3 to 7 days.``; empty where one of a few is chosen."""
        return "" if self.choices else f"From {self._range}."

    def refusal(self, value: Any) -> InvalidEntry | None:
        """
        Return why a stored value cannot be used, in the unit of the field; None when it can.

        The thresholds refuse it, too, but in the unit in which they are stored.
        """
        try:
            JudgementSettings(**{self.name: value})
        except InvalidEntry as refusal:
            if self.choices:
                return refusal
            kind = "a whole number" if isinstance(self.step, int) else "a number"
            return InvalidEntry(f"{self.label} Enter {kind} from {self._range}.")
        return None

    @property
    def _range(self) -> str:
        low, high = RANGES[self.name]
        return f"{self.number(low)} to {self.shown(high)}"


def _odds(limit: float) -> str:
    return f"The days must fit a lasting rise about {exp(limit):,.0f} times better than none."


QUESTIONS = (
    Question(
        name="higher_chance",
        kind=ReasonKind.HIGHER,
        label="Higher than most: above which centile of the documented course?",
        does="A higher centile makes fewer alerts, and finds lasting pain less often.",
        scale=_PERCENT,
        unit="th",
        choices=HIGHER_CHANCES,
    ),
    Question(
        name="higher_days",
        kind=ReasonKind.HIGHER,
        label="Higher than most: how many logged days in a row?",
        does="More days make fewer alerts, and later ones.",
        unit=" days",
    ),
    Question(
        name="change_limit",
        kind=ReasonKind.CHANGE,
        label="Change from own pattern: how sure must the days be?",
        does="A higher number makes fewer alerts, and finds a lasting rise later.",
        step=0.5,
        more=_odds,
    ),
    Question(
        name="worse_points",
        kind=ReasonKind.WORSE_AGAIN,
        label="Better, then worse: how many points above the own best week?",
        does="More points make fewer alerts. A person whose days differ much needs more anyway.",
        step=0.5,
        unit=" points",
    ),
    Question(
        name="silence_until_day",
        kind=ReasonKind.SILENCE,
        label="No reports: up to which day after the procedure?",
        does="Later silence makes no alert. How many silent days count follows from the procedure.",
    ),
    Question(
        name="brace_share",
        kind=ReasonKind.BRACE,
        label="Brace worn less: below how many percent of the planned hours?",
        does="A lower number makes fewer alerts.",
        step=5,
        scale=_PERCENT,
        unit=" %",
    ),
    Question(
        name="medicine_times",
        kind=ReasonKind.MEDICINE,
        label="More pain medicine: by how many times a day?",
        does="More times make fewer alerts. It must also be half as much again as before.",
        step=0.5,
        unit=" times",
    ),
)
"""Every threshold, in the order of the page."""


def differences(before: JudgementSettings, after: JudgementSettings) -> list[str]:
    """Say which thresholds differ, each with both values."""
    return [
        f"{each.label} {each.shown(old)} → {each.shown(new)}"
        for each in QUESTIONS
        if (old := getattr(before, each.name)) != (new := getattr(after, each.name))
    ]
