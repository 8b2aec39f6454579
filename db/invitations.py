"""
Invitations: how a patient, and whoever helps the patient, gets an account.

A code is handed over on paper, works once and for a short time, and is stored only as a
hash. Whoever holds it chooses user name and password; nobody at the clinic ever knows one.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from db.audit import note_bare_act, note_patient_act
from db.models import AccountRow, ClinicRow, InvitationRow, PatientRow, new_id
from db.new_accounts import USERNAME_TAKEN, clean_username, find_patient_account
from db.sign_in import AccountSummary, summary_of
from recovery.access import PatientAccess, Role
from recovery.errors import AccessDenied, InvalidEntry
from recovery.text import require_text
from recovery.wording import Language, marked, tr

LIFETIME = {Role.PATIENT: timedelta(days=14), Role.CARER: timedelta(days=3)}
"""A letter is posted and lies on a table; a carer's code is passed on the same day."""

UNUSABLE = marked("This code cannot be used. Check it letter by letter, or ask for a new one.")
# Without 0/O, 1/I and other pairs that are misread from paper: 16 of 31 signs are 79 bits.
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 16, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """
    A new invitation, the one time its code is known.

    Attributes:
        code: In groups of four, as it is printed.
        expires_at: The instant (UTC) from which it opens nothing.
    """

    invitation_id: UUID
    role: Role
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation that was neither used nor taken back and has not expired."""

    invitation_id: UUID
    role: Role
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a code opens, as far as its holder may know before an account is made."""

    clinic_name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """
    What the holder of a code chose.

    Attributes:
        username: As typed.
        display_name: A carer's own name; a patient's is on record.
        password_hash: Made beforehand, outside the transaction.
        account_id: The key of the account to be; a passkey has to know it beforehand.
        language: What they read in.
    """

    username: str
    display_name: str
    password_hash: str
    account_id: UUID = field(default_factory=new_id)
    language: Language = Language.ENGLISH


def invite(session: Session, access: PatientAccess, role: Role, now: datetime) -> Invitation:
    """
    Make an invitation; open ones for the same record and role stop working.

    Staff invite the patient, and the patient invites carers.

    Raises:
        AccessDenied: If it is not the actor's to invite.
        InvalidEntry: If the patient has an account already.
    """
    _check_may_invite(session, access, role)
    _revoke_open(session, access, role, now)
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    row = InvitationRow(
        clinic_id=access.clinic_id,
        patient_id=access.patient_id,
        role=role,
        code_hash=_hashed(code),
        created_at=now,
        created_by=access.actor.account_id,
        expires_at=now + LIFETIME[role],
    )
    invitation_id = row.id
    session.add(row)
    session.flush()
    note_patient_act(session, access, "invitation.made", role.value)
    groups = (code[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))
    return Invitation(
        invitation_id=invitation_id,
        role=role,
        code="-".join(groups),
        expires_at=now + LIFETIME[role],
    )


