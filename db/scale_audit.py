"""The audit of a large made-up database: enrolled, agreed, and looked at, tied in one chain a clinic."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from db.audit_chain import tied
from db.bulk import load
from db.models import AccountRow, AuditHeadRow, AuditRow, PatientRow
from recovery.access import Role

_LOOKED_AFTER = timedelta(days=15)

_Entry = tuple[datetime, UUID, UUID, str]
"""When, about whom, by whom and what."""


def add_audit(connection: sa.Connection, clinic_id: UUID, now: datetime) -> int:
    """
    Add three entries for each patient, the oldest first, in the transaction of *connection*.

    Saving a report leaves one too in the app; those are left out, since nothing reads them by the
    patient's day and they would be as many again as there are reports.

    Args:
        connection: Of ``db.bulk.hurried``.
        clinic_id: Whose chain; it has to be empty.
        now: The instant (UTC) after which nothing happened.

    Returns:
        How many entries there are.
    """
    table = cast(sa.Table, sa.inspect(AuditRow).local_table)
    chain = _Chain(clinic_id)
    entries = sorted(_entries(connection, clinic_id, now))
    load(connection, table, (chain.tied(each) for each in entries))
    head = {"chain": clinic_id, "number": chain.number, "hash": chain.hash}
    connection.execute(sa.insert(AuditHeadRow), [head])
    return chain.number


class _Chain:
    """The chain of one clinic while it is written."""

    def __init__(self, clinic_id: UUID) -> None:
        self._clinic_id = clinic_id
        self.number, self.hash = 0, ""

    def tied(self, entry: _Entry) -> dict[str, Any]:
        """Return the next entry as column values."""
        at, patient_id, actor_id, action = entry
        values = {
            "clinic_id": self._clinic_id,
            "at": at,
            "actor_id": actor_id,
            "patient_id": patient_id,
            "action": action,
        }
        row = tied(values, number=self.number + 1, previous_hash=self.hash)
        self.number, self.hash = row.number, row.hash
        return row.model_dump()


def _entries(connection: sa.Connection, clinic_id: UUID, now: datetime) -> Iterator[_Entry]:
    people = connection.execute(
        sa.select(
            col(PatientRow.id),
            col(PatientRow.created_at),
            col(PatientRow.created_by),
            col(AccountRow.id),
        )
        .join(
            AccountRow,
            sa.and_(
                col(AccountRow.clinic_id) == col(PatientRow.clinic_id),
                col(AccountRow.patient_id) == col(PatientRow.id),
            ),
        )
        .where(col(PatientRow.clinic_id) == clinic_id, col(AccountRow.role) == Role.PATIENT)
    )
    for patient_id, at, clinician_id, account_id in people:
        yield at, patient_id, clinician_id, "patient.enrolled"
        yield at, patient_id, account_id, "consent.given"
        if at + _LOOKED_AFTER < now:
            yield at + _LOOKED_AFTER, patient_id, clinician_id, "chart.read"
