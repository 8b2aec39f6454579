"""What a clinic advises where leaflets differ."""

from collections.abc import Mapping

from sqlmodel import Session, select

from db.audit import note_act
from db.models import ClinicRow, ClinicValueRow, utc_now
from recovery.access import Actor, AdminAccess
from recovery.errors import InvalidEntry, StaleEntry
from recovery.settings import MAX_CLINIC_VALUE

Decisions = Mapping[str, float | None]
"""What is decided, by the name of the value; None where nothing is."""

CHANGED_MEANWHILE = (
    "Somebody else saved other values meanwhile, so yours are not saved yet. "
    "Look at both, and save again to keep yours."
)


def clinic_values(session: Session, actor: Actor, procedure_id: str) -> dict[str, float]:
    """Return what the actor's own clinic decided for a procedure, by the name of the value."""
    rows = session.exec(
        select(ClinicValueRow).where(
            ClinicValueRow.clinic_id == actor.clinic_id, ClinicValueRow.procedure == procedure_id
        )
    )
    return {row.value_id: row.value for row in rows}


def change_clinic_values(
    session: Session,
    access: AdminAccess,
    procedure_id: str,
    values: Decisions,
    *,
    drawn_from: Decisions,
) -> None:
    """
    Store what the administrator's clinic decides for a procedure; the caller commits.

    Values that are stored already are no change, so a press that comes twice changes once.

    Args:
        session: A session of ``db.engine.writing``.
        access: The administrator's.
        procedure_id: Which procedure; the caller checks that it and its values are known.
        values: By name; None takes a decision back. Names left out stay as they are.
        drawn_from: What was decided when the administrator's form was drawn.

    Raises:
        InvalidEntry: If a value is no number from 0 to ``MAX_CLINIC_VALUE``.
        StaleEntry: If something else than *drawn_from* is decided now.
    """
    if any(value is not None and not 0 <= value <= MAX_CLINIC_VALUE for value in values.values()):
        raise InvalidEntry(f"Enter numbers from 0 to {MAX_CLINIC_VALUE:,}, or leave a field empty.")
    stored = _held(session, access, procedure_id)
    wanted = {name: value for name, value in values.items() if value != _decided(stored, name)}
    if not wanted:
        return
    if any(value != _decided(stored, name) for name, value in drawn_from.items()):
        raise StaleEntry(CHANGED_MEANWHILE)
    # Before a row is changed, which then holds the new value alone.
    changed: dict[str, tuple[object, object]] = {
        f"{procedure_id}.{name}": (_decided(stored, name), value) for name, value in wanted.items()
    }
    for name, value in wanted.items():
        _store(session, access, stored.get(name), (procedure_id, name), value)
    note_act(
        session,
        access.actor,
        "clinic.values_changed",
        subject=str(access.clinic_id),
        changed=changed,
    )


def _held(session: Session, access: AdminAccess, procedure_id: str) -> dict[str, ClinicValueRow]:
    """Return the rows of a procedure, which nobody else changes before the transaction ends."""
    # The clinic's row is held for all of them, since a value without a row cannot be.
    holding = select(ClinicRow.id).where(ClinicRow.id == access.clinic_id)
    session.exec(holding.with_for_update(key_share=True)).one()
    rows = session.exec(
        select(ClinicValueRow).where(
            ClinicValueRow.clinic_id == access.clinic_id,
            ClinicValueRow.procedure == procedure_id,
        )
    )
    return {row.value_id: row for row in rows}


def _decided(stored: Mapping[str, ClinicValueRow], name: str) -> float | None:
    row = stored.get(name)
    return None if row is None else row.value


def _store(
    session: Session,
    access: AdminAccess,
    row: ClinicValueRow | None,
    key: tuple[str, str],
    value: float | None,
) -> None:
    if value is None:
        if row is not None:
            session.delete(row)
        return
    by = access.actor.account_id
    if row is None:
        row = ClinicValueRow(
            clinic_id=access.clinic_id,
            procedure=key[0],
            value_id=key[1],
            value=value,
            updated_by=by,
        )
    row.value, row.updated_at, row.updated_by = value, utc_now(), by
    session.add(row)
