"""How many alerts wait in a clinic: counts alone, for its administrators."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.models import AlertRow
from recovery.access import AdminAccess
from recovery.alerts import AlertState


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
    still_open = select(sa.func.count()).where(
        AlertRow.clinic_id == access.clinic_id, col(AlertRow.state) != AlertState.CLOSED
    )
    untouched = select(sa.func.count(), sa.func.min(AlertRow.opened_at)).where(
        AlertRow.clinic_id == access.clinic_id, AlertRow.state == AlertState.NEW
    )
    count, oldest = session.exec(untouched).one()
    return AlertQueue(open=session.exec(still_open).one(), untouched=count, oldest_untouched=oldest)
