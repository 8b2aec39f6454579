"""Events at any hour: one press records one."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from content.placeholders import dialling_link, fill
from db.engine import act, reading
from db.events import add_event, list_events, withdraw_event
from db.patients import own_access
from recovery.access import Actor
from recovery.days import LATE_WINDOW_DAYS, today_in
from recovery.errors import RecoveryError
from recovery.reports import Event, EventKind
from recovery.wording import tr
from ui.clock import now, today_at
from ui.own_record import OwnRecord
from ui.pain_scale import pain_scale
from ui.presses import press_key
from ui.procedure import procedure_of
from ui.words import EVENT_WORDS, clock_time, relative_day

_REFUSAL = "event-refusal"
_TAKEN_BACK = "event-taken-back"
_PRESSES = {
    EventKind.SUDDEN_PAIN: ":material/bolt:",
    EventKind.FALL: ":material/falling:",
}


def ask_events(actor: Actor, record: OwnRecord) -> None:
    """Offer the events, record what is pressed, and list the last days' with a way back."""
    st.header(tr("Did something happen?"), anchor=False)
    st.markdown(tr("One press records it with the time. You can do this at any hour."))
    slot = st.container()
    if refusal := st.session_state.pop(_REFUSAL, None):
        slot.error(refusal)
    if st.session_state.pop(_TAKEN_BACK, False):
        slot.success(tr("Taken back. It stays on record as a mistake."))
    with st.container(horizontal=True):
        for kind, icon in _PRESSES.items():
            if st.button(tr(EVENT_WORDS[kind]), icon=icon, key=f"event-{kind}"):
                _record(slot, actor, record, Event(kind=kind, occurred_at=now()))
    with st.expander(tr("Add a pain reading"), icon=":material/speed:"):
        _ask_reading(slot, actor, record)
    with reading() as session:
        events = list_events(session, record.access)
    _list_recent(actor, record, events)


def _ask_reading(slot: DeltaGenerator, actor: Actor, record: OwnRecord) -> None:
    nrs = pain_scale(tr("Your pain at that time"), key="event-pain")
    at = st.time_input(
        tr("At what time today? Leave it empty for now."),
        value=None,
        format="localized",
        key="event-time",
    )
    if not st.button(tr("Record this reading"), key="event-reading"):
        return
    try:
        occurred_at = now() if at is None else today_at(at, record.patient.time_zone)
        reading = Event(kind=EventKind.PAIN_READING, occurred_at=occurred_at, pain_nrs=nrs)
    except RecoveryError as refusal:
        slot.error(str(refusal))
        return
    _record(slot, actor, record, reading)


def _record(slot: DeltaGenerator, actor: Actor, record: OwnRecord, event: Event) -> None:
    at = now()
    # Another number is another reading, however soon after.
    key = press_key(f"event-{event.kind}-{event.pain_nrs}", at)
    try:
        act(
            lambda session: add_event(
                session, own_access(session, actor), event, idempotency_key=key, now=at
            ),
            is_keyed=True,
        )
    except RecoveryError as refusal:
        slot.error(str(refusal))
        return
    said = clock_time(event.occurred_at, record.patient.time_zone)
    slot.success(
        tr("Recorded at {time}: {what}.", time=said, what=tr(EVENT_WORDS[event.kind]).lower())
    )
    if event.kind is not EventKind.PAIN_READING:
        slot.warning(_advice(event.kind, record), icon=":material/call:")


def _advice(kind: EventKind, record: OwnRecord) -> str:
    numbers = (
        dialling_link(record.settings.emergency_number),
        dialling_link(record.settings.phone),
    )
    sign = procedure_of(record.patient.episode.procedure).sudden_pain_sign
    if sign is None:
        what_to_do = fill(tr("Call {clinic_phone} today."), *numbers)
    else:
        what_to_do = sign.advice(*numbers)
    if kind is EventKind.SUDDEN_PAIN:
        return what_to_do
    return tr("If it hurts more, or in a new place: {what_to_do}", what_to_do=what_to_do)


def _list_recent(actor: Actor, record: OwnRecord, events: Sequence[Event]) -> None:
    zone_name = record.patient.time_zone
    for event in events:
        day = today_in(zone_name, event.occurred_at)
        if event.is_withdrawn or (record.today - day).days > LATE_WINDOW_DAYS:
            continue
        what = tr(EVENT_WORDS[event.kind])
        if event.pain_nrs is not None:
            what = tr("{event}, pain {nrs} of 10", event=what, nrs=event.pain_nrs)
        with st.container(horizontal=True, vertical_alignment="center"):
            at = f"{relative_day(day, record.today)}, {clock_time(event.occurred_at, zone_name)}"
            st.markdown(f"{at}: {what}")
            if record.access.is_proxy and event.recorded_by != actor.account_id:
                continue
            st.button(
                tr("Take back"),
                key=f"withdraw-{event.event_id}",
                help=tr("For a press by mistake. It stays on record as taken back."),
                on_click=_withdraw,
                args=(actor, event.event_id),
            )


def _withdraw(actor: Actor, event_id: UUID) -> None:
    try:
        at = now()
        act(
            lambda session: withdraw_event(session, own_access(session, actor), event_id, at),
            is_keyed=True,
        )
    except RecoveryError as refusal:
        st.session_state[_REFUSAL] = str(refusal)
        return
    st.session_state[_TAKEN_BACK] = True
