"""When a reason opens an alert, so that one thing does not ask for a look every day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recovery.judgement.reasons import Judgement, Reason, ReasonKind

REARM_DAYS = 14
"""Days after an alert before another of its kind can open."""


@dataclass(frozen=True, slots=True)
class Arming:
    """
    Whether a reason of one kind would open an alert.

    Attributes:
        is_armed: Whether the rule was quiet on a judged day since the last alert.
        opened_on: Day of the last alert of the kind; None for none.
    """

    is_armed: bool = True
    opened_on: date | None = None

    def opens_on(self, day: date) -> bool:
        """Tell whether a reason found on *day* opens an alert."""
        rested = self.opened_on is None or (day - self.opened_on).days >= REARM_DAYS
        return self.is_armed and rested


@dataclass(frozen=True, slots=True)
class Opening:
    """An alert that a judgement opened, on the day judged."""

    day: date
    reason: Reason


class Openings:
    """
    The alerts that judgements open, asked day by day.

    A reason opens an alert while none of its kind is open. After an alert the rule must have been
    quiet on a day that it could judge, and two weeks must have passed, before it opens the next;
    a day that could not be judged is neither. What a person recorded opens one alert for each day
    it is about.
    """

    def __init__(self) -> None:
        self._arming: dict[ReasonKind, Arming] = {}
        self._recorded: set[tuple[ReasonKind, date]] = set()

    def after(self, judgement: Judgement) -> list[Opening]:
        """Return the alerts that a day's judgement opens; days must not go back."""
        opened = [each for each in judgement.reasons if self._opens(each, judgement.as_of)]
        spoke = {each.kind for each in judgement.reasons}
        for kind, arming in self._arming.items():
            if kind not in spoke and kind not in judgement.unjudged and not arming.is_armed:
                self._arming[kind] = Arming(opened_on=arming.opened_on)
        return [Opening(judgement.as_of, each) for each in opened]

    def _opens(self, reason: Reason, day: date) -> bool:
        if reason.kind.is_recorded:
            key = (reason.kind, reason.first_day)
            is_new = key not in self._recorded
            self._recorded.add(key)
            return is_new
        if not self._arming.get(reason.kind, Arming()).opens_on(day):
            return False
        self._arming[reason.kind] = Arming(is_armed=False, opened_on=day)
        return True


def openings(judgements: Iterable[Judgement]) -> Iterator[Opening]:
    """Yield the alerts that judgements open, in the order of their days."""
    so_far = Openings()
    for judgement in judgements:
        yield from so_far.after(judgement)
