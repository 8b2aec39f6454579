"""Words for days, numbers and answers, as a person reads them."""

from datetime import date, datetime, timedelta

from recovery.days import zone
from recovery.reports import ActivityLevel, EventKind, PainMedicine

ACTIVITY_WORDS = {
    ActivityLevel.LYING_DOWN: "Mostly lying down",
    ActivityLevel.AROUND_THE_HOUSE: "Up and around the house",
    ActivityLevel.OUT_A_LITTLE: "Out a little, or light chores",
    ActivityLevel.USUAL_DAY: "My usual day",
}
MEDICINE_WORDS = {
    PainMedicine.NONE: "None",
    PainMedicine.OVER_THE_COUNTER: "Bought without a prescription",
    PainMedicine.PRESCRIBED: "Prescribed by a doctor",
    PainMedicine.BOTH: "Both kinds",
}
EVENT_WORDS = {
    EventKind.SUDDEN_PAIN: "Sudden new pain",
    EventKind.FALL: "A fall",
    EventKind.PAIN_READING: "Pain reading",
    EventKind.PROCEDURE_DONE: "Procedure done",
}
WARNING_WORDS = "Warning sign"
NOT_ANSWERED = "not answered"


def long_day(day: date) -> str:
    """Write a day out: ``Sunday 22 November``."""
    return f"{day:%A} {day.day} {day:%B}"


def short_day(day: date) -> str:
    """Write a day short: ``Sun 22 Nov``."""
    return f"{day:%a} {day.day} {day:%b}"


def dated(day: date) -> str:
    """Write a day with its year: ``22 Nov 2026``."""
    return f"{day.day} {day:%b %Y}"


def relative_day(day: date, today: date) -> str:
    """Name a day from where the reader stands: ``Today``, ``Yesterday``, else short."""
    names = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return names.get(day, short_day(day))


def clock_time(at: datetime, zone_name: str) -> str:
    """Write an instant as the person's own clock showed it: ``8:10 AM``."""
    local = at.astimezone(zone(zone_name))
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def moment(at: datetime, zone_name: str) -> str:
    """Write an instant with its day: ``22 Nov 2026, 8:10 AM``."""
    local = at.astimezone(zone(zone_name))
    return f"{dated(local.date())}, {clock_time(at, zone_name)}"


def plain_number(value: float) -> str:
    """Write a number without needless digits: ``6``, ``6.5``."""
    return f"{value:.1f}".removesuffix(".0")


def count_of(number: int, noun: str) -> str:
    """Write a count with its noun: ``1 day``, ``3 days``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def procedure_day(pod: int, in_sentence: str) -> str:
    """
    Say where a person stands in the recovery.

    Args:
        pod: Post-procedure day; negative before it.

        in_sentence: The procedure's name inside a sentence: ``kyphoplasty``.
    """
    if pod == 0:
        return f"The day of your {in_sentence}"
    if pod > 0:
        return f"Day {pod} after your {in_sentence}"
    return f"{count_of(-pod, 'day')} until your {in_sentence}"
