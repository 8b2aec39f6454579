"""What a patient ticked or recorded in the last days that goes before every other word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from content.placeholders import dialling_link, fill
from content.warning_signs import Tier
from recovery.days import today_in
from recovery.reports import EventKind
from recovery.settings import ClinicSettings
from recovery.wording import tr
from ui.procedure import procedure_of
from ui.recovery_view import Recovery
from ui.words import EVENT_WORDS, long_day

FLAG_DAYS = 7
"""Days, today included, for which it goes first: as long as the days a standing rests on."""

_FRESH_DAYS = 2
"""Today and yesterday the advice holds as it is; later only if nothing was done about it yet."""


@dataclass(frozen=True, slots=True)
class Flag:
    """
    One thing that was ticked or recorded.

    Attributes:
        day: On which day.
        tier: How soon to call.
        what: Inside a sentence.
        advice: What to do, as Markdown.
        is_fall: Whether it asks to call only if it hurts.
    """

    day: date
    tier: Tier
    what: str
    advice: str
    is_fall: bool = False

    def words(self, today: date) -> str:
        """Say what it was and what to do, as Markdown."""
        said = tr("On {day} you told us: {what}.", day=long_day(self.day), what=self.what)
        return f"{said} {_to_do(self, today)}"


def find_flag(recovery: Recovery) -> Flag | None:
    """Return the most urgent one of the last days, of equal ones the newest; None for none."""
    urgency = list(Tier)
    return min(
        (*_ticked(recovery), *_recorded(recovery)),
        key=lambda each: (urgency.index(each.tier), each.is_fall, recovery.today - each.day),
        default=None,
    )


def _to_do(flag: Flag, today: date) -> str:
    if flag.is_fall:
        return tr("If it hurts more, or in a new place: {what_to_do}", what_to_do=flag.advice)
    if (today - flag.day).days < _FRESH_DAYS:
        return flag.advice
    return tr("If it is still there, or comes back: {what_to_do}", what_to_do=flag.advice)


def _ticked(recovery: Recovery) -> Iterator[Flag]:
    known = {sign.id: sign for sign in procedure_of(recovery.episode.procedure).warning_signs}
    numbers = _numbers(recovery.settings)
    for stored in recovery.reports:
        day = stored.report.day
        if not _is_recent(recovery, day):
            continue
        for sign_id in sorted(stored.report.warning_signs or ()):
            sign = known.get(sign_id)
            if sign is not None:
                yield Flag(day, sign.tier, sign.short, sign.advice(*numbers))
            else:
                yield Flag(day, Tier.CLINIC_TODAY, tr("a warning sign"), _call_today(numbers))


def _recorded(recovery: Recovery) -> Iterator[Flag]:
    sign = procedure_of(recovery.episode.procedure).sudden_pain_sign
    numbers = _numbers(recovery.settings)
    advice = _call_today(numbers) if sign is None else sign.advice(*numbers)
    tier = Tier.CLINIC_TODAY if sign is None else sign.tier
    for event in recovery.events:
        day = today_in(recovery.patient.time_zone, event.occurred_at)
        if event.is_withdrawn or not _is_recent(recovery, day):
            continue
        what = tr(EVENT_WORDS[event.kind]).lower()
        if event.kind is EventKind.SUDDEN_PAIN:
            yield Flag(day, tier, what, advice)
        elif event.kind is EventKind.FALL:
            yield Flag(day, Tier.NEXT_WORKING_DAY, what, advice, is_fall=True)


def _is_recent(recovery: Recovery, day: date) -> bool:
    return 0 <= (recovery.today - day).days < FLAG_DAYS


def _numbers(settings: ClinicSettings) -> tuple[str, str]:
    return dialling_link(settings.emergency_number), dialling_link(settings.phone)


def _call_today(numbers: tuple[str, str]) -> str:
    return fill(tr("Call {clinic_phone} today."), *numbers)
