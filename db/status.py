"""The review row of an episode: its newest days, and how much it asks for a look."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlmodel import Session, select

from db.models import NEVER, AlertRow, EpisodeReasonRow, EpisodeRow, EpisodeStatusRow
from recovery.alerts import AlertState, OpenAlert, need_of
from recovery.judgement.log import LoggedDay
from recovery.judgement.reasons import Reason, ReasonKind
from recovery.review import logged_mask, spark_of


def locked_status(session: Session, episode: EpisodeRow) -> EpisodeStatusRow:
    """Return the review row of an episode, held until the transaction ends."""
    row = session.get(
        EpisodeStatusRow,
        (episode.clinic_id, episode.id),
        with_for_update=True,
        populate_existing=True,
    )
    if row is None:
        raise ValueError("every episode has its review row")
    return row


def show_days(row: EpisodeStatusRow, days: Sequence[LoggedDay], worst: int | None) -> None:
    """
    Change *row* to show the newest logged days.

    Args:
        row: The review row.
        days: Logged days, oldest first; earlier ones than the last 31 may be left out.
        worst: Worst pain of the newest of them, NRS 0-10; None without any.
    """
    if not days or worst is None:
        return
    newest = days[-1]
    row.last_day = newest.day
    row.last_worst_pain_nrs = worst
    row.logged_mask = logged_mask([each.day for each in days], newest.day)
    row.spark = spark_of({each.day: each.pain_nrs for each in days}, newest.day)


_SHOWN = (
    "need",
    "need_day",
    "reasons",
    "snoozed_until",
    "last_day",
    "last_worst_pain_nrs",
    "logged_mask",
    "spark",
)
"""What somebody who looked before sees changed; judging that finds nothing changes nothing."""


def alerts_of(session: Session, episode: EpisodeRow) -> list[AlertRow]:
    """Return all alerts of an episode, closed ones too."""
    return list(
        session.exec(
            select(AlertRow).where(
                AlertRow.clinic_id == episode.clinic_id, AlertRow.episode_id == episode.id
            )
        )
    )


def show_need(
    row: EpisodeStatusRow, alerts: Iterable[AlertRow], now: datetime, by: UUID | None = None
) -> None:
    """
    Sum up the open alerts that are not snoozed, and when the first of the others returns.

    Args:
        row: The review row.
        alerts: All alerts of its episode.
        now: The instant (UTC).
        by: Whose act on an alert this is; None for what the patient or time did.
    """
    unclosed = [each for each in alerts if each.state is not AlertState.CLOSED]
    before = _kinds(row)
    need = need_of(tuple(_to_open(each) for each in unclosed if each.snoozed_until is None))
    row.need = need.rank
    row.need_day = need.day or NEVER
    row.reasons = [spelled(each) for each in need.alerts]
    row.snoozed_until = min(
        (each.snoozed_until for each in unclosed if each.snoozed_until), default=None
    )
    shown = sa.inspect(row).attrs
    if any(shown[name].history.has_changes() for name in _SHOWN):
        row.changed_at, row.changed_by = now, by
    _show_kinds(row, before)


def _show_kinds(row: EpisodeStatusRow, before: Mapping[str, tuple[int, date]]) -> None:
    """
    Keep one row for each kind of reason that *row* gives, in its own order of need.

    Args:
        row: The review row, of a session.
        before: What was kept until now, so that an answer that changes no reason asks nothing.
    """
    after = _kinds(row)
    session = sa.orm.object_session(row)
    if session is None:
        raise ValueError("a review row is changed in its transaction")
    if after == before:
        return
    table = EpisodeReasonRow
    key = (row.clinic_id, row.episode_id)
    kept = {
        each.kind: each
        for each in session.scalars(
            select(table).where(table.clinic_id == key[0], table.episode_id == key[1])
        )
    }
    for kind in {*after, *kept}:
        reason = kept.get(ReasonKind(kind))
        if kind not in after:
            session.delete(reason)
            continue
        reason = reason or table(
            clinic_id=key[0], episode_id=key[1], kind=ReasonKind(kind), need=0, need_day=NEVER
        )
        reason.need, reason.need_day = after[kind]
        session.add(reason)


def _kinds(row: EpisodeStatusRow) -> dict[str, tuple[int, date]]:
    return {each["kind"]: (row.need, row.need_day) for each in row.reasons}


def spelled(alert: OpenAlert) -> dict[str, Any]:
    """Return an open alert as a review row keeps it; ``open_alerts`` reads it back."""
    return {
        "alert_id": str(alert.alert_id),
        "kind": alert.reason.kind.value,
        "first_day": alert.reason.first_day.isoformat(),
        "last_day": alert.reason.last_day.isoformat(),
        "values": dict(alert.reason.values),
        "state": alert.state.value,
        "is_escalated": alert.is_escalated,
    }


def _to_open(row: AlertRow) -> OpenAlert:
    return OpenAlert(
        alert_id=row.id,
        reason=reason_of(row),
        state=row.state,
        is_escalated=row.escalated_at is not None,
    )


def reason_of(row: AlertRow) -> Reason:
    """Return what an alert rests on."""
    return Reason(kind=row.kind, first_day=row.first_day, last_day=row.last_day, values=row.figures)


def open_alerts(row: EpisodeStatusRow) -> tuple[OpenAlert, ...]:
    """Return the open alerts that *row* sums up, the gravest first."""
    return tuple(
        OpenAlert(
            alert_id=UUID(each["alert_id"]),
            reason=Reason(
                kind=ReasonKind(each["kind"]),
                first_day=date.fromisoformat(each["first_day"]),
                last_day=date.fromisoformat(each["last_day"]),
                values=each["values"],
            ),
            state=AlertState(each["state"]),
            is_escalated=each["is_escalated"],
        )
        for each in row.reasons
    )