def list_open_invitations(
    session: Session, access: PatientAccess, now: datetime
) -> list[OpenInvitation]:
    """Return the patient's invitations that still open something, newest first."""
    rows = session.exec(
        select(InvitationRow)
        .where(
            InvitationRow.clinic_id == access.clinic_id,
            InvitationRow.patient_id == access.patient_id,
            col(InvitationRow.used_at).is_(None),
            col(InvitationRow.revoked_at).is_(None),
            col(InvitationRow.expires_at) > now,
        )
        .order_by(col(InvitationRow.created_at).desc(), col(InvitationRow.id).desc())
    )
    return [
        OpenInvitation(
            invitation_id=row.id,
            role=row.role,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def revoke_invitations(session: Session, access: PatientAccess, role: Role, now: datetime) -> None:
    """
    Take back what is open for *role*; the caller commits.

    Raises:
        AccessDenied: If it is not the actor's to invite.
    """
    _check_is_inviter(access, role)
    if _revoke_open(session, access, role, now):
        note_patient_act(session, access, "invitation.revoked", role.value)


def find_offer(session: Session, code: str, now: datetime) -> Offer | None:
    """Return what a code opens; None alike for a wrong, used, revoked or expired one."""
    found = session.exec(
        select(InvitationRow.role, ClinicRow.name)
        .join(ClinicRow, col(ClinicRow.id) == col(InvitationRow.clinic_id))
        .where(*_opens(code, now))
    ).first()
    if found is None:
        return None
    return Offer(role=Role(found[0]), clinic_name=found[1])


def redeem(session: Session, code: str, chosen: NewAccount, now: datetime) -> AccountSummary:
    """
    Use a code up and make the account it was for, both or neither; the caller commits.

    One statement marks it as used, so of any number at the same time one succeeds.

    Raises:
        InvalidEntry: If the code opens nothing, or the user name is taken or unusable.
    """
    account_id = chosen.account_id
    used = session.exec(
        update(InvitationRow)
        .where(*_opens(code, now))
        .values(used_at=now, used_by=account_id)
        .returning(
            col(InvitationRow.clinic_id), col(InvitationRow.patient_id), col(InvitationRow.role)
        )
    ).first()
    if used is None:
        raise InvalidEntry(tr(UNUSABLE))
    clinic_id, patient_id, role = used
    row = AccountRow(
        id=account_id,
        clinic_id=clinic_id,
        patient_id=patient_id,
        username=clean_username(chosen.username),
        display_name=_display_name(session, clinic_id, patient_id, role, chosen),
        role=role,
        password_hash=chosen.password_hash,
        language=chosen.language,
        created_at=now,
        created_by=account_id,
    )
    summary = summary_of(row)
    _add_or_refuse(session, row)
    note_bare_act(
        session,
        "invitation.used",
        clinic_id=clinic_id,
        actor_id=account_id,
        patient_id=patient_id,
        subject=role.value,
    )
    return summary


def clean_code(code: str) -> str:
    """Return a typed code as it is hashed: capitals, without spaces and dashes."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _check_is_inviter(access: PatientAccess, role: Role) -> None:
    is_allowed = access.is_by_staff if role is Role.PATIENT else access.is_own
    # An emergency opens a record for an hour, and must not end in an account for good.
    if role not in LIFETIME or not is_allowed or access.is_emergency:
        raise AccessDenied


def _check_may_invite(session: Session, access: PatientAccess, role: Role) -> None:
    _check_is_inviter(access, role)
    # Held until the end, so that of two letters made at once the later ends the other.
    key = (access.clinic_id, access.patient_id)
    if session.get(PatientRow, key, with_for_update=True) is None:
        raise AccessDenied
    if role is Role.PATIENT and find_patient_account(session, access) is not None:
        raise InvalidEntry("This patient already has an account. Make a new password instead.")


def _revoke_open(session: Session, access: PatientAccess, role: Role, now: datetime) -> bool:
    revoked = session.exec(
        update(InvitationRow)
        .where(
            col(InvitationRow.clinic_id) == access.clinic_id,
            col(InvitationRow.patient_id) == access.patient_id,
            col(InvitationRow.role) == role,
            col(InvitationRow.used_at).is_(None),
            col(InvitationRow.revoked_at).is_(None),
        )
        .values(revoked_at=now, revoked_by=access.actor.account_id)
        .returning(col(InvitationRow.id))
    ).all()
    return bool(revoked)


def _opens(code: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(InvitationRow.code_hash) == _hashed(clean_code(code)),
        col(InvitationRow.used_at).is_(None),
        col(InvitationRow.revoked_at).is_(None),
        col(InvitationRow.expires_at) > now,
    )


def _display_name(
    session: Session, clinic_id: UUID, patient_id: UUID, role: Role, chosen: NewAccount
) -> str:
    if role is Role.CARER:
        return require_text(chosen.display_name, what=marked("name"))
    return session.get_one(PatientRow, (clinic_id, patient_id)).name


def _add_or_refuse(session: Session, row: AccountRow) -> None:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        refused = str(error.orig)
        if "username" in refused:
            raise InvalidEntry(tr(USERNAME_TAKEN)) from error
        # A patient has one account; the database holds the rule, so that no race gets by.
        if "patient" in refused:
            raise InvalidEntry(tr(UNUSABLE)) from error
        raise


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
