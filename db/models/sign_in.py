"""
Sign-in: its sessions, its tries, and what proves who somebody is.

No ``from __future__ import annotations`` here: SQLModel needs the annotations at run time.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.base import enum_column, new_id, utc_now
from recovery.sign_in import SignInWay


class SignInAddressRow(SQLModel, table=True):
    """Tries to sign in by a name, an address or both, which are stored as a hash."""

    __tablename__ = "sign_in_address"

    address_hash: str = Field(primary_key=True)
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    last_failed_at: datetime


class AuthSessionRow(SQLModel, table=True):
    """
    One sign-in. The token itself is never stored, only its SHA-256.

    While ``needs_code`` is set, it opens nothing but the page that asks for a one-time code.
    """

    __tablename__ = "auth_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=utc_now)
    last_seen_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime
    way: SignInWay = Field(default=SignInWay.PASSWORD, sa_type=enum_column(SignInWay))
    needs_code: bool = False
    device: str = ""
    revoked_at: datetime | None = None


class OneTimeCodeRow(SQLModel, table=True):
    """
    What an account's one-time codes are made from, sealed.

    ``sealed_pending`` is that of a new device, with the session that was shown it; it takes the
    place of the seed when a code proves the device. ``last_step`` is the time step of the last code that was taken, so that one works once.
    """

    __tablename__ = "one_time_code"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sealed_seed: str = ""
    sealed_pending: str = ""
    last_step: int = Field(default=0, sa_type=sa.BigInteger)
    created_at: datetime = Field(default_factory=utc_now)
    confirmed_at: datetime | None = None


class RecoveryCodeRow(SQLModel, table=True):
    """A code that stands in once for a lost device; stored only as a hash."""

    __tablename__ = "recovery_code"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    code_hash: str = Field(primary_key=True)
    used_at: datetime | None = None


class PasskeyRow(SQLModel, table=True):
    """The public half of a passkey; the private half never leaves its owner's device."""

    __tablename__ = "passkey"

    credential_id: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    public_key: bytes
    sign_count: int = Field(default=0, sa_type=sa.BigInteger)
    name: str
    created_at: datetime = Field(default_factory=utc_now)
    last_used_at: datetime | None = None


class SignInFlowRow(SQLModel, table=True):
    """A sign-in between its two steps, at a passkey or at a clinic's own provider."""

    __tablename__ = "sign_in_flow"

    id_hash: str = Field(primary_key=True)
    purpose: str
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    sealed: str
    expires_at: datetime = Field(index=True)


class IdentityProviderRow(SQLModel, table=True):
    """Where a clinic's staff sign in with the clinic's own accounts."""

    __tablename__ = "identity_provider"

    clinic_id: UUID = Field(primary_key=True, foreign_key="clinic.id")
    name: str
    issuer: str
    client_id: str
    sealed_secret: str
    created_at: datetime = Field(default_factory=utc_now)


class IdentityRow(SQLModel, table=True):
    """Whom a provider's account opens; the provider's e-mail or name opens nothing."""

    __tablename__ = "identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(default_factory=utc_now)
