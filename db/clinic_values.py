"""What a clinic advises where leaflets differ."""

from collections.abc import Mapping

from sqlmodel import Session, select

from db.audit import note_act
from db.models import ClinicValueRow, utc_now
from recovery.access import Actor, AdminAccess
from recovery.errors import InvalidEntry
from recovery.settings import MAX_CLINIC_VALUE


def clinic_values(session: Session, actor: Actor, procedure_id: str) -> dict[str, float]:
    """Return what the actor's own clinic decided for a procedure, by the name of the value."""
    rows = session.exec(
        select(ClinicValueRow).where(
            ClinicValueRow.clinic_id == actor.clinic_id, ClinicValueRow.procedure == procedure_id
        )
    )
    return {row.value_id: row.value for row in rows}


def change_clinic_values(
    session: Session, access: AdminAccess, procedure_id: str, values: Mapping[str, float | None]
) -> None:
    """
    Store what the administrator's clinic decides for a procedure; the caller commits.

    Args:
        session: A session of ``db.engine.writing``.
        access: The administrator's.
        procedure_id: Which procedure; the caller checks that it is known.
        values: By name; None takes a decision back. Names left out stay as they are.

    Raises:
        InvalidEntry: If a value is no number from 0 to ``MAX_CLINIC_VALUE``.
    """
    changed: dict[str, tuple[float | None, float | None]] = {}
    for value_id, value in values.items():
        if value is not None and not 0 <= value <= MAX_CLINIC_VALUE:
            raise InvalidEntry(f"Enter a number from 0 to {MAX_CLINIC_VALUE:,}.")
        key = (access.clinic_id, procedure_id, value_id)
        row = session.get(ClinicValueRow, key)
        before = None if row is None else row.value
        if before == value:
            continue
        changed[f"{procedure_id}.{value_id}"] = (before, value)
        _store(session, access, row, key, value)
    if changed:
        note_act(
            session,
            access.actor,
            "clinic.values_changed",
            subject=str(access.clinic_id),
            changed=changed,
        )


def _store(
    session: Session,
    access: AdminAccess,
    row: ClinicValueRow | None,
    key: tuple[object, str, str],
    value: float | None,
) -> None:
    if value is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = ClinicValueRow(
            clinic_id=access.clinic_id,
            procedure=key[1],
            value_id=key[2],
            value=value,
            updated_by=access.actor.account_id,
        )
    row.value, row.updated_at, row.updated_by = value, utc_now(), access.actor.account_id
    session.add(row)
