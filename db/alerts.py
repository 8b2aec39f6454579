"""Alerts as the staff sees and works them off: seen, acted on, snoozed, closed."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.models import AccountRow, AlertActRow, AlertRow, EpisodeStatusRow
from db.patients import current_episode
from db.status import alerts_of, reason_of, show_need
from recovery.access import TREATING, PatientAccess
from recovery.alerts import (
    Alert,
    AlertAct,
    AlertActKind,
    AlertPress,
    AlertState,
    state_after,
)
from recovery.errors import AccessDenied, InvalidEntry, StaleEntry

CHANGED_MEANWHILE = (
    "This alert changed in the meantime, so nothing of yours is stored yet. "
    "Look at what was done with it, then decide again."
)


def list_alerts(session: Session, access: PatientAccess) -> list[Alert]:
    """
    Return the alerts of the current episode, open ones first, then the newest first.

    Raises:
        AccessDenied: If not the clinic's staff asks; a patient reads sentences instead.
    """
    _check_is_staff(access)
    episode = current_episode(session, access)
    rows = session.exec(
        select(AlertRow).where(
            AlertRow.clinic_id == access.clinic_id, AlertRow.episode_id == episode.id
        )
    ).all()
    acts = _acts(session, access, episode.id)
    alerts = [_to_alert(row, tuple(acts[row.id])) for row in rows]
    return sorted(
        alerts,
        key=lambda each: (
            each.state is AlertState.CLOSED,
            -each.reason.last_day.toordinal(),
            -each.reason.kind.need,
            each.alert_id,
        ),
    )


def act_on_alert(
    session: Session, access: PatientAccess, press: AlertPress, *, today: date, now: datetime
) -> Alert:
    """
    Do one thing with an alert; the caller commits. The same act twice is one.

    Args:
        session: A session of ``db.engine.writing``.
        access: Of one who looks after the patient.
        press: What is done, decided on which version of the alert.
        today: The patient's own day.
        now: The instant (UTC).

    Raises:
        AccessDenied: If it is no alert of this patient, or not the treating staff acts.
        InvalidEntry: If a reason, a note or the end of a snooze is missing.
        StaleEntry: If somebody acted on the alert since it was looked at.
    """
    _check_is_staff(access)
    if access.is_emergency:
        raise AccessDenied
    checked = press.checked(today)
    episode = current_episode(session, access)
    # Held in one order by all who write: the review row first, as in judging.
    status = session.get_one(EpisodeStatusRow, (access.clinic_id, episode.id), with_for_update=True)
    row = session.get(AlertRow, (access.clinic_id, press.alert_id), populate_existing=True)
    if row is None or row.episode_id != episode.id:
        raise AccessDenied
    if row.version != checked.expected_version:
        if _is_same(session, access, row, checked):
            return _stored(session, access, row)
        raise StaleEntry(CHANGED_MEANWHILE)
    _act(row, checked, access.actor.account_id, now)
    session.add_all([row, _act_row(row, checked, access.actor.account_id, now)])
    session.flush()
    show_need(status, alerts_of(session, episode), now, access.actor.account_id)
    session.add(status)
    note_patient_act(session, access, f"alert.{checked.kind}", str(row.id))
    return _stored(session, access, row)


def _act(row: AlertRow, press: AlertPress, by: UUID, now: datetime) -> None:
    if row.state is not AlertState.NEW and press.kind is AlertActKind.SEEN:
        raise InvalidEntry("This alert was seen already. Act on it, snooze it or close it.")
    row.state = state_after(row.state, press.kind)
    row.version += 1
    row.snoozed_until = press.until
    if row.seen_at is None:
        row.seen_at, row.seen_by = now, by
    if press.kind is AlertActKind.ACTED:
        row.acted_at, row.acted_by = now, by
    if press.kind is AlertActKind.CLOSED:
        row.closed_at, row.closed_by, row.close_reason = now, by, press.reason


def _act_row(row: AlertRow, press: AlertPress, by: UUID, now: datetime) -> AlertActRow:
    return AlertActRow(
        clinic_id=row.clinic_id,
        alert_id=row.id,
        # The first version has no act behind it.
        number=row.version - 1,
        episode_id=row.episode_id,
        kind=press.kind,
        words=press.words,
        reason=press.reason,
        until=press.until,
        created_at=now,
        created_by=by,
    )


def _is_same(session: Session, access: PatientAccess, row: AlertRow, press: AlertPress) -> bool:
    """Tell whether the press that comes too late is one that was stored already."""
    stored = session.get(AlertActRow, (row.clinic_id, row.id, press.expected_version))
    return (
        stored is not None
        and stored.created_by == access.actor.account_id
        and (stored.kind, stored.words, stored.reason, stored.until)
        == (press.kind, press.words, press.reason, press.until)
    )


def _stored(session: Session, access: PatientAccess, row: AlertRow) -> Alert:
    return _to_alert(row, tuple(_acts(session, access, row.episode_id)[row.id]))


def _acts(
    session: Session, access: PatientAccess, episode_id: UUID
) -> defaultdict[UUID, list[AlertAct]]:
    whose = {"of_clinic": access.clinic_id, "of_episode": episode_id}
    rows = session.exec(_ACTS_OF, params=whose)
    acts: defaultdict[UUID, list[AlertAct]] = defaultdict(list)
    for row, name, second_name in rows:
        acts[row.alert_id].append(
            AlertAct(
                kind=row.kind,
                at=row.created_at,
                by_name=name or "",
                to_name=(second_name or "") if row.kind is AlertActKind.ESCALATED else "",
                words=row.words,
                reason=row.reason,
                until=row.until,
            )
        )
    return acts


_SECOND = aliased(AccountRow)
# Put together once: building it costs more than asking it.
_ACTS_OF = (
    select(AlertActRow, AccountRow.display_name, _SECOND.display_name)
    .join(
        AlertRow,
        (col(AlertRow.clinic_id) == col(AlertActRow.clinic_id))
        & (col(AlertRow.id) == col(AlertActRow.alert_id)),
    )
    .outerjoin(AccountRow, col(AccountRow.id) == col(AlertActRow.created_by))
    # An alert is passed on once, so the one it stands with now is the one it went to.
    .outerjoin(_SECOND, col(_SECOND.id) == col(AlertRow.escalated_to))
    .where(
        col(AlertActRow.clinic_id) == sa.bindparam("of_clinic"),
        col(AlertActRow.episode_id) == sa.bindparam("of_episode"),
    )
    .order_by(col(AlertActRow.alert_id), col(AlertActRow.number))
)


def _to_alert(row: AlertRow, acts: tuple[AlertAct, ...]) -> Alert:
    return Alert(
        alert_id=row.id,
        reason=reason_of(row),
        state=row.state,
        version=row.version,
        settings_version=row.settings_version,
        holds=row.holds,
        opened_at=row.opened_at,
        snoozed_until=row.snoozed_until,
        escalated_at=row.escalated_at,
        acts=acts,
    )


def _check_is_staff(access: PatientAccess) -> None:
    if access.actor.role not in TREATING:
        raise AccessDenied
