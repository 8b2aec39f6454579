"""How many alerts wait in a clinic: counts alone, for its administrators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import AlertRow
from recovery.access import AdminAccess
from recovery.alerts import AlertState

# Written out, since an index of open alerts alone is taken for no bound value.
_IS_OPEN: sa.ColumnElement[bool] = col(AlertRow.state) != sa.literal_column("'closed'")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQueue:
    """
    The alerts of a clinic that are not closed.

    Attributes:
        open: How many there are, snoozed ones included.
        untouched: How many of them nobody has seen.
        oldest_untouched: When the oldest of those was made (UTC); None without any.
    """

    open: int
    untouched: int
    oldest_untouched: datetime | None


def alert_queue(session: Session, access: AdminAccess) -> AlertQueue:
    """Count the open alerts of the administrator's clinic; no patient is named."""
    is_new = col(AlertRow.state) == AlertState.NEW
    found: Any = session.exec(
        select(
            sa.func.count(),
            sa.func.count().filter(is_new),
            sa.func.min(AlertRow.opened_at).filter(is_new),
        ).where(AlertRow.clinic_id == access.clinic_id, _IS_OPEN)
    ).one()
    count, untouched, oldest = found
    return AlertQueue(open=count, untouched=untouched, oldest_untouched=oldest)
