"""Clinics and what they decide for themselves."""

from sqlmodel import Session

from db.audit import note_act
from db.models import AccountRow, ClinicRow
from recovery.access import Actor, AdminAccess, Role
from recovery.days import zone
from recovery.errors import AccessDenied, InvalidEntry
from recovery.settings import EVERY_DAY, MAX_ESCALATION_HOURS, ClinicSettings
from recovery.text import clean_text, require_text

MAX_PHONE_LENGTH = 40
_FEWEST_DIGITS = 3
"""Of a number that can be dialled, as 112."""
_SETTINGS = (
    "name",
    "time_zone",
    "phone",
    "emergency_number",
    "shares_augmentation_curve",
    "only_assigned",
    "escalate_after_hours",
    "escalates_to",
    "reading_days",
)


def clinic_settings(session: Session, actor: Actor) -> ClinicSettings:
    """
    Return the settings of the actor's own clinic.

    Raises:
        AccessDenied: If the clinic does not exist.
    """
    row = session.get(ClinicRow, actor.clinic_id)
    if row is None:
        raise AccessDenied
    return ClinicSettings(clinic_id=row.id, **{name: getattr(row, name) for name in _SETTINGS})


def change_settings(session: Session, access: AdminAccess, settings: ClinicSettings) -> None:
    """
    Store the settings of the administrator's clinic; the caller commits.

    Raises:
        AccessDenied: If the settings are another clinic's, or name somebody else's clinician.
        InvalidEntry: Naming what to change.
    """
    row = session.get(ClinicRow, access.clinic_id)
    if row is None or settings.clinic_id != access.clinic_id:
        raise AccessDenied
    zone(settings.time_zone)
    before = {name: getattr(row, name) for name in _SETTINGS}
    row.name = require_text(settings.name, what="clinic's name")
    row.time_zone = settings.time_zone
    row.phone = clean_text(settings.phone, max_length=MAX_PHONE_LENGTH, what="phone number")
    row.emergency_number = require_text(
        settings.emergency_number, max_length=MAX_PHONE_LENGTH, what="emergency number"
    )
    _refuse_words(row.phone, "phone number")
    _refuse_words(row.emergency_number, "emergency number")
    row.shares_augmentation_curve = settings.shares_augmentation_curve
    row.only_assigned = settings.only_assigned
    _change_escalation(session, row, settings)
    session.add(row)
    changed = {name: (old, getattr(row, name)) for name, old in before.items()}
    note_act(session, access.actor, "clinic.changed", subject=str(row.id), changed=changed)


def _refuse_words(number: str, what: str) -> None:
    """Refuse what nobody can call: patients are told to, and tap it."""
    if number and sum(sign.isdigit() for sign in number) < _FEWEST_DIGITS:
        raise InvalidEntry(f"Enter the {what} in digits, as a patient would dial it.")


def _change_escalation(session: Session, row: ClinicRow, settings: ClinicSettings) -> None:
    if not 1 <= settings.escalate_after_hours <= MAX_ESCALATION_HOURS:
        raise InvalidEntry(
            f"Enter the hours until an alert is passed on, from 1 to {MAX_ESCALATION_HOURS}."
        )
    if not 0 <= settings.reading_days <= EVERY_DAY:
        raise InvalidEntry("Choose the days on which the clinic reads from the list.")
    if settings.escalates_to is not None and settings.escalates_to != row.escalates_to:
        second = session.get(AccountRow, settings.escalates_to)
        is_here = second is not None and second.clinic_id == row.id and second.is_active
        if second is None or not is_here or second.role is not Role.CLINICIAN:
            raise AccessDenied
    row.escalate_after_hours = settings.escalate_after_hours
    row.escalates_to = settings.escalates_to
    row.reading_days = settings.reading_days
