"""A clinic's own identity provider, at which its staff sign in with the accounts they have."""

import json
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_bare_act
from db.identities import forget_identities
from db.models import IdentityProviderRow
from db.sealing import seal, unseal
from recovery.errors import InvalidEntry
from recovery.sign_in import is_private_address
from recovery.text import require_text

MAX_ADDRESS_LENGTH = 500
_SEALED_FOR = "identity provider"
_BAD_ISSUER = "The issuer is an address that begins with https://. Copy it from the provider."


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    Where a clinic's staff sign in with the clinic's own accounts.

    Attributes:
        clinic_id: Whose staff.
        name: What the clinic calls it.
        issuer: Its address, to the letter as it names itself.
        client_id: What it calls this server.
        secret: What this server proves itself with; kept out of logs.
    """

    clinic_id: UUID
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChoice:
    """A provider as strangers see it."""

    clinic_id: UUID
    name: str


def set_provider(session: Session, wanted: Provider) -> None:
    """
    Store a clinic's provider in place of the one it has; the caller commits.

    Whom the accounts of another issuer opened is forgotten.

    Raises:
        InvalidEntry: Naming what to change.
        DatabaseUnavailable: If there is no secret key.
    """
    fields = {
        "name": require_text(wanted.name, what="name of the provider"),
        "issuer": clean_issuer(wanted.issuer),
        "client_id": require_text(wanted.client_id, what="client id"),
    }
    secret = require_text(wanted.secret, max_length=MAX_ADDRESS_LENGTH, what="client secret")
    row = session.get(IdentityProviderRow, wanted.clinic_id, with_for_update=True)
    old = {} if row is None else {name: getattr(row, name) for name in fields}
    if row is not None and row.issuer != fields["issuer"]:
        forget_identities(session, row)
    session.merge(
        IdentityProviderRow(
            clinic_id=wanted.clinic_id,
            name=fields["name"],
            issuer=fields["issuer"],
            client_id=fields["client_id"],
            sealed_secret=seal(secret, _SEALED_FOR),
        )
    )
    session.flush()
    note_bare_act(
        session,
        "provider.set",
        clinic_id=wanted.clinic_id,
        subject=fields["issuer"],
        old=json.dumps(old, sort_keys=True) if old else "",
        new=json.dumps(fields, sort_keys=True),
    )


def remove_provider(session: Session, clinic_id: UUID) -> None:
    """
    Forget a clinic's provider and whom its accounts opened; the caller commits.

    Raises:
        InvalidEntry: If the clinic has none.
    """
    row = session.get(IdentityProviderRow, clinic_id, with_for_update=True)
    if row is None:
        raise InvalidEntry("This clinic has no provider. There is nothing to remove.")
    forget_identities(session, row)
    session.delete(row)
    note_bare_act(session, "provider.removed", clinic_id=clinic_id, subject=row.issuer)


def find_provider(session: Session, clinic_id: UUID) -> Provider | None:
    """
    Return a clinic's provider with its secret, if it has one.

    Raises:
        DatabaseUnavailable: If the secret key is not the one it was sealed with.
    """
    row = session.get(IdentityProviderRow, clinic_id)
    if row is None:
        return None
    return Provider(
        clinic_id=row.clinic_id,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        secret=unseal(row.sealed_secret, _SEALED_FOR),
    )


def list_providers(session: Session) -> list[ProviderChoice]:
    """Return every clinic's provider by name, for the sign-in page."""
    rows = session.exec(
        select(IdentityProviderRow.clinic_id, IdentityProviderRow.name).order_by(
            col(IdentityProviderRow.name), col(IdentityProviderRow.clinic_id)
        )
    )
    return [ProviderChoice(clinic_id=clinic_id, name=name) for clinic_id, name in rows]


def clean_issuer(issuer: str) -> str:
    """
    Return *issuer* as the provider will have to name itself, to the letter.

    Raises:
        InvalidEntry: If it is no address, or others on the way could read what is sent there.
    """
    cleaned = require_text(issuer, max_length=MAX_ADDRESS_LENGTH, what="issuer")
    if not is_private_address(cleaned) or "?" in cleaned or "#" in cleaned:
        raise InvalidEntry(_BAD_ISSUER)
    return cleaned
