"""Clinics and what they decide for themselves."""

from sqlmodel import Session

from db.audit import note_act
from db.models import ClinicRow
from recovery.access import Actor, AdminAccess
from recovery.days import zone
from recovery.errors import AccessDenied
from recovery.settings import ClinicSettings
from recovery.text import clean_text, require_text

MAX_PHONE_LENGTH = 40
_SETTINGS = (
    "name",
    "time_zone",
    "phone",
    "emergency_number",
    "shares_augmentation_curve",
    "only_assigned",
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
    return ClinicSettings(
        clinic_id=row.id,
        name=row.name,
        time_zone=row.time_zone,
        phone=row.phone,
        emergency_number=row.emergency_number,
        shares_augmentation_curve=row.shares_augmentation_curve,
        only_assigned=row.only_assigned,
    )


def change_settings(session: Session, access: AdminAccess, settings: ClinicSettings) -> None:
    """
    Store the settings of the administrator's clinic; the caller commits.

    Raises:
        AccessDenied: If the settings are another clinic's.
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
    row.shares_augmentation_curve = settings.shares_augmentation_curve
    row.only_assigned = settings.only_assigned
    session.add(row)
    changed = {name: (old, getattr(row, name)) for name, old in before.items()}
    note_act(session, access.actor, "clinic.changed", subject=str(row.id), changed=changed)
