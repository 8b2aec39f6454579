"""The log of the hours after a test block: its time, then one pain scale at a time."""

from datetime import datetime

import pandas as pd
import streamlit as st

from charts.block import after_words
from content.placeholders import dialling_link
from content.rendering import value_sentence
from db.engine import reading
from db.events import list_events
from db.patients import own_access
from recovery.access import Actor, Role
from recovery.block_log import BlockLog, Slot, SlotState, block_log
from recovery.errors import DatabaseUnavailable
from recovery.wording import tr
from ui.block_acts import (
    TIME,
    Place,
    is_rating_earlier,
    press,
    save_chosen_time,
    save_earlier,
    save_rating,
    save_time,
    show_said_at,
    take_back,
    take_pressed,
)
from ui.block_scales import ask_pain, chosen_for, forget_saved
from ui.block_view import expected_sentence, relief_sentence
from ui.choice_row import choice_row
from ui.clock import now
from ui.own_record import OwnRecord
from ui.presses import press_button
from ui.procedure import is_test_block, procedure_of
from ui.shell import show_way
from ui.turns import TURNS
from ui.who import require_actor
from ui.words import clock_time

LOOK_AGAIN_SECONDS = 60
"""How often an open page finds out by itself that another rating is due."""

PAIN_MEDICINE = "pain_medicine_hours"
"""What a clinic decides about pain medicine in these hours, in the content of the procedure."""

_NO_BREAK = "\u00a0"


def ask_block_log(record: OwnRecord) -> None:
    """Ask about the block and the hours after it, on its day and until its hours are over."""
    if is_test_block(record.patient.episode.procedure) and _is_due(record, now()):
        _ask_hours(record)
        st.header(tr("Your whole day"), anchor=False)


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _ask_hours(record: OwnRecord) -> None:
    st.header(tr("Your test block"), anchor=False)
    try:
        with TURNS.taken():
            _ask_next(record)
    except DatabaseUnavailable as refusal:
        # A run by the clock has no page around it that would say so.
        st.error(str(refusal))


def _ask_next(record: OwnRecord) -> None:
    if take_pressed():
        # The list of what happened stands elsewhere on the page.
        st.rerun()
    # Runs alone and by the clock, so who is here and what is on record are asked anew.
    actor = require_actor(Role.PATIENT, Role.CARER)
    log, at = _read_log(actor, record), now()
    st.markdown(expected_sentence())
    if log is None:
        _ask_time(record)
        return
    show_said_at(Place.TIME)
    forget_saved(log)
    if log.is_running(at):
        st.markdown(
            tr("Before each rating, do a few things that usually hurt. Then rate only that pain.")
        )
    _ask_open(record, log, at)
    if log.is_running(at):
        _show_medicine(record)
    _ask_earlier(record, log, at)
    _show_slots(record, log, at)
    _offer_to_take_back(actor, record, log)


def _is_due(record: OwnRecord, at: datetime) -> bool:
    if record.pod == 0:
        return True
    if record.pod != 1:
        return False
    # The hours of a block late in the day go on after midnight.
    with reading() as session:
        log = block_log(list_events(session, record.access), None)
    return log is not None and log.is_running(at)


def _read_log(actor: Actor, record: OwnRecord) -> BlockLog | None:
    with reading() as session:
        events = list_events(session, own_access(session, actor))
    return block_log(events, record.patient.episode.baseline_nrs)


def _ask_time(record: OwnRecord) -> None:
    st.markdown(tr("Once the block is done, record its time. The ratings are planned from it."))
    press_button(
        tr("It is done now"),
        press,
        Place.TIME,
        save_time,
        record,
        type="primary",
        width="stretch",
        icon=":material/check_circle:",
        key="block-done-now",
    )
    st.time_input(
        tr("Or: what time was your block today?"),
        value=None,
        step=300,
        format="localized",
        key=TIME,
    )
    press_button(
        tr("Save this time"), press, Place.TIME, save_chosen_time, record, key="block-time-save"
    )
    show_said_at(Place.TIME, Place.BACK)
    if record.patient.episode.baseline_nrs is None:
        st.markdown(
            tr("Before the block, add a pain reading below, so that the two can be compared.")
        )


