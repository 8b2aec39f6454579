"""What the filters of a large clinic's review list find: alerts, visits, and who looks after whom."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlmodel import SQLModel

from content.shelf import procedures
from db.models import (
    AlertRow,
    AssignmentRow,
    EpisodeReasonRow,
    EpisodeStatusRow,
    PlannedVisitRow,
)
from db.status import reason_of, spelled
from recovery.alerts import OpenAlert, need_of
from recovery.judgement.reasons import ReasonKind

ALERTED = 0.05
"""Share of people with open alerts."""
VISITING = 0.05
"""Share of people with a visit this week."""
PANEL = 200
"""How many people one of the staff looks after, at any size of the clinic."""
_LONGEST_AGO = 365
_CHANGED_WITHIN_HOURS = 720


def rows_beside(
    statuses: Sequence[EpisodeStatusRow], by: UUID, colleague: UUID, today: date
) -> list[tuple[type[SQLModel], list[SQLModel]]]:
    """
    Change the review rows as if people were judged, and return the rows that go with that.

    Procedures and their dates are spread over a year.

    Args:
        statuses: Of one clinic, before they are stored.
        by: The account that looks after some of them.
        colleague: The account that looks after the others.
        today: The day to count back from.
    """
    dice = Random(11)  # noqa: S311 - made-up data, no secret
    alerts: list[SQLModel] = []
    reasons: list[SQLModel] = []
    visits: list[SQLModel] = []
    known = list(procedures())
    for status in statuses:
        status.procedure = dice.choice(known)
        status.procedure_date = today - timedelta(days=dice.randrange(_LONGEST_AGO))
        status.changed_at -= timedelta(hours=dice.randrange(_CHANGED_WITHIN_HOURS))
        if dice.random() < ALERTED:
            made = [_alert(status, kind, today) for kind in _kinds(dice)]
            alerts += made
            reasons += _judged(status, made)
        if dice.random() < VISITING:
            visits.append(_visit(status, by, today))
    patients = [each.patient_id for each in statuses]
    mine = set(dice.sample(patients, min(PANEL, len(patients))))
    panel: list[SQLModel] = [
        AssignmentRow(
            clinic_id=statuses[0].clinic_id,
            patient_id=each,
            account_id=by if each in mine else colleague,
            created_by=by,
        )
        for each in patients
    ]
    return [
        (AlertRow, alerts),
        (EpisodeReasonRow, reasons),
        (PlannedVisitRow, visits),
        (AssignmentRow, panel),
    ]


def _kinds(dice: Random) -> set[ReasonKind]:
    return set(dice.choices(list(ReasonKind), k=dice.choice([1, 1, 1, 2, 3])))


def _alert(status: EpisodeStatusRow, kind: ReasonKind, today: date) -> AlertRow:
    day = max(status.procedure_date, today - timedelta(days=3))
    return AlertRow(
        clinic_id=status.clinic_id,
        episode_id=status.episode_id,
        patient_id=status.patient_id,
        kind=kind,
        first_day=day,
        last_day=day,
        figures={"days": [1, 2, 3]},
        settings_version=1,
    )


def _judged(status: EpisodeStatusRow, alerts: list[AlertRow]) -> list[EpisodeReasonRow]:
    need = need_of(
        tuple(
            OpenAlert(alert_id=each.id, reason=reason_of(each), state=each.state) for each in alerts
        )
    )
    status.need = need.rank
    status.need_day = need.day or status.need_day
    status.reasons = [spelled(each) for each in need.alerts]
    return [
        EpisodeReasonRow(
            clinic_id=status.clinic_id,
            episode_id=status.episode_id,
            kind=each.kind,
            need=status.need,
            need_day=status.need_day,
        )
        for each in alerts
    ]


def _visit(status: EpisodeStatusRow, by: UUID, today: date) -> PlannedVisitRow:
    return PlannedVisitRow(
        clinic_id=status.clinic_id, episode_id=status.episode_id, visit_date=today, created_by=by
    )
