"""The hours after a test block as they were rated: a sentence, the chart, the table."""

from functools import partial

import pandas as pd
import streamlit as st

from charts.block import after_words, block_chart, block_frame
from db.engine import reading
from db.events import list_events
from recovery.block_log import LAST_ASKED_DAY, BlockLog, block_log
from recovery.wording import tr, trn
from ui.chart import show_chart
from ui.clock import now
from ui.own_record import OwnRecord
from ui.procedure import is_test_block
from ui.recovery_view import Recovery
from ui.words import clock_time


def show_block(recovery: Recovery) -> None:
    """Show a patient or carer the hours after the block; nothing for other procedures."""
    if recovery.block is None:
        return
    st.header(tr("The hours after your block"), anchor=False)
    _show_hours(recovery, recovery.block, relief_sentence(recovery.block))
    st.markdown(expected_sentence())


def show_block_to_staff(recovery: Recovery) -> None:
    """Show the hours after the block in numbers, without a verdict; nothing for others."""
    if not is_test_block(recovery.episode.procedure):
        return
    st.header("The hours after the block", anchor=False)
    if recovery.block is None:
        st.markdown("The time of the block is not on record, so there is no chart of its hours.")
        return
    _show_hours(recovery, recovery.block, _staff_sentence(recovery.block))


def is_asked(record: OwnRecord) -> bool:
    """Tell whether today is still asked for; after a test block it is for two weeks."""
    is_block = is_test_block(record.patient.episode.procedure)
    return not is_block or record.pod <= LAST_ASKED_DAY


def show_block_note(record: OwnRecord) -> None:
    """Tell on Home that a test block is rated by the hour, and thank after its two weeks."""
    if not is_asked(record):
        st.markdown(
            tr(
                "The two weeks after your block are over. Thank you for your answers. "
                "You are not asked any more, and you can still log a day."
            )
        )
    elif record.pod == 0 and is_test_block(record.patient.episode.procedure):
        st.markdown(_hours_note(record))


def _hours_note(record: OwnRecord) -> str:
    with reading() as session:
        log = block_log(list_events(session, record.access), None)
    if log is None:
        return tr("Today you rate your pain by the hour. Start as soon as the block is done.")
    if log.open_slot(now()) is not None:
        return tr("You can rate your pain now, under Today.")
    coming = log.next_slot(now())
    if coming is None:
        return tr("The hours of your block are over. Thank you for your ratings.")
    clock = clock_time(coming.planned_at, record.patient.time_zone)
    return tr("Next rating, under Today: {clock}", clock=clock)


def relief_sentence(log: BlockLog) -> str:
    """Say how low pain was at its lowest, beside the pain before; no verdict."""
    lowest, points = log.lowest, log.relief_points
    if lowest is None:
        return tr("No rating after the block is on record.")
    minutes = round((lowest.occurred_at - log.done_at).total_seconds() / 60)
    parts = [
        tr(
            "The lowest pain after the block was {nrs} of 10, {time} after it.",
            nrs=lowest.pain_nrs,
            time=after_words(minutes),
        ),
        _difference(log, points),
        tr("Rated {rated} of {planned} times.", rated=len(log.rated), planned=len(log.slots)),
    ]
    return " ".join(parts)


def expected_sentence() -> str:
    """Say that pain which comes back is what a test block expects."""
    return tr(
        "The block is a test, and its medicine wears off after some hours. "
        "Pain coming back is what is expected."
    )


def _difference(log: BlockLog, points: int | None) -> str:
    if points is None:
        return tr("The pain before it is not on record.")
    if points <= 0:
        return tr("Before it, pain was {nrs} of 10, and no rating was lower.", nrs=log.before_nrs)
    return trn(
        "Before it, pain was {nrs} of 10: that is {count} point less.",
        "Before it, pain was {nrs} of 10: that is {count} points less.",
        points,
        nrs=log.before_nrs,
    )


def _staff_sentence(log: BlockLog) -> str:
    said, share = relief_sentence(log), log.relief_share
    whence = "entered before the block" if log.before else "from enrolment"
    before = "" if log.before_nrs is None else f" The pain before is {whence}."
    if share is None or share <= 0:
        return f"{said}{before}"
    return f"{said} At best, {round(100 * share)} % less than before.{before}"


def _show_hours(recovery: Recovery, log: BlockLog, said: str) -> None:
    zone_name = recovery.patient.time_zone
    done = tr("The block was at {clock}.", clock=clock_time(log.done_at, zone_name))
    st.markdown(f"{done} {said}")
    if not log.readings:
        return
    ratings = block_frame(log, partial(clock_time, zone_name=zone_name))
    chart = block_chart(ratings, log.before_nrs, dark=st.context.theme.type == "dark")
    show_chart(chart, tr("Pain by hours after the block. {said}", said=said))
    fold = st.expander(tr("These hours as a table"), on_change="rerun", key="table-block")
    if not fold.open:
        return
    with fold:
        st.table(_table(log, ratings, zone_name), hide_index=True, alt=tr("These hours as a table"))


def _table(log: BlockLog, ratings: pd.DataFrame, zone_name: str) -> pd.DataFrame:
    """Return the ratings and the planned ones that are missing, in the order of their times."""
    rows = [
        (int(row["minutes"]), str(row["when"]), str(row["pain_nrs"]), str(row["entry"]))
        for _, row in ratings.iterrows()
    ]
    for slot in log.missing(now()):
        when = tr(
            "{clock}, {time} after",
            clock=clock_time(slot.planned_at, zone_name),
            time=after_words(slot.minutes),
        )
        rows.append((slot.minutes, when, tr("not rated"), ""))
    titles = [tr("When"), tr("Pain, 0 to 10"), tr("Entered")]
    return pd.DataFrame([row[1:] for row in sorted(rows)], columns=titles)