def _ask_open(record: OwnRecord, log: BlockLog, at: datetime) -> None:
    slot, zone_name = log.open_slot(at), record.patient.time_zone
    if slot is not None and slot.reading is None:
        clock = clock_time(slot.planned_at, zone_name)
        ask_pain(tr("Rate your pain now, for {clock}", clock=clock), log, slot)
        press_button(
            tr("Save this rating"),
            press,
            Place.RATING,
            save_rating,
            record,
            log,
            slot,
            type="primary",
            width="stretch",
            key="block-rating-save",
        )
    show_said_at(Place.RATING)
    coming = log.next_slot(at)
    if coming is not None:
        clock = clock_time(coming.planned_at, zone_name)
        st.markdown(
            tr(
                "Next rating: {clock}, {time} after the block.",
                clock=clock,
                time=after_words(coming.minutes),
            )
        )
    elif slot is None or slot.reading is not None:
        thanks = tr("The planned ratings are over. Thank you.")
        st.markdown(f"{thanks} {relief_sentence(log)}")
        show_way("patient/progress.py", tr("See these hours"), ":material/show_chart:", key="block")


def _ask_earlier(record: OwnRecord, log: BlockLog, at: datetime) -> None:
    zone_name = record.patient.time_zone
    missing = {each.minutes: each for each in reversed(log.missing(at))}
    if not missing or at >= log.open_until(zone_name):
        show_said_at(Place.EARLIER)
        return
    unsaved = [key for key, each in missing.items() if chosen_for(log, each) is not None]
    is_open = bool(unsaved) or is_rating_earlier()
    with st.expander(tr("Rate an earlier time"), icon=":material/history:", expanded=is_open):
        st.markdown(tr("If you remember your pain then, you can rate it until the day is over."))
        words = {key: clock_time(each.planned_at, zone_name) for key, each in missing.items()}
        newest = next(iter(missing))
        # Chosen anew when another time has passed: first comes what was not saved.
        chosen = choice_row(
            words,
            key=f"block-earlier-{log.done.event_id}-{newest}",
            default=next(iter(unsaved), newest),
        )
        slot = missing[chosen]
        clock = words[slot.minutes]
        ask_pain(tr("Your pain at {clock}", clock=clock), log, slot)
        press_button(
            tr("Save the rating for {clock}", clock=clock),
            press,
            Place.EARLIER,
            save_earlier,
            record,
            log,
            slot,
            key="block-earlier-save",
        )
        show_said_at(Place.EARLIER)


def _show_medicine(record: OwnRecord) -> None:
    """Say what the clinic decided about pain medicine, or to ask, beside what leaflets say."""
    procedure = procedure_of(record.patient.episode.procedure)
    value = procedure.value(PAIN_MEDICINE)
    if value is None:
        st.markdown(tr("Ask your clinic when you may take pain medicine."))
    else:
        st.markdown(value_sentence(value, record.advice.get(value.id)))
    clinic = dialling_link(record.settings.phone) if record.settings.phone else tr("your clinic")
    st.markdown(tr("Is the pain too strong? Call {clinic} and ask.", clinic=clinic))


def _show_slots(record: OwnRecord, log: BlockLog, at: datetime) -> None:
    zone_name = record.patient.time_zone
    states = {
        SlotState.MISSING: tr("not rated"),
        SlotState.OPEN: tr("now"),
        SlotState.COMING: tr("not yet"),
    }
    rows = [
        (
            clock_time(slot.planned_at, zone_name).replace(" ", _NO_BREAK),
            after_words(slot.minutes),
            states.get(slot.state(at)) or tr("{nrs} of 10", nrs=_nrs(slot)),
        )
        for slot in log.slots
    ]
    titles = [tr("Time"), tr("After the block"), tr("Pain")]
    table = pd.DataFrame(rows, columns=titles)
    st.table(table, hide_index=True, alt=tr("The times to rate your pain"))


def _offer_to_take_back(actor: Actor, record: OwnRecord, log: BlockLog) -> None:
    zone_name = record.patient.time_zone
    done = tr("The block was at {clock}.", clock=clock_time(log.done_at, zone_name))
    offered = [(log.done, done, tr("Take back the time"))]
    if log.readings:
        last = max(log.readings, key=lambda each: each.recorded_at or each.occurred_at)
        planned = (slot.planned_at for slot in log.slots if slot.reading == last)
        clock = clock_time(next(planned, last.occurred_at), zone_name)
        said = tr("Saved last: {nrs} of 10, for {clock}.", nrs=last.pain_nrs, clock=clock)
        offered.append((last, said, tr("Take back the rating")))
    show_said_at(Place.BACK)
    for event, said, label in offered:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said)
            # A carer takes back only what they entered themselves.
            if event.event_id is None or (
                record.access.is_proxy and event.recorded_by != actor.account_id
            ):
                continue
            press_button(
                label,
                press,
                Place.BACK,
                take_back,
                event.event_id,
                key=f"block-withdraw-{event.event_id}",
            )


def _nrs(slot: Slot) -> int | None:
    return None if slot.reading is None else slot.reading.pain_nrs
