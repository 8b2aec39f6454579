"""A clinic's thresholds, kept as whole versions; the newest is in force."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db.audit import note_act
from db.models import NOT_AGAIN, AccountRow, EpisodeStatusRow, JudgementSettingsRow
from recovery.access import Actor, AdminAccess
from recovery.days import earliest_today
from recovery.errors import StaleEntry
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.versions import SettingsVersion

CHANGED_MEANWHILE = (
    "Somebody else saved other settings meanwhile, so yours are not saved yet. "
    "Look at both, and save again to keep yours."
)


def settings_in_force(session: Session, clinic_id: UUID) -> JudgementSettings:
    """Return the newest thresholds of a clinic, or those that Mendline ships; for use in ``db``."""
    row = session.exec(
        select(JudgementSettingsRow)
        .where(JudgementSettingsRow.clinic_id == clinic_id)
        .order_by(col(JudgementSettingsRow.version).desc())
        .limit(1)
    ).first()
    if row is None:
        return JudgementSettings()
    return JudgementSettings.from_json(row.thresholds, version=row.version)


def judgement_settings(session: Session, actor: Actor) -> JudgementSettings:
    """Return the thresholds in force at the actor's own clinic."""
    return settings_in_force(session, actor.clinic_id)


def list_settings_versions(session: Session, actor: Actor) -> list[SettingsVersion]:
    """Return what the actor's own clinic saved, the newest version first."""
    rows = session.exec(
        select(JudgementSettingsRow, AccountRow.display_name)
        .join(AccountRow, col(AccountRow.id) == col(JudgementSettingsRow.created_by))
        .where(JudgementSettingsRow.clinic_id == actor.clinic_id)
        .order_by(col(JudgementSettingsRow.version).desc())
    )
    return [
        SettingsVersion(
            settings=JudgementSettings.from_json(row.thresholds, version=row.version),
            saved_at=row.created_at,
            saved_by_name=name,
        )
        for row, name in rows
    ]


def save_judgement_settings(
    session: Session, access: AdminAccess, settings: JudgementSettings, now: datetime
) -> JudgementSettings:
    """
    Store thresholds as the next version; the caller commits. Unchanged ones make no version.

    Args:
        session: A session of ``db.engine.writing``.
        access: The administrator's.
        settings: The thresholds, with the version that they were changed from.
        now: The instant (UTC).

    Raises:
        StaleEntry: If another version is in force by now.
    """
    before = settings_in_force(session, access.clinic_id)
    if before.to_json() == settings.to_json():
        return before
    if before.version != settings.version:
        raise StaleEntry(CHANGED_MEANWHILE)
    row = JudgementSettingsRow(
        clinic_id=access.clinic_id,
        version=before.version + 1,
        thresholds=settings.to_json(),
        created_at=now,
        created_by=access.actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise StaleEntry(CHANGED_MEANWHILE) from error
    _look_anew(session, access.clinic_id, now)
    old = before.to_json()
    note_act(
        session,
        access.actor,
        "judgement.settings_changed",
        subject=str(row.version),
        changed={name: (old[name], value) for name, value in settings.to_json().items()},
    )
    return JudgementSettings.from_json(row.thresholds, version=row.version)


def _look_anew(session: Session, clinic_id: UUID, now: datetime) -> None:
    """Let time be asked again about recoveries that it could not change under the old version."""
    session.exec(
        sa.update(EpisodeStatusRow)
        .where(
            col(EpisodeStatusRow.clinic_id) == clinic_id,
            col(EpisodeStatusRow.judge_on) == NOT_AGAIN,
        )
        .values(judge_on=earliest_today(now))
    )
