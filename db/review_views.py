"""How each of the staff reads the review list: views they named, and when they looked last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.audit import note_act
from db.models import ReviewLookRow, SavedViewRow
from db.once import add_once
from recovery.access import ClinicAccess
from recovery.errors import InvalidEntry
from recovery.review import LOOK_AGAIN
from recovery.review_views import MAX_VIEW_NAME, MAX_VIEWS, ReviewView
from recovery.text import require_text

_SAME_LOOK = timedelta(minutes=1)
"""Looks this close together are stored once, since every press on the page is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view with the name that its owner gave it."""

    name: str
    view: ReviewView


def list_views(session: Session, access: ClinicAccess) -> list[SavedView]:
    """Return the actor's own views by name."""
    rows = session.exec(_own(access).order_by(col(SavedViewRow.name)))
    return [SavedView(name=row.name, view=ReviewView.from_saved(row.view)) for row in rows]


def save_view(
    session: Session, access: ClinicAccess, name: str, view: ReviewView, now: datetime
) -> str:
    """
    Keep a view under a name, in place of one of the same name; the caller commits.

    Returns:
        The name as it is kept.

    Raises:
        InvalidEntry: If the name is missing or too long, or as many views are kept as may be.
    """
    cleaned = require_text(name, max_length=MAX_VIEW_NAME, what="name of the view")
    key = (access.clinic_id, access.actor.account_id, cleaned)
    row = session.get(SavedViewRow, key)
    if row is None and _count(session, access) >= MAX_VIEWS:
        raise InvalidEntry(f"You keep {MAX_VIEWS} views already. Delete one, then save this one.")
    new = SavedViewRow(
        clinic_id=access.clinic_id,
        account_id=access.actor.account_id,
        name=cleaned,
        view=view.as_saved(),
        updated_at=now,
    )
    if not add_once(session, new, lambda: session.get(SavedViewRow, key) is not None):
        row = session.get_one(SavedViewRow, key)
        row.view, row.updated_at = view.as_saved(), now
        session.add(row)
    note_act(session, access.actor, "view.saved")
    return cleaned


def delete_view(session: Session, access: ClinicAccess, name: str) -> None:
    """Forget a view of the actor's own; one that is gone already is no error. The caller commits."""
    gone = session.exec(
        sa.delete(SavedViewRow).where(
            col(SavedViewRow.clinic_id) == access.clinic_id,
            col(SavedViewRow.account_id) == access.actor.account_id,
            col(SavedViewRow.name) == name,
        )
    )
    if gone.rowcount:
        note_act(session, access.actor, "view.deleted")


def look(session: Session, access: ClinicAccess, now: datetime) -> datetime | None:
    """
    Note that the actor looks at the list; the caller commits.

    What is new is told against the look before this one. Looks less than ``LOOK_AGAIN`` apart
    are one visit to the list, so what was new stays new while somebody works through it.

    Returns:
        The instant (UTC) that what is new is told against; None at the first look.
    """
    key = (access.clinic_id, access.actor.account_id)
    first = ReviewLookRow(clinic_id=key[0], account_id=key[1], looked_at=now)
    if add_once(session, first, lambda: session.get(ReviewLookRow, key) is not None):
        return None
    row = session.get_one(ReviewLookRow, key)
    since = now - row.looked_at
    if since >= LOOK_AGAIN:
        row.before = row.looked_at
    if since >= _SAME_LOOK:
        row.looked_at = now
        session.add(row)
    return row.before


def last_look(session: Session, access: ClinicAccess) -> datetime | None:
    """Return the instant (UTC) that what is new is told against, without looking."""
    row = session.get(ReviewLookRow, (access.clinic_id, access.actor.account_id))
    return None if row is None else row.before


def _own(access: ClinicAccess) -> SelectOfScalar[SavedViewRow]:
    return select(SavedViewRow).where(
        SavedViewRow.clinic_id == access.clinic_id,
        SavedViewRow.account_id == access.actor.account_id,
    )


def _count(session: Session, access: ClinicAccess) -> int:
    return len(session.exec(_own(access)).all())
