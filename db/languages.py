"""The language that somebody reads Mendline in."""

from sqlmodel import Session, col, update

from db.models import AccountRow
from recovery.access import Actor
from recovery.wording import Language


def choose_language(session: Session, actor: Actor, language: Language) -> None:
    """Read Mendline in *language* from now on, on every device; the caller commits."""
    session.exec(
        update(AccountRow).where(col(AccountRow.id) == actor.account_id).values(language=language)
    )
