"""The review list, asked."""

from typing import Any

from sqlmodel import Session

from db.review import list_episodes
from recovery.access import Actor, grant_clinic
from recovery.review import ReviewQuery
from tests.factories import NOW


def names_in(session: Session, actor: Actor, **query: Any) -> list[str]:
    """Return the names in the list that an actor sees, in its order."""
    page = list_episodes(session, grant_clinic(actor), ReviewQuery(**query), NOW)
    return [row.name for row in page.rows]
