"""Words for days, numbers and answers, as a person reads them."""

from datetime import date, datetime, timedelta

from content.local_forms import clock, dated, long_day, plain_number, short_day
from recovery.access import Role
from recovery.days import zone
from recovery.reports import ActivityLevel, EventKind, PainMedicine
from recovery.wording import marked, tr, trn

__all__ = ["dated", "long_day", "plain_number", "short_day"]

# Marked here, and looked up with ``tr`` where they are shown.
ACTIVITY_WORDS = {
    ActivityLevel.LYING_DOWN: marked("Mostly lying down"),
    ActivityLevel.AROUND_THE_HOUSE: marked("Up and around the house"),
    ActivityLevel.OUT_A_LITTLE: marked("Out a little, or light chores"),
    ActivityLevel.USUAL_DAY: marked("My usual day"),
}
MEDICINE_WORDS = {
    PainMedicine.NONE: marked("None"),
    PainMedicine.OVER_THE_COUNTER: marked("Bought without a prescription"),
    PainMedicine.PRESCRIBED: marked("Prescribed by a doctor"),
    PainMedicine.BOTH: marked("Both kinds"),
}
EVENT_WORDS = {
    EventKind.SUDDEN_PAIN: marked("Sudden new pain"),
    EventKind.FALL: marked("A fall"),
    EventKind.PAIN_READING: marked("Pain reading"),
    EventKind.PROCEDURE_DONE: marked("Procedure done"),
}
ROLE_WORDS = {
    Role.PATIENT: marked("patient"),
    Role.CARER: marked("carer"),
    Role.ASSISTANT: marked("assistant"),
    Role.CLINICIAN: marked("clinician"),
    Role.ADMINISTRATOR: marked("administrator"),
}
WARNING_WORDS = marked("Warning sign")
NOT_ANSWERED = marked("not answered")


def role_words(role: Role) -> str:
    """Say inside a sentence what somebody is here for."""
    return tr(ROLE_WORDS[role])


def relative_day(day: date, today: date) -> str:
    """Name a day from where the reader stands: ``Today``, ``Yesterday``, else short."""
    names = {today: tr("Today"), today - timedelta(days=1): tr("Yesterday")}
    return names.get(day, short_day(day))


def clock_time(at: datetime, zone_name: str) -> str:
    """Write an instant as the person's own clock showed it: ``8:10 AM``."""
    return clock(at.astimezone(zone(zone_name)).time())


def moment(at: datetime, zone_name: str) -> str:
    """Write an instant with its day: ``22 Nov 2026, 8:10 AM``."""
    local = at.astimezone(zone(zone_name))
    return f"{dated(local.date())}, {clock_time(at, zone_name)}"


def count_of(number: int, noun: str) -> str:
    """Write a count with its noun in English, for staff: ``1 day``, ``3 days``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def procedure_day(pod: int, in_sentence: str) -> str:
    """
    Say where a person stands in the recovery.

    Args:
        pod: Post-procedure day; negative before it.

        in_sentence: The procedure's name inside a sentence: ``kyphoplasty``.
    """
    if pod == 0:
        return tr("The day of your {procedure}", procedure=in_sentence)
    if pod > 0:
        return tr("Day {pod} after your {procedure}", pod=pod, procedure=in_sentence)
    return trn(
        "{count} day until your {procedure}",
        "{count} days until your {procedure}",
        -pod,
        procedure=in_sentence,
    )
