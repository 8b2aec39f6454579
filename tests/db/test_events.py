"""Events at any hour: refused outside the window, stored once, taken back on record."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from db.alerts import list_alerts
from db.engine import Database, reading, writing
from db.events import add_event, list_events, withdraw_event
from db.models import AlertRow, EventRow
from recovery.access import PatientAccess
from recovery.errors import AccessDenied, InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.reports import Event, EventKind
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, PROCEDURE_DATE, TODAY, make_patient
from tests.small_clinic import SmallClinic

HOUR_AGO = NOW - timedelta(hours=1)
FALL = Event(kind=EventKind.FALL, occurred_at=HOUR_AGO, pain_nrs=7, note="'; -- \U0001f9b4 =1+1")


def _add(session: Session, access: PatientAccess, event: Event) -> Event:
    add_event(session, access, event, idempotency_key=uuid4(), now=NOW)
    return list_events(session, access)[-1]


def _standing(session: Session, access: PatientAccess) -> dict[ReasonKind, date]:
    """Return the open alerts whose record still stands, with their newest days."""
    session.flush()
    rows = session.exec(select(AlertRow).where(AlertRow.patient_id == access.patient_id))
    return {row.kind: row.last_day for row in rows if row.holds}


OUTSIDE = {
    timedelta(minutes=-6): "not come yet",
    timedelta(days=-400): "not come yet",
    timedelta(days=3): "too long ago",
    timedelta(days=30): "before the procedure",
}


def test_an_event_outside_the_window_is_refused(session: Session, clinic: SmallClinic) -> None:
    """Nothing is stored, and nobody is alerted by it."""
    for before, words in OUTSIDE.items():
        with pytest.raises(InvalidEntry, match=words):
            _add(session, clinic.own, Event(kind=EventKind.FALL, occurred_at=NOW - before))

    assert list_events(session, clinic.own) == []
    assert _standing(session, clinic.own) == {}
    assert not acts(session)


def test_an_event_tells_when_it_was_entered(session: Session, clinic: SmallClinic) -> None:
    """Beside the time it is about, so that what was entered from memory can be told apart."""
    stored = _add(session, clinic.own, FALL)

    assert (stored.occurred_at, stored.recorded_at) == (HOUR_AGO, NOW)


def test_an_event_on_the_eve_of_the_procedure_is_refused(
    session: Session, clinic: SmallClinic
) -> None:
    """The day is that of the person's own clock, not of the server's."""
    fresh = make_patient(session, clinic.clinician, procedure_date=TODAY)
    # 4 in the morning in London is still the evening before in New York.
    eve = Event(kind=EventKind.FALL, occurred_at=NOW.replace(hour=4))

    with pytest.raises(InvalidEntry, match="before the procedure"):
        _add(session, fresh, eve)
    _add(session, fresh, Event(kind=EventKind.FALL, occurred_at=NOW.replace(hour=6)))
    assert len(list_events(session, fresh)) == 1


def test_a_clock_may_go_five_minutes_fast(session: Session, clinic: SmallClinic) -> None:
    """Telephones and servers differ a little."""
    soon = Event(kind=EventKind.PAIN_READING, occurred_at=NOW + timedelta(minutes=5), pain_nrs=0)

    assert _add(session, clinic.own, soon).occurred_at == soon.occurred_at


def test_an_event_is_kept_whole_and_noticed(session: Session, clinic: SmallClinic) -> None:
    """It comes back as entered, stands on the review list, and is in the audit."""
    stored = _add(session, clinic.own, FALL)

    assert (stored.kind, stored.occurred_at, stored.pain_nrs) == (FALL.kind, HOUR_AGO, 7)
    assert (stored.note, stored.is_withdrawn) == (FALL.note, False)
    assert _standing(session, clinic.own) == {ReasonKind.FALL: TODAY}
    assert acts(session) == {"event.recorded": 1}


def test_a_pain_reading_asks_for_no_look(session: Session, clinic: SmallClinic) -> None:
    """An extra number is a number."""
    _add(session, clinic.own, Event(kind=EventKind.PAIN_READING, occurred_at=NOW, pain_nrs=9))

    assert _standing(session, clinic.own) == {}


def test_any_number_of_events_a_day_are_listed_in_order(
    session: Session, clinic: SmallClinic
) -> None:
    """Oldest first, however they were entered."""
    for hours in (1, 3, 2):
        at = NOW - timedelta(hours=hours)
        _add(session, clinic.own, Event(kind=EventKind.SUDDEN_PAIN, occurred_at=at))

    times = [event.occurred_at for event in list_events(session, clinic.own)]
    assert times == sorted(times)
    assert len(times) == 3


def test_twenty_equal_presses_at_once_store_one_event(
    database: Database, clinic: SmallClinic
) -> None:
    """A double click, also one split over two server processes, records one fall."""
    key = uuid4()

    def add(_which: int) -> None:
        with writing(database) as session:
            add_event(session, clinic.own, FALL, idempotency_key=key, now=NOW)

    assert all_at_once(add) == [None] * 20
    with reading(database) as session:
        assert len(list_events(session, clinic.own)) == 1
        assert acts(session) == {"event.recorded": 1}


def test_only_the_own_events_can_be_taken_back(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Another clinic's, another patient's and a made-up one are refused alike."""
    neighbour = make_patient(session, clinic.clinician)
    ids = [_add(session, access, FALL).event_id for access in (other_clinic.own, neighbour)]

    for event_id in (*ids, uuid4()):
        assert event_id is not None
        with pytest.raises(AccessDenied):
            withdraw_event(session, clinic.own, event_id, NOW)

    assert all(row.withdrawn_at is None for row in session.exec(select(EventRow)))


