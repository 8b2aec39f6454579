"""Recoveries and judgements of which patients are told, for the tests of the words."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from recovery.days import zone
from recovery.episodes import Episode, Patient
from recovery.judgement.reasons import Figure, Judgement, Reason, ReasonKind
from recovery.judgement.settings import JudgementSettings
from recovery.reports import DailyReport, Event, EventKind, StoredReport
from tests.factories import NOW, PROCEDURE_DATE, TODAY, ZONE, new_settings
from ui.recovery_view import Recovery
from ui.standing import Stand, stand_from, stand_of

DAY = timedelta(days=1)


def report(days_ago: int = 0, **changes: Any) -> StoredReport:
    """Return a stored report of a day so long ago."""
    answers: dict[str, Any] = {"worst_pain_nrs": 5, "average_pain_nrs": 4}
    return StoredReport(
        report=DailyReport(day=TODAY - days_ago * DAY, **answers | changes),
        version=1,
        is_late=False,
        created_at=NOW,
        created_by=uuid4(),
        updated_at=NOW,
        updated_by=uuid4(),
    )


def ticked(days_ago: int, *signs: str) -> StoredReport:
    """Return one on which these signs were ticked."""
    return report(days_ago, warning_signs=frozenset(signs))


def event(kind: EventKind, days_ago: int = 0, *, is_withdrawn: bool = False) -> Event:
    """Return something recorded at nine on a day so long ago."""
    at = datetime.combine(TODAY - days_ago * DAY, time(9), tzinfo=zone(ZONE))
    return Event(kind=kind, occurred_at=at, pain_nrs=6, is_withdrawn=is_withdrawn)


def recovery_of(procedure: str = "kyphoplasty", **changes: Any) -> Recovery:
    """Return a recovery on its tenth day, with one report of today."""
    episode = Episode(
        episode_id=uuid4(), procedure=procedure, procedure_date=PROCEDURE_DATE, baseline_nrs=8
    )
    patient = Patient(
        patient_id=uuid4(),
        clinic_id=uuid4(),
        name="Rowan Elm",
        date_of_birth=PROCEDURE_DATE.replace(year=1948),
        time_zone=ZONE,
        episode=episode,
    )
    fields: dict[str, Any] = {
        "patient": patient,
        "settings": new_settings(),
        "reports": [report()],
        "today": TODAY,
    }
    return Recovery(**fields | changes)


def judged(*kinds: ReasonKind, **changes: Any) -> Judgement:
    """Return a judgement that found these."""
    reasons = tuple(Reason(kind=kind, first_day=TODAY, last_day=TODAY) for kind in kinds)
    return Judgement(as_of=TODAY, reasons=reasons, **changes)


def found(kind: ReasonKind, **values: Figure) -> Judgement:
    """Return a judgement that found one thing, with its figures."""
    reason = Reason(kind=kind, first_day=TODAY, last_day=TODAY, values=values)
    return Judgement(as_of=TODAY, reasons=(reason,))


def stand_by(recovery: Recovery, judgement: Judgement) -> Stand | None:
    """Return what a judgement means for a patient who agrees."""
    return stand_from(recovery, judgement, can_log=True)


def told(recovery: Recovery, judgement: Judgement) -> Stand:
    """Return the same where there is something to tell."""
    stand = stand_by(recovery, judgement)
    assert stand is not None
    return stand


def since(procedure_date: date, pains: dict[int, int], **changes: Any) -> Recovery:
    """Return a recovery whose days so long ago had that average pain, and worst one point more."""
    recovery = recovery_of(
        reports=[
            report(ago, worst_pain_nrs=min(10, pain + 1), average_pain_nrs=pain)
            for ago, pain in sorted(pains.items(), reverse=True)
        ]
    )
    episode = replace(recovery.episode, procedure_date=procedure_date, **changes)
    return replace(recovery, patient=replace(recovery.patient, episode=episode))


def judged_today(recovery: Recovery) -> Stand | None:
    """Return what the rules as shipped mean for the patient."""
    return stand_of(recovery, JudgementSettings(), can_log=True)
