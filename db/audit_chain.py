"""The hash that ties each audit entry to the one before it; pure, so that anybody can check it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db.models import AuditRow

NO_CLINIC = UUID(int=0)
"""The chain of what belongs to no clinic, such as a try to sign in by an unknown name."""

_FORM = "mendline-audit-1"
_HASHED = (
    "clinic_id",
    "actor_id",
    "session_id",
    "patient_id",
    "action",
    "subject",
    "old",
    "new",
    "reason",
)


def chain_of(clinic_id: UUID | None) -> UUID:
    """Return the key of the chain that an entry of the clinic stands in."""
    return clinic_id or NO_CLINIC


def entry_hash(row: AuditRow) -> str:
    """
    Return the SHA-256, in hexadecimal, of all that an entry says and the hash before it.

    The fields are written as one JSON list, so that no two entries are spelled alike.
    """
    values = [getattr(row, name) for name in _HASHED]
    spelled = [
        _FORM,
        str(row.chain),
        row.number,
        _instant(row.at),
        *(value if isinstance(value, str) or value is None else str(value) for value in values),
        row.previous_hash,
    ]
    return hashlib.sha256(json.dumps(spelled, ensure_ascii=True).encode()).hexdigest()


def tied(values: Mapping[str, Any], *, number: int, previous_hash: str) -> AuditRow:
    """Return the entry that *values* make in its place in its chain."""
    row = AuditRow(
        **values,
        chain=chain_of(values.get("clinic_id")),
        number=number,
        previous_hash=previous_hash,
        hash="",
    )
    row.hash = entry_hash(row)
    return row


def _instant(at: datetime) -> str:
    # Both engines keep microseconds; the zone they hand back may be spelled differently.
    return at.astimezone(UTC).isoformat(timespec="microseconds")
