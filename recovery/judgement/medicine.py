"""Dose of pain medicine rising; taking less, or none, is never a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.view import View
from recovery.reports import PainMedicine
from recovery.summary import ENOUGH_DAYS, WEEK_DAYS

FIRST_MEDICINE_DAY = 14
"""First post-procedure day that is judged: two whole weeks then lie after the procedure."""

BEFORE_DAYS = 14
"""Days before the last seven that these are compared with."""

RISE_SHARE = 1.5
"""The last week must also reach one and a half times what was taken before."""

_PRESCRIBED = (PainMedicine.PRESCRIBED, PainMedicine.BOTH)


@dataclass(frozen=True, slots=True)
class Medicine:
    """
    What was taken in the last seven days and in up to fourteen before.

    Attributes:
        first_day: First day that was answered of the last seven.
        last_day: Last one.
        now_times: Mean times a day; None with fewer than four answers on either side.
        before_times: The same before.
        now_prescribed: Days of the last seven with prescribed medicine.
        before_prescribed: Such days before; None with fewer than four answers.
    """

    first_day: date
    last_day: date
    now_times: float | None
    before_times: float | None
    now_prescribed: int
    before_prescribed: int | None

    def reason(self, settings: JudgementSettings) -> Reason | None:
        """
        Return the reason where it rose by the clinic's times a day and by a half.

        It is one, too, where nothing prescribed was taken before and now is, on four days or more.

        Values: ``how``, either ``times`` or ``prescribed``; for the first ``now_times`` and
        ``before_times``, means a day; for the second ``days``, days with prescribed medicine.
        """
        if self._rose(settings.medicine_times):
            return self._reason(
                {
                    "how": "times",
                    "now_times": round(self.now_times or 0.0, 2),
                    "before_times": round(self.before_times or 0.0, 2),
                }
            )
        if self.before_prescribed == 0 and self.now_prescribed >= ENOUGH_DAYS:
            return self._reason({"how": "prescribed", "days": self.now_prescribed})
        return None

    def _rose(self, times: float) -> bool:
        now, before = self.now_times, self.before_times
        if now is None or before is None:
            return False
        return now - before >= times and now >= RISE_SHARE * before

    def _reason(self, values: dict[str, str | float | int]) -> Reason:
        return Reason(
            kind=ReasonKind.MEDICINE,
            first_day=self.first_day,
            last_day=self.last_day,
            values=values,
        )


def measure_medicine(view: View) -> Medicine | Unjudged:
    """Measure what was taken in the last seven days beside the fourteen before them."""
    if view.pod < max(FIRST_MEDICINE_DAY, view.rules.first_status_day or 0):
        return Unjudged.TOO_EARLY
    now = [each for each in view.week if each.medicine is not None]
    # The day of the procedure itself is nobody's habit.
    start = max(view.as_of - timedelta(days=WEEK_DAYS + BEFORE_DAYS - 1), _day_after(view))
    earlier = view.between(start, view.as_of - timedelta(days=WEEK_DAYS))
    before = [each for each in earlier if each.medicine is not None]
    if min(len(now), len(before)) < ENOUGH_DAYS:
        return Unjudged.TOO_FEW
    now_times, before_times = _mean_times(now), _mean_times(before)
    return Medicine(
        first_day=now[0].day,
        last_day=now[-1].day,
        now_times=now_times,
        before_times=before_times,
        now_prescribed=sum(each.medicine in _PRESCRIBED for each in now),
        before_prescribed=sum(each.medicine in _PRESCRIBED for each in before),
    )


def _day_after(view: View) -> date:
    return view.log.procedure_date + timedelta(days=1)


def _mean_times(days: Sequence[LoggedDay]) -> float | None:
    times = [
        0 if each.medicine is PainMedicine.NONE else each.medicine_times
        for each in days
        if each.medicine is PainMedicine.NONE or each.medicine_times is not None
    ]
    answered = [each for each in times if each is not None]
    return sum(answered) / len(answered) if len(answered) >= ENOUGH_DAYS else None
