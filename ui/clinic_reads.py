"""When the clinic reads what a patient logs, and whether somebody there just did."""

from datetime import datetime, timedelta

from content.local_forms import weekdays
from db.looks import Look
from recovery.access import Role
from recovery.days import today_in
from recovery.settings import EVERY_DAY, ClinicSettings
from recovery.wording import marked, tr
from ui.words import long_day

LOOK_LASTS = timedelta(days=14)
"""How long somebody's look is told; after that it says little about the answers of today."""

_BY = {
    Role.CLINICIAN: marked("A clinician from your clinic looked at your chart on {day}."),
    Role.ASSISTANT: marked("An assistant from your clinic looked at your chart on {day}."),
}
_BY_ANYBODY = marked("Somebody from your clinic looked at your chart on {day}.")


def reads_sentence(settings: ClinicSettings) -> str:
    """Say when the clinic reads new answers, as it said itself; at a visit when it did not."""
    if settings.reading_days == EVERY_DAY:
        return tr("Your clinic reads new answers every day.")
    if settings.weekdays_read:
        return tr("Your clinic reads new answers on {days}.", days=weekdays(settings.weekdays_read))
    return tr("Your clinic reads your answers at your next visit at the latest.")


def look_sentence(look: Look | None, settings: ClinicSettings, zone_name: str) -> str:
    """
    Say who of the staff looked and on which day; without a look, when the clinic reads.

    Args:
        look: The newest look that is not too old to tell.
        settings: The clinic's.
        zone_name: The patient's, in whose calendar the day is named.
    """
    if look is None:
        return reads_sentence(settings)
    return tr(_BY.get(look.role, _BY_ANYBODY), day=long_day(today_in(zone_name, look.at)))


def looks_since(now: datetime) -> datetime:
    """Return from when on a look is told (UTC)."""
    return now - LOOK_LASTS
