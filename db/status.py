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
from recovery.review import Attention, with_day_logged

EVENT_ATTENTION = {EventKind.SUDDEN_PAIN: Attention.SUDDEN_PAIN, EventKind.FALL: Attention.FALL}
"""Events that a clinician should look at; an extra pain reading is not one."""


def note_report(session: Session, episode: EpisodeRow, report: DailyReport) -> None:
    """Bring the review row up to date with a saved or corrected report."""
    row = _locked(session, episode)
    apply_report(row, report)
    session.add(row)


def note_attention(session: Session, episode: EpisodeRow, reason: Attention, day: date) -> None:
    """Bring the review row up to date with something a clinician should look at."""
    row = _locked(session, episode)
    apply_attention(row, reason, day)
    session.add(row)


def recompute_attention(session: Session, episode: EpisodeRow, zone_name: str) -> None:
    """
    Work the newest reason to look out anew from what is on record.

    Needed only when something was taken back, which is rare, so it may read the episode.
    """
    row = _locked(session, episode)
    row.attention, row.attention_day = None, NEVER
    # A sign that was ticked and corrected away stays for the clinician to see.
    for table in (DailyReportRow, DailyReportRevisionRow):
        answers = session.exec(
            select(col(table.day), col(table.warning_signs)).where(
                table.clinic_id == episode.clinic_id, table.episode_id == episode.id
            )
        )
        for day, signs in answers:
            if signs:
                apply_attention(row, Attention.WARNING_SIGN, day)
    events = session.exec(
        select(col(EventRow.kind), col(EventRow.occurred_at)).where(
            EventRow.clinic_id == episode.clinic_id,
            EventRow.episode_id == episode.id,
            col(EventRow.withdrawn_at).is_(None),
            col(EventRow.kind).in_(EVENT_ATTENTION),
        )
    )
    for kind, occurred_at in events:
        apply_attention(row, EVENT_ATTENTION[kind], today_in(zone_name, occurred_at))
    session.add(row)


def apply_report(row: EpisodeStatusRow, report: DailyReport) -> None:
    """Change *row* for a report; a ticked warning sign stays for the clinician to see."""
    last_day = None if row.last_day == NEVER else row.last_day
    row.logged_mask = with_day_logged(row.logged_mask, last_day=last_day, day=report.day)
    if report.day >= row.last_day or row.last_worst_pain_nrs == NO_PAIN_YET:
        row.last_day = report.day
        row.last_worst_pain_nrs = report.worst_pain_nrs
    if report.warning_signs:
        apply_attention(row, Attention.WARNING_SIGN, report.day)


def apply_attention(row: EpisodeStatusRow, reason: Attention, day: date) -> None:
    """
    Change *row* for a reason to look, unless a later one stands.

    On the same day a warning sign goes before sudden pain, and that before a fall, so the
    order in which they were entered does not matter.
    """
    ranks = list(Attention)
    is_graver = row.attention is None or ranks.index(reason) < ranks.index(row.attention)
    if day > row.attention_day or (day == row.attention_day and is_graver):
        row.attention = reason
        row.attention_day = day


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
