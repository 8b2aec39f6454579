"""What is timed at each size, as the app's own pages and routes do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from benchmarks.scale.bare import Act
from benchmarks.scale.databases import Scaled
from content.shelf import procedures, rules_for
from db.alerts import list_alerts
from db.clinics import clinic_settings
from db.demo_people import DEMO_ZONE
from db.events import list_events
from db.learning import list_answers, list_openings
from db.outcomes import clinic_outcomes
from db.own_data import own_data
from db.patients import authorize, get_patient, own_access
from db.questionnaires import list_responses
from db.reports import Saving, list_past_answers, list_reports, save_report
from db.review import list_episodes
from db.review_counts import count_reasons
from db.review_views import look
from db.visit_notes import list_visit_notes
from db.visits import list_planned_visits
from recovery.access import grant_clinic
from recovery.days import today_in
from recovery.judgement.reasons import ReasonKind
from recovery.outcomes import OutcomeQuery
from recovery.reports import DailyReport
from recovery.review import DayRange, ReviewOrder, ReviewQuery
from ui.briefs import read_brief

_PROCEDURE = "kyphoplasty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """
    One line of the table.

    Attributes:
        what: What is done.
        of: Makes the act for a database and a turn; turns differ where the same cannot be done twice.
        writes: Whether it needs the write lock, also for an audit entry alone.
    """

    what: str
    of: Callable[[Scaled, int], Act]
    writes: bool = True


def _save(filled: Scaled, turn: int) -> Act:
    actor = filled.savers[turn]
    today = today_in(DEMO_ZONE, datetime.now(UTC))
    saving = Saving(
        report=DailyReport(
            day=today, worst_pain_nrs=5, average_pain_nrs=3, warning_signs=frozenset()
        ),
        expected_version=0,
        idempotency_key=uuid4(),
        today=today,
        now=datetime.now(UTC),
        rules=rules_for(_PROCEDURE, shares_augmentation_curve=True),
    )
    return lambda session: save_report(session, own_access(session, actor), saving)


def _listed(query: ReviewQuery) -> Callable[[Scaled, int], Act]:
    def of(filled: Scaled, _turn: int) -> Act:
        def act(session: Session) -> object:
            access, at = grant_clinic(filled.clinician), datetime.now(UTC)
            look(session, access, at)
            count_reasons(session, access, is_mine=query.is_mine)
            return list_episodes(session, access, query, at)

        return act

    return of


def _searched(letters: int | None, filled: Scaled, turn: int) -> Act:
    return _listed(ReviewQuery(search=filled.name[:letters]))(filled, turn)


def _chart(filled: Scaled, _turn: int) -> Act:
    """Read what the clinician's page of one patient shows."""
    patient_id: Any = filled.patient.patient_id

    def act(session: Session) -> object:
        access = authorize(session, filled.clinician, patient_id)
        asked = (
            get_patient(session, access),
            clinic_settings(session, filled.clinician),
            list_reports(session, access),
            list_events(session, access),
            list_visit_notes(session, access),
            list_alerts(session, access),
            list_planned_visits(session, access),
            list_past_answers(session, access),
            list_openings(session, access),
            list_answers(session, access),
        )
        return asked, list_responses(session, access)

    return act


def _outcomes(filled: Scaled, _turn: int) -> Act:
    today = today_in(DEMO_ZONE, datetime.now(UTC))
    query = OutcomeQuery(
        procedure=_PROCEDURE, milestone_days=procedures()[_PROCEDURE].milestone_days, today=today
    )
    return lambda session: clinic_outcomes(session, grant_clinic(filled.clinician), query)


def _brief(filled: Scaled, _turn: int) -> Act:
    patient_id: Any = filled.patient.patient_id
    return lambda session: read_brief(session, filled.clinician, patient_id, is_exported=True)


def _export(filled: Scaled, _turn: int) -> Act:
    return lambda session: own_data(session, own_access(session, filled.patient), datetime.now(UTC))


_FILTERS = {
    "mine": ReviewQuery(is_mine=True),
    "mine with a reason": ReviewQuery(is_mine=True, reason=ReasonKind.CHANGE),
    "by name, page 21": ReviewQuery(order=ReviewOrder.NAME, page=20),
    "days 0 to 14": ReviewQuery(days=DayRange(first=0, last=14)),
    "procedure, days and visit": ReviewQuery(
        procedure=_PROCEDURE, days=DayRange(first=0, last=14), has_visit=True
    ),
    "changed in a day": ReviewQuery(changed_since=datetime.now(UTC) - timedelta(days=1)),
}

MAIN = (
    Timed(what="save a report", of=_save),
    Timed(what="review list, first page", of=_listed(ReviewQuery())),
    Timed(what="name search", of=partial(_searched, None)),
    Timed(what="one chart", of=_chart),
    Timed(what="outcomes page", of=_outcomes, writes=False),
    Timed(what="visit brief, its data", of=_brief),
    Timed(what="export of one patient", of=_export),
)
"""What the aims are about."""

LISTS = (
    Timed(what="search, five letters", of=partial(_searched, 5)),
    *(Timed(what=f"list, {name}", of=_listed(query)) for name, query in _FILTERS.items()),
)
"""Other ways to ask for the list."""
