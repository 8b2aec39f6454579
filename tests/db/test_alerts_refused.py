"""Acts on alerts that are refused: who may not, and what cannot be; the alert stays as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from db.alerts import list_alerts
from db.assignments import assign
from db.clinics import change_settings, clinic_settings
from db.models import AlertActRow, AlertRow
from db.patients import renewed
from recovery.access import grant_admin
from recovery.alerts import (
    MAX_SNOOZE_DAYS,
    AlertActKind,
    AlertState,
    CloseReason,
)
from recovery.errors import AccessDenied, InvalidEntry
from recovery.judgement.reasons import ReasonKind
from tests.db.acts import acts
from tests.db.alerting import (
    ACTED,
    CLOSED,
    SEEN,
    SNOOZED,
    WORDS,
    act,
    only_alert,
    open_alert,
    press_on,
)
from tests.factories import NOW, TODAY, make_patient
from tests.small_clinic import SmallClinic


def test_nobody_but_the_staff_reads_alerts(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """The patient reads sentences instead, and acts on nothing."""
    for call in (
        lambda: list_alerts(session, clinic.own),
        lambda: act(session, clinic.own, press_on(fall, SEEN)),
    ):
        with pytest.raises(AccessDenied):
            call()

    assert only_alert(session, clinic).state is AlertState.NEW


def test_an_opening_in_an_emergency_reads_only(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Whoever opened the record for an hour sees the alert and leaves it as it is."""
    access = replace(clinic.treating, is_emergency=True)

    with pytest.raises(AccessDenied):
        act(session, access, press_on(fall, SEEN))

    assert [each.state for each in list_alerts(session, access)] == [AlertState.NEW]
    assert not acts(session)["alert.seen"]


@pytest.mark.parametrize("whose", ["other patient", "other clinic", "nobody"])
def test_an_alert_that_is_not_this_patients_is_refused(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic, whose: str
) -> None:
    """A key of another record opens nothing, and the other record stays."""
    other = make_patient(session, clinic.clinician, name="Ash Birch")
    there = {"other patient": replace(clinic, treating=other), "other clinic": other_clinic}
    key = open_alert(session, there[whose], ReasonKind.FALL) if whose in there else uuid4()

    with pytest.raises(AccessDenied):
        act(session, clinic.treating, press_on(key, CLOSED))

    rows = session.exec(select(AlertRow)).all()
    assert {row.state for row in rows} <= {AlertState.NEW}
    assert session.exec(select(AlertActRow)).all() == []


REFUSED: list[tuple[AlertActKind, dict[str, Any], str]] = [
    (ACTED, {"words": ""}, "Write what you did, then press it again"),
    (ACTED, {"words": " \n\t "}, "Write what you did, then press it again"),
    (ACTED, {"words": "x" * 2_001}, "2,001 characters"),
    (ACTED, {"words": "nul\x00"}, "cannot be stored"),
    (SNOOZED, {"until": None}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY - timedelta(days=1)}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY + timedelta(days=MAX_SNOOZE_DAYS + 1)}, "up to 30 days ahead"),
    (CLOSED, {"reason": None}, "Say why"),
    (CLOSED, {"reason": None, "words": WORDS}, "Say why"),
    (CLOSED, {"reason": CloseReason.OTHER}, "in a few words"),
    (CLOSED, {"reason": CloseReason.OTHER, "words": "  "}, "in a few words"),
]


def test_an_act_that_cannot_be_is_refused(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Each names what is missing; the alert, its history and the audit stay as they were."""
    before = acts(session)
    for kind, changes, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            act(session, clinic.treating, press_on(fall, kind, **changes))

    alert = only_alert(session, clinic)
    assert (alert.state, alert.version, alert.acts) == (AlertState.NEW, 1, ())
    assert acts(session) == before


def test_what_time_does_nobody_presses(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A person neither passes on nor ends a snooze by this way."""
    for kind in (AlertActKind.ESCALATED, AlertActKind.RETURNED):
        with pytest.raises(ValueError, match="time alone"):
            act(session, clinic.treating, press_on(fall, kind))


def test_seen_twice_is_refused(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """Who looks later is told that it was seen, not that they were first."""
    act(session, clinic.treating, press_on(fall, SEEN))

    with pytest.raises(InvalidEntry, match="seen already"):
        act(session, clinic.treating, press_on(fall, SEEN, expected_version=2))


def test_nothing_is_done_with_a_closed_alert(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """It stays closed, with who closed it and why."""
    act(session, clinic.treating, press_on(fall, CLOSED))

    for kind in (SEEN, ACTED, SNOOZED, CLOSED):
        press = press_on(fall, kind, expected_version=2, words="other")
        with pytest.raises(InvalidEntry, match="already"):
            act(session, clinic.treating, press)

    assert [each.kind for each in only_alert(session, clinic).acts] == [CLOSED]


def test_access_that_ended_acts_no_more(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A colleague took the patient over while the page stood open."""
    settings = replace(clinic_settings(session, clinic.administrator), only_assigned=True)
    change_settings(session, grant_admin(clinic.administrator), settings)
    assign(session, clinic.treating, {clinic.assistant.account_id}, NOW)

    with pytest.raises(AccessDenied):
        act(session, renewed(session, clinic.treating), press_on(fall, SEEN))


BROKEN: list[dict[str, Any]] = [
    {"state": "closed"},
    {"closed_at": NOW},
    {"close_reason": "spoke"},
    {"seen_at": NOW},
    {"acted_at": NOW},
    {"escalated_at": NOW},
    {"state": "forgotten"},
    {"kind": "mood"},
    {"last_day": TODAY - timedelta(days=1)},
]


def test_the_database_keeps_an_alert_whole(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """No state without who and when, no closing without why, no days in the wrong order."""
    for values in BROKEN:
        columns: list[Any] = [sa.column(name) for name in values]
        table = sa.table("alert", sa.column("id", sa.Uuid()), *columns)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.connection().execute(sa.update(table).where(table.c.id == fall).values(values))

    assert only_alert(session, clinic).state is AlertState.NEW


def test_one_kind_is_open_once_a_day(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """Two of one day cannot both be open; after a closing another may be."""
    row = session.get_one(AlertRow, (clinic.clinic_id, fall))
    twin = AlertRow(**row.model_dump(exclude={"id"}))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(twin)

    act(session, clinic.treating, press_on(fall, CLOSED))
    session.add(AlertRow(**twin.model_dump(exclude={"id"})))
    session.flush()

    states = [each.state for each in list_alerts(session, clinic.treating)]
    assert states == [AlertState.NEW, AlertState.CLOSED]
