"""Events a person records at any hour, beside the daily report."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.judging import open_recorded, unsay_recorded
from db.models import EpisodeRow, EventRow
from db.once import add_once, is_press_stored
from db.patients import current_episode, patient_zone
from recovery.access import PatientAccess
from recovery.days import check_reportable, today_in
from recovery.errors import AccessDenied, InvalidEntry
from recovery.judgement.reasons import Figure, Reason, ReasonKind
from recovery.reports import Event, EventKind
from recovery.wording import tr

_CLOCK_SLACK = timedelta(minutes=5)
LOOKED_AT = {
    EventKind.SUDDEN_PAIN: ReasonKind.SUDDEN_PAIN,
    EventKind.FALL: ReasonKind.FALL,
}
"""Events that a clinician should look at; an extra pain reading is not one."""


def add_event(
    session: Session, access: PatientAccess, event: Event, *, idempotency_key: UUID, now: datetime
) -> None:
    """
    Store an event; the caller commits. The same press sent twice is stored once.

    Raises:
        InvalidEntry: If it lies in the future, before the procedure or too far back.
        ConsentMissing: If the patient does not agree to the log.
    """
    episode = current_episode(session, access)
    require_consent(session, access)
    zone_name = patient_zone(session, access)
    if event.occurred_at > now + _CLOCK_SLACK:
        raise InvalidEntry(tr("That time has not come yet. Choose the time it happened."))
    day = today_in(zone_name, event.occurred_at)
    check_reportable(day, procedure_date=episode.procedure_date, today=today_in(zone_name, now))
    row = EventRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        kind=event.kind,
        occurred_at=event.occurred_at,
        pain_nrs=event.pain_nrs,
        note=event.note,
        is_by_proxy=access.is_proxy,
        idempotency_key=idempotency_key,
        created_at=now,
        created_by=access.actor.account_id,
    )
    event_id = row.id
    if not add_once(
        session, row, lambda: is_press_stored(session, EventRow, episode, idempotency_key)
    ):
        return
    if event.kind in LOOKED_AT:
        open_recorded(session, episode, event_reason(event.kind, day, event.pain_nrs), now)
    # The row's key and not its kind: whoever reads the audit need not learn of a fall.
    note_patient_act(session, access, "event.recorded", str(event_id))


def event_reason(kind: EventKind, day: date, pain_nrs: int | None) -> Reason:
    """
    Return why an event asks for a look.

    Values: ``pain_nrs``, pain then, NRS 0-10; left out when none was given.

    Args:
        kind: One of ``LOOKED_AT``.
        day: The patient's own day of it.
        pain_nrs: Pain then, NRS 0-10; None when not given.
    """
    values: dict[str, Figure] = {} if pain_nrs is None else {"pain_nrs": pain_nrs}
    return Reason(kind=LOOKED_AT[kind], first_day=day, last_day=day, values=values)


def list_events(session: Session, access: PatientAccess) -> list[Event]:
    """Return the events of the current episode, oldest first, withdrawn ones included."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(EventRow)
        .where(EventRow.clinic_id == episode.clinic_id, EventRow.episode_id == episode.id)
        .order_by(col(EventRow.occurred_at), col(EventRow.id))
    )
    return [
        Event(
            event_id=row.id,
            kind=row.kind,
            occurred_at=row.occurred_at,
            pain_nrs=row.pain_nrs,
            note=row.note,
            is_withdrawn=row.withdrawn_at is not None,
            is_by_proxy=row.is_by_proxy,
            recorded_by=row.created_by,
            recorded_at=row.created_at,
        )
        for row in rows
    ]


def withdraw_event(session: Session, access: PatientAccess, event_id: UUID, now: datetime) -> None:
    """
    Take back an event recorded by mistake; it stays on record; the caller commits.

    Raises:
        AccessDenied: If it is not an event of this patient, or a carer would take back
            what somebody else recorded.
    """
    episode = current_episode(session, access)
    row = session.get(EventRow, (access.clinic_id, event_id), with_for_update=True)
    if row is None or row.episode_id != episode.id:
        raise AccessDenied
    if access.is_proxy and row.created_by != access.actor.account_id:
        raise AccessDenied
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = now
    row.withdrawn_by = access.actor.account_id
    session.add(row)
    session.flush()
    if row.kind in LOOKED_AT:
        _unsay(session, access, episode, row)
    note_patient_act(session, access, "event.withdrawn", str(row.id))


def _unsay(
    session: Session, access: PatientAccess, episode: EpisodeRow, withdrawn: EventRow
) -> None:
    """Mark the alert of an event that was taken back, unless another of that day stands."""
    zone_name = patient_zone(session, access)
    day = today_in(zone_name, withdrawn.occurred_at)
    others = session.exec(
        select(EventRow.occurred_at).where(
            EventRow.clinic_id == episode.clinic_id,
            EventRow.episode_id == episode.id,
            EventRow.kind == withdrawn.kind,
            col(EventRow.withdrawn_at).is_(None),
        )
    )
    if day not in {today_in(zone_name, at) for at in others} and withdrawn.withdrawn_at:
        unsay_recorded(session, episode, LOOKED_AT[withdrawn.kind], day, withdrawn.withdrawn_at)
