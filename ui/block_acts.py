"""What is pressed in the hours after a test block: its time, a rating, one taken back."""

from collections.abc import Callable
from datetime import datetime, time
from enum import StrEnum, auto
from uuid import UUID

import streamlit as st

from db.engine import Session
from db.events import add_event, withdraw_event
from db.patients import own_access
from recovery.access import Role
from recovery.block_log import BlockLog, Slot
from recovery.errors import InvalidEntry, RecoveryError
from recovery.reports import Event, EventKind
from recovery.wording import tr
from ui.acts import run_act, say_next, show_said
from ui.block_scales import pain_of
from ui.clock import now, today_at
from ui.own_record import OwnRecord
from ui.presses import end_presses, press_key
from ui.who import present_actor
from ui.words import clock_time

TIME = "block-time"
"""Key of the field for the time of the block."""

_EARLIER, _PRESSED, _PLACE = "block-earlier-open", "block-pressed", "block-place"


class Place(StrEnum):
    """Where somebody pressed, and where it is said what came of it: these hours are long."""

    TIME = auto()
    RATING = auto()
    EARLIER = auto()
    BACK = auto()


def press(place: Place, work: Callable[..., None], *about: object) -> None:
    """Do what was pressed before the page is drawn."""
    st.session_state[_PRESSED], st.session_state[_PLACE] = True, place
    work(*about)


def take_pressed() -> bool:
    """Tell whether something was pressed since it was asked last."""
    return bool(st.session_state.pop(_PRESSED, False))


def is_rating_earlier() -> bool:
    """Tell whether an earlier time was rated: whoever does often rates the next one too."""
    return bool(st.session_state.get(_EARLIER, False))


def show_said_at(*places: Place) -> None:
    """Show what came of the last press where it was pressed, or where that button has gone."""
    if st.session_state.get(_PLACE) in places:
        show_said()


def take_back(event_id: UUID) -> None:
    """Take back the time of the block, or a rating."""
    at = now()
    # What was taken back may be entered again at once.
    end_presses("block-")

    def act(session: Session) -> str:
        access = own_access(session, present_actor(Role.PATIENT, Role.CARER))
        withdraw_event(session, access, event_id, at)
        return tr("Taken back. It stays on record as a mistake.")

    run_act(act)


def save_earlier(record: OwnRecord, log: BlockLog, slot: Slot) -> None:
    """Keep the rating of a time that has passed, and leave what asks for them open."""
    st.session_state[_EARLIER] = True
    save_rating(record, log, slot)


def save_rating(record: OwnRecord, log: BlockLog, slot: Slot) -> None:
    """Keep the number that stands on the scale of *slot*."""
    at, zone_name, nrs = now(), record.patient.time_zone, pain_of(log, slot)
    is_open = slot.opens_at <= at < slot.closes_at
    try:
        log.check_ratable(slot, zone_name, at)
        event = Event(
            kind=EventKind.PAIN_READING,
            occurred_at=at if is_open else slot.planned_at,
            pain_nrs=nrs,
        )
    except RecoveryError as refusal:
        say_next(refusal)
        return
    clock = clock_time(slot.planned_at, zone_name)
    said = tr("Saved: pain {nrs} of 10 for {clock}.", nrs=nrs, clock=clock)
    # Another number or planned time is another entry, however soon after.
    _save(event, f"block-{log.done.event_id}-{slot.minutes}-{nrs}", said)


def save_chosen_time(record: OwnRecord) -> None:
    """Record the block at the time of today that was chosen."""
    chosen: time | None = st.session_state.get(TIME)
    if chosen is None:
        say_next(InvalidEntry(tr("Choose the time of your block.")))
    else:
        save_time(record, today_at(chosen, record.patient.time_zone))


def save_time(record: OwnRecord, at: datetime | None = None) -> None:
    """Record the block at an instant (UTC); now unless given."""
    at = at or now()
    clock = clock_time(at, record.patient.time_zone)
    event = Event(kind=EventKind.PROCEDURE_DONE, occurred_at=at)
    _save(event, f"block-done-{clock}", tr("Saved: the block was at {clock}.", clock=clock))


def _save(event: Event, press: str, said: str) -> None:
    at = now()
    key = press_key(press, at)

    def act(session: Session) -> str:
        access = own_access(session, present_actor(Role.PATIENT, Role.CARER))
        add_event(session, access, event, idempotency_key=key, now=at)
        return said

    run_act(act)
