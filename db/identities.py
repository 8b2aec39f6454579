"""
Whom an account at a clinic's own provider opens here.

It opens one by issuer and subject alone. An e-mail address or a name can be given to somebody
else, so they open nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from db.audit import note_act, note_bare_act
from db.models import AccountRow, AuthSessionRow, IdentityProviderRow, IdentityRow
from db.once import add_once
from db.sign_in import AccountSummary, summary_of
from recovery.access import Actor
from recovery.errors import AccessDenied, InvalidEntry
from recovery.sign_in import SignInWay

MAX_SUBJECT_LENGTH = 255
"""As the standard has it."""

LINKED_ELSEWHERE = "This sign-in is linked to another account. Unlink it there first."
_NOT_LINKED = "not linked to an open account of this clinic's staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody's account at a provider; *subject* is the provider's key for it."""

    issuer: str
    subject: str


def link_identity(session: Session, actor: Actor, identity: Identity, now: datetime) -> bool:
    """
    Let an account at the provider of the actor's clinic open the actor's own; the caller commits.

    Returns:
        False if it opens that one already.

    Raises:
        AccessDenied: If the actor is not of the staff, or the clinic has another provider.
        InvalidEntry: If it opens another account.
    """
    provider = session.get(IdentityProviderRow, actor.clinic_id, with_for_update=True)
    is_theirs = provider is not None and provider.issuer == identity.issuer
    if not is_theirs or not actor.role.is_staff or not is_subject(identity.subject):
        raise AccessDenied
    row = IdentityRow(
        issuer=identity.issuer,
        subject=identity.subject,
        account_id=actor.account_id,
        created_at=now,
    )
    if not add_once(session, row, lambda: _owner(session, identity) is not None):
        if _owner(session, identity) != actor.account_id:
            raise InvalidEntry(LINKED_ELSEWHERE)
        return False
    note_act(session, actor, "identity.linked", subject=_spelled(identity))
    return True


def unlink_identity(session: Session, actor: Actor, identity: Identity, now: datetime) -> None:
    """
    Let an account at a provider open the actor's own no more; the caller commits.

    Sessions that began at the provider end, but not the one in which it is done.

    Raises:
        InvalidEntry: If it does not open it.
    """
    if _owner(session, identity) != actor.account_id:
        raise InvalidEntry("This sign-in was unlinked already. Load the page again.")
    session.exec(
        sa.delete(IdentityRow).where(
            col(IdentityRow.issuer) == identity.issuer,
            col(IdentityRow.subject) == identity.subject,
        )
    )
    session.exec(
        update(AuthSessionRow)
        .where(
            col(AuthSessionRow.account_id) == actor.account_id,
            col(AuthSessionRow.way) == SignInWay.PROVIDER,
            col(AuthSessionRow.id) != actor.session_id,
            col(AuthSessionRow.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    note_act(session, actor, "identity.unlinked", subject=_spelled(identity))


def list_identities(session: Session, account_id: UUID) -> list[Identity]:
    """Return what opens an account from a provider, oldest first."""
    rows = session.exec(
        select(IdentityRow)
        .where(IdentityRow.account_id == account_id)
        .order_by(col(IdentityRow.created_at), col(IdentityRow.subject))
    )
    return [Identity(issuer=row.issuer, subject=row.subject) for row in rows]


def open_by_identity(
    session: Session, clinic_id: UUID, identity: Identity
) -> AccountSummary | None:
    """
    Return whom an account at a clinic's provider opens, and note it in the audit; the caller commits.

    Returns:
        None, noted too, unless it is linked to an open account of that clinic's staff, and
        the clinic still has that provider.
    """
    account = _account(session, identity)
    provider = session.get(IdentityProviderRow, clinic_id)
    if (
        account is None
        or account.clinic_id != clinic_id
        or not account.is_active
        or not account.role.is_staff
        or provider is None
        or provider.issuer != identity.issuer
    ):
        note_provider_refusal(session, clinic_id, _NOT_LINKED)
        return None
    note_bare_act(session, "sign_in.accepted", clinic_id=clinic_id, actor_id=account.id)
    return summary_of(account)


def note_provider_refusal(session: Session, clinic_id: UUID, reason: str) -> None:
    """Note that a sign-in at a clinic's provider opened nothing; the caller commits."""
    note_bare_act(session, "sign_in.refused", clinic_id=clinic_id, reason=reason)


def forget_identities(session: Session, provider: IdentityProviderRow) -> None:
    """Forget whom a provider's accounts opened in its clinic; the caller commits."""
    staff = select(AccountRow.id).where(AccountRow.clinic_id == provider.clinic_id)
    forgotten = session.exec(
        sa.delete(IdentityRow)
        .where(col(IdentityRow.issuer) == provider.issuer, col(IdentityRow.account_id).in_(staff))
        .returning(col(IdentityRow.subject))
    ).scalars()
    for subject in sorted(forgotten):
        note_bare_act(
            session,
            "identity.unlinked",
            clinic_id=provider.clinic_id,
            subject=_spelled(Identity(issuer=provider.issuer, subject=subject)),
        )


def forget_identities_of(session: Session, account_id: UUID) -> None:
    """Unlink every account at a provider, when a way in is made anew; the caller commits."""
    session.exec(sa.delete(IdentityRow).where(col(IdentityRow.account_id) == account_id))


def is_subject(subject: str) -> bool:
    """Tell whether *subject* can be some account's key; one that cannot be is not stored."""
    return 0 < len(subject) <= MAX_SUBJECT_LENGTH and subject.isascii() and subject.isprintable()


def _account(session: Session, identity: Identity) -> AccountRow | None:
    if not is_subject(identity.subject):
        # One of the databases refuses to be asked for some of these.
        return None
    return session.exec(
        select(AccountRow)
        .join(IdentityRow, col(IdentityRow.account_id) == col(AccountRow.id))
        .where(IdentityRow.issuer == identity.issuer, IdentityRow.subject == identity.subject)
    ).one_or_none()


def _owner(session: Session, identity: Identity) -> UUID | None:
    account = _account(session, identity)
    return None if account is None else account.id


def _spelled(identity: Identity) -> str:
    return f"{identity.subject} at {identity.issuer}"
