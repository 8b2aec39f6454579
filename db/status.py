"""The review row of an episode, kept in the transaction of what changes it."""

from datetime import date

from sqlmodel import Session, col, select

from db.models import (
    NEVER,
    NO_PAIN_YET,
    DailyReportRevisionRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
    EventRow,
)
from recovery.days import today_in
from recovery.reports import DailyReport, EventKind
from recovery.review import with_day_logged

LOOKED_AT = (EventKind.SUDDEN_PAIN, EventKind.FALL)
"""Events that a clinician should look at, gravest first; an extra pain reading is not one."""


def note_report(session: Session, episode: EpisodeRow, report: DailyReport) -> None:
    """Bring the review row up to date with a saved or corrected report."""
    row = _locked(session, episode)
    apply_report(row, report)
    session.add(row)


def note_event(session: Session, episode: EpisodeRow, kind: EventKind, day: date) -> None:
    """Bring the review row up to date with an event that a clinician should look at."""
    row = _locked(session, episode)
    apply_event(row, kind, day)
    session.add(row)


def recompute_attention(session: Session, episode: EpisodeRow, zone_name: str) -> None:
    """
    Work the newest reason to look out anew from what is on record.

    Needed only when something was taken back, which is rare, so it may read the episode.
    """
    row = _locked(session, episode)
    row.event, row.event_day = None, NEVER
    row.warning_day = row.attention_day = NEVER
    # A sign that was ticked and corrected away stays for the clinician to see.
    for table in (DailyReportRow, DailyReportRevisionRow):
        answers = session.exec(
            select(col(table.day), col(table.warning_signs)).where(
                table.clinic_id == episode.clinic_id, table.episode_id == episode.id
            )
        )
        for day, signs in answers:
            if signs:
                apply_warning(row, day)
    events = session.exec(
        select(col(EventRow.kind), col(EventRow.occurred_at)).where(
            EventRow.clinic_id == episode.clinic_id,
            EventRow.episode_id == episode.id,
            col(EventRow.withdrawn_at).is_(None),
            col(EventRow.kind).in_(LOOKED_AT),
        )
    )
    for kind, occurred_at in events:
        apply_event(row, kind, today_in(zone_name, occurred_at))
    session.add(row)


def apply_report(row: EpisodeStatusRow, report: DailyReport) -> None:
    """Change *row* for a report; a ticked warning sign stays for the clinician to see."""
    last_day = None if row.last_day == NEVER else row.last_day
    row.logged_mask = with_day_logged(row.logged_mask, last_day=last_day, day=report.day)
    if report.day >= row.last_day or row.last_worst_pain_nrs == NO_PAIN_YET:
        row.last_day = report.day
        row.last_worst_pain_nrs = report.worst_pain_nrs
    if report.warning_signs:
        apply_warning(row, report.day)


def apply_warning(row: EpisodeStatusRow, day: date) -> None:
    """Change *row* for a ticked warning sign."""
    row.warning_day = max(row.warning_day, day)
    row.attention_day = max(row.attention_day, day)


def apply_event(row: EpisodeStatusRow, kind: EventKind, day: date) -> None:
    """
    Change *row* for an event, unless a later one stands.

    On the same day sudden pain goes before a fall, so the order in which they were
    entered does not matter.
    """
    is_graver = row.event is None or LOOKED_AT.index(kind) < LOOKED_AT.index(row.event)
    if day > row.event_day or (day == row.event_day and is_graver):
        row.event, row.event_day = kind, day
    row.attention_day = max(row.attention_day, day)


def _locked(session: Session, episode: EpisodeRow) -> EpisodeStatusRow:
    row = session.get(
        EpisodeStatusRow,
        (episode.clinic_id, episode.id),
        with_for_update=True,
        populate_existing=True,
    )
    if row is None:
        raise ValueError("every episode has its review row")
    return row
