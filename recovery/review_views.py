"""Views of the review list that somebody named, to come back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from recovery.judgement.reasons import ReasonKind
from recovery.review import ReviewOrder

MAX_VIEWS = 20
"""Most views that one account keeps."""
MAX_VIEW_NAME = 60

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """
    How the list is filtered and sorted; what is searched for is a person, and never part of it.

    Attributes:
        order: How it is sorted.
        is_mine: Only those whom the reader looks after by name.
        reason: Only those with this reason.
        procedure: Only those who had this procedure; empty for all.
        phase: Name of a phase of that procedure, or of a general one; empty for all.
        has_visit: Only those with a visit this week.
        is_changed: Only those that changed since the last look.
    """

    order: ReviewOrder = ReviewOrder.NEED
    is_mine: bool = False
    reason: ReasonKind | None = None
    procedure: str = ""
    phase: str = ""
    has_visit: bool = False
    is_changed: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anybody is left out."""
        return self != ReviewView(order=self.order)

    def as_saved(self) -> dict[str, str | bool]:
        """Return the view as JSON can hold it."""
        return {
            "order": self.order.value,
            "is_mine": self.is_mine,
            "reason": "" if self.reason is None else self.reason.value,
            "procedure": self.procedure,
            "phase": self.phase,
            "has_visit": self.has_visit,
            "is_changed": self.is_changed,
        }

    @classmethod
    def from_saved(cls, saved: Mapping[str, object]) -> "ReviewView":
        """Return the view that was kept or asked for; what is not known any more is left out."""
        return cls(
            order=_choice(ReviewOrder, saved.get("order")) or ReviewOrder.NEED,
            is_mine=_flag(saved.get("is_mine")),
            reason=_choice(ReasonKind, saved.get("reason")),
            procedure=_word(saved.get("procedure")),
            phase=_word(saved.get("phase")),
            has_visit=_flag(saved.get("has_visit")),
            is_changed=_flag(saved.get("is_changed")),
        )


def _choice(kind: type[_Choice], value: object) -> _Choice | None:
    return next((each for each in kind if each.value == value), None)


def _flag(value: object) -> bool:
    # True as JSON keeps it, and as an address spells it.
    return value is True or value == "True"


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
