"""Why somebody should look at a recovery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ReasonKind(StrEnum):
    """What was found; the order is the order of need, the gravest first."""

    WARNING_SIGN = "warning_sign"
    SUDDEN_PAIN = "sudden_pain"
    FALL = "fall"
    CHANGE = "change"
    WORSE_AGAIN = "worse_again"
    HIGHER = "higher"
    NO_RESPONSE = "no_response"
    SILENCE = "silence"
    MEDICINE = "medicine"
    BRACE = "brace"

    @property
    def need(self) -> int:
        """How much it asks for a look: more is graver, at least 1."""
        return len(ReasonKind) - list(ReasonKind).index(self)

    @property
    def is_recorded(self) -> bool:
        """Whether the person recorded it as such, so that each day of it stands for itself."""
        return self in _RECORDED


_RECORDED = frozenset({ReasonKind.WARNING_SIGN, ReasonKind.SUDDEN_PAIN, ReasonKind.FALL})

Figure = float | int | str | list[int] | list[float] | list[str]
"""What may stand in a reason's values: all that JSON can carry back unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    One thing that was found, with what it rests on.

    Attributes:
        kind: What.
        first_day: First day it rests on.
        last_day: Last day it rests on.
        values: Named figures for its words; which names follows from the kind.
    """

    kind: ReasonKind
    first_day: date
    last_day: date
    values: Mapping[str, Figure] = field(default_factory=dict)


class Unjudged(StrEnum):
    """Why a rule says nothing, neither good nor bad."""

    NO_STATUS = "no_status"  # nothing is told about a status after this procedure
    TOO_EARLY = "too_early"  # before the first documented day
    TOO_FEW = "too_few"  # too few reports
    NO_BASELINE = "no_baseline"  # pain before is not known, or 0, so that none could go
    NO_BAND = "no_band"  # no course is documented for the day
    NO_PLAN = "no_plan"  # no brace was prescribed
    NOT_EXPECTED = "not_expected"  # no daily report is expected


class Standing(StrEnum):
    """Where the level of the last days lies beside what is documented; none of them is a verdict."""

    LOWER_OR_MIDDLE = "lower_or_middle"  # in the middle half of people, or less pain
    WIDE = "wide"  # in the wide range, up to the 90th centile
    HIGHER = "higher"  # the rule of the same name holds


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLevel:
    """
    A person's own levels of average pain, NRS 0-10; None where too few days are logged.

    Attributes:
        now_nrs: Mean of the last seven days.
        best_nrs: Lowest mean of any seven days.
        best_day: Last day of those seven.
    """

    now_nrs: float | None = None
    best_nrs: float | None = None
    best_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    What the rules say of a recovery as it stood on a day.

    Attributes:
        as_of: The day, in the patient's calendar.
        reasons: What was found, the gravest first; at most one of each kind that is not
            recorded, one per day of those that are.
        unjudged: Why a rule could not judge, by what it would have found.
        standing: Beside what is documented; None where nothing can be said.
        level: Own levels.
    """

    as_of: date
    reasons: tuple[Reason, ...] = ()
    unjudged: Mapping[ReasonKind, Unjudged] = field(default_factory=dict)
    standing: Standing | None = None
    level: OwnLevel = field(default_factory=OwnLevel)
