"""Events at any hour: refused outside the window, stored once, taken back on record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from db.engine import Database, reading, writing
from db.events import add_event, list_events, withdraw_event
from db.models import NEVER, EpisodeStatusRow, EventRow
from db.reports import save_report
from recovery.access import PatientAccess
from recovery.errors import AccessDenied, InvalidEntry
from recovery.reports import Event, EventKind
from tests.db.acts import acts, all_at_once
from tests.factories import NOW, PROCEDURE_DATE, TODAY, make_patient, saving
from tests.small_clinic import SmallClinic

WARNED = "warned"
HOUR_AGO = NOW - timedelta(hours=1)
FALL = Event(kind=EventKind.FALL, occurred_at=HOUR_AGO, pain_nrs=7, note="'; -- \U0001f9b4 =1+1")


def _add(session: Session, access: PatientAccess, event: Event) -> Event:
    add_event(session, access, event, idempotency_key=uuid4(), now=NOW)
    return list_events(session, access)[-1]


def _attention(session: Session, access: PatientAccess) -> tuple[object, object]:
    session.flush()
    row = session.exec(
        select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == access.patient_id)
    ).one()
    if row.warning_day != NEVER and row.warning_day >= row.event_day:
        return WARNED, row.warning_day
    return row.event, row.attention_day


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
    assert _attention(session, clinic.own)[0] is None
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
    assert _attention(session, clinic.own) == (EventKind.FALL, TODAY)
    assert acts(session) == {"event.recorded": 1}


def test_a_pain_reading_asks_for_no_look(session: Session, clinic: SmallClinic) -> None:
    """An extra number is a number."""
    _add(session, clinic.own, Event(kind=EventKind.PAIN_READING, occurred_at=NOW, pain_nrs=9))

    assert _attention(session, clinic.own)[0] is None


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
    """The newest reason that still stands is shown, at last none."""
    yesterday = HOUR_AGO - timedelta(days=1)
    pain = Event(kind=EventKind.SUDDEN_PAIN, occurred_at=yesterday)
    pain_id = _add(session, clinic.own, pain).event_id
    fall_id = _add(session, clinic.own, FALL).event_id
    assert pain_id is not None
    assert fall_id is not None

    withdraw_event(session, clinic.own, fall_id, NOW)
    assert _attention(session, clinic.own) == (EventKind.SUDDEN_PAIN, TODAY - timedelta(days=1))
    withdraw_event(session, clinic.own, pain_id, NOW)
    assert _attention(session, clinic.own)[0] is None


def test_a_ticked_sign_is_not_lost_by_taking_back_an_event(
    session: Session, clinic: SmallClinic
) -> None:
    """Also not when the sign was corrected away: the clinician still sees that it was there."""
    save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    save_report(session, clinic.own, saving(warning_signs=frozenset(), expected_version=1))
    assert _attention(session, clinic.own) == (WARNED, TODAY)
    event_id = _add(session, clinic.own, FALL).event_id
    assert event_id is not None
    assert _attention(session, clinic.own) == (WARNED, TODAY)

    withdraw_event(session, clinic.own, event_id, NOW)

    assert _attention(session, clinic.own) == (WARNED, TODAY)


def test_days_of_events_follow_the_persons_clock(session: Session, clinic: SmallClinic) -> None:
    """An evening in New York is the next day in London, and counts for its own day."""
    evening = NOW.replace(hour=3)

    _add(session, clinic.own, Event(kind=EventKind.FALL, occurred_at=evening))

    assert _attention(session, clinic.own)[1] == TODAY - timedelta(days=1)
    assert TODAY > PROCEDURE_DATE