def test_an_event_taken_back_stays_on_record(session: Session, clinic: SmallClinic) -> None:
    """With who took it back and when; a second press changes nothing."""
    event_id = _add(session, clinic.own, FALL).event_id
    assert event_id is not None

    withdraw_event(session, clinic.own, event_id, NOW)
    withdraw_event(session, clinic.treating, event_id, NOW + timedelta(hours=1))

    [event] = list_events(session, clinic.own)
    row = session.get_one(EventRow, (clinic.clinic_id, event_id))
    assert event.is_withdrawn
    assert (row.withdrawn_at, row.withdrawn_by) == (NOW, clinic.patient.account_id)
    assert acts(session) == {"event.recorded": 1, "event.withdrawn": 1}


def test_taking_back_leaves_the_other_reasons_to_look(
    session: Session, clinic: SmallClinic
) -> None:
    """What was not taken back still stands; the alerts stay for the clinician either way."""
    yesterday = HOUR_AGO - timedelta(days=1)
    pain = Event(kind=EventKind.SUDDEN_PAIN, occurred_at=yesterday)
    pain_id = _add(session, clinic.own, pain).event_id
    fall_id = _add(session, clinic.own, FALL).event_id
    assert pain_id is not None
    assert fall_id is not None

    withdraw_event(session, clinic.own, fall_id, NOW)
    assert _standing(session, clinic.own) == {ReasonKind.SUDDEN_PAIN: TODAY - timedelta(days=1)}
    withdraw_event(session, clinic.own, pain_id, NOW)
    assert _standing(session, clinic.own) == {}
    assert {each.reason.kind for each in list_alerts(session, clinic.treating)} == {
        ReasonKind.SUDDEN_PAIN,
        ReasonKind.FALL,
    }


def test_one_of_two_falls_of_a_day_taken_back_leaves_the_alert(
    session: Session, clinic: SmallClinic
) -> None:
    """A second record of the same day still says so."""
    first = _add(session, clinic.own, FALL).event_id
    _add(session, clinic.own, FALL)
    assert first is not None

    withdraw_event(session, clinic.own, first, NOW)

    assert _standing(session, clinic.own) == {ReasonKind.FALL: TODAY}


def test_days_of_events_follow_the_persons_clock(session: Session, clinic: SmallClinic) -> None:
    """An evening in New York is the next day in London, and counts for its own day."""
    evening = NOW.replace(hour=3)

    _add(session, clinic.own, Event(kind=EventKind.FALL, occurred_at=evening))

    assert _standing(session, clinic.own) == {ReasonKind.FALL: TODAY - timedelta(days=1)}
    assert TODAY > PROCEDURE_DATE
