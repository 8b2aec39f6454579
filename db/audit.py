"""Who did what; every entry is written in the transaction of the act."""

import json
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from db.audit_chain import chain_of, tied
from db.models import AuditHeadRow, AuditRow, utc_now
from recovery.access import Actor, PatientAccess

_PENDING = "audit"
_STORED = "audit_stored"


def note_act(  # noqa: PLR0913 - one argument per question an audit answers
    session: Session,
    actor: Actor,
    action: str,
    *,
    patient_id: UUID | None = None,
    subject: str = "",
    changed: Mapping[str, tuple[object, object]] | None = None,
    reason: str = "",
) -> None:
    """
    Add one audit entry to the transaction of *session*.

    Args:
        session: The transaction the act happens in.
        actor: Who acts.
        action: What happened, as ``noun.verb``: ``report.saved``.
        patient_id: The patient it is about, if any.
        subject: What was acted on (a key, a day), never a clinical value.
        changed: Names of settings with their old and new values; never a patient's answers,
            whose old values stand in their own revisions and go when the patient does.
        reason: Why, in the actor's own words.

    Raises:
        ValueError: If the session would never commit the entry.
    """
    note_bare_act(
        session,
        action,
        clinic_id=actor.clinic_id,
        actor_id=actor.account_id,
        session_id=actor.session_id,
        patient_id=patient_id,
        subject=subject,
        old=_spelled(changed, 0),
        new=_spelled(changed, 1),
        reason=reason,
    )


def note_patient_act(
    session: Session, access: PatientAccess, action: str, subject: str = "", reason: str = ""
) -> None:
    """Add one audit entry about the patient of *access*."""
    note_act(
        session,
        access.actor,
        action,
        patient_id=access.patient_id,
        subject=subject,
        reason=reason,
    )


def note_bare_act(
    session: Session, action: str, *, clinic_id: UUID | None, **more: UUID | str | None
) -> None:
    """
    Add an entry of an act that no signed-in person stands behind.

    It gets its place in the chain when the transaction ends, so that the chain is held
    for the shortest time and after everything else.

    Args:
        session: The transaction the act happens in.
        action: What happened, as ``noun.verb``.
        clinic_id: Whose chain it stands in; None for what belongs to no clinic.
        **more: Other fields of the entry.

    Raises:
        ValueError: If the session would never commit the entry.
    """
    if not session.info.get("commits"):
        raise ValueError("an act that is audited runs inside db.engine.writing()")
    values = {"action": action, "clinic_id": clinic_id, "at": utc_now(), **more}
    session.info.setdefault(_PENDING, []).append(values)
    session.info["at_end"] = _append


def take_stored(session: Session) -> list[str]:
    """Return the names of the acts that a transaction stored, for once after it did."""
    stored: list[str] = session.info.pop(_STORED, [])
    return stored


def _append(session: Session) -> None:
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    # What was added to the session comes first: the chain is held for the shortest time.
    session.flush()
    connection = session.connection()
    # Chains in one order, so that no two transactions wait for each other.
    for chain in sorted({chain_of(values["clinic_id"]) for values in pending}):
        number, newest = _taken(connection, chain)
        rows = []
        for values in (each for each in pending if chain_of(each["clinic_id"]) == chain):
            row = tied(values, number=number + 1, previous_hash=newest)
            number, newest = row.number, row.hash
            rows.append(row.model_dump())
        connection.execute(_ADD, rows)
        connection.execute(_MOVE_ON, {"of_chain": chain, "to_number": number, "to_hash": newest})
    session.info[_STORED] = [values["action"] for values in pending]


# Put together once, and sent without making objects of rows: every act ends with these.
_HEAD = cast(sa.Table, sa.inspect(AuditHeadRow).local_table)
_ADD = sa.insert(cast(sa.Table, sa.inspect(AuditRow).local_table))
_OF_CHAIN = _HEAD.c.chain == sa.bindparam("of_chain")
_NEWEST = sa.select(_HEAD.c.number, _HEAD.c.hash).where(_OF_CHAIN).with_for_update()
_MOVE_ON = (
    sa.update(_HEAD)
    .where(_OF_CHAIN)
    .values(number=sa.bindparam("to_number"), hash=sa.bindparam("to_hash"))
)


def _taken(connection: sa.Connection, chain: UUID) -> tuple[int, str]:
    """Return number and hash of a chain's newest entry, made when it is missing, held to the end."""
    found = connection.execute(_NEWEST, {"of_chain": chain}).one_or_none()
    if found is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(_HEAD).values(chain=chain, number=0, hash="")
        connection.execute(first.on_conflict_do_nothing(index_elements=[_HEAD.c.chain]))
        found = connection.execute(_NEWEST, {"of_chain": chain}).one()
    return found.number, found.hash


def _spelled(changed: Mapping[str, tuple[object, object]] | None, which: int) -> str:
    values = {name: pair[which] for name, pair in (changed or {}).items() if pair[0] != pair[1]}
    return json.dumps(values, default=str, sort_keys=True) if values else ""
