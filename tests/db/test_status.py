"""The review row of an episode against a replay of everything that was entered."""

from datetime import date, timedelta
from random import Random
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from db.demo import fill_demo
from db.engine import Database, reading
from db.models import (
    NEVER,
    NO_PAIN_YET,
    DailyReportRow,
    EpisodeStatusRow,
    EventRow,
)
from db.status import LOOKED_AT, apply_event, apply_report
from recovery.days import today_in
from recovery.reports import DailyReport, EventKind
from recovery.review import days_logged
from tests.factories import TODAY

START = date(2026, 9, 1)
reports = st.builds(
    lambda back, worst, signs: DailyReport(
        day=START + timedelta(days=back),
        worst_pain_nrs=worst,
        average_pain_nrs=0,
        warning_signs=frozenset({"fever"}) if signs else None,
    ),
    st.integers(0, 60),
    st.integers(0, 10),
    st.booleans(),
)
reasons = st.tuples(
    st.sampled_from([EventKind.FALL, EventKind.SUDDEN_PAIN]),
    st.integers(0, 60).map(lambda back: START + timedelta(days=back)),
)
entries = st.lists(reports | reasons, max_size=40)


def _row() -> EpisodeStatusRow:
    return EpisodeStatusRow(
        clinic_id=uuid4(),
        episode_id=uuid4(),
        patient_id=uuid4(),
        name="Rowan Elm",
        sort_name="rowan elm",
        time_zone="UTC",
        procedure="kyphoplasty",
        procedure_date=START,
    )


def _apply(row: EpisodeStatusRow, entry: DailyReport | tuple[EventKind, date]) -> None:
    if isinstance(entry, DailyReport):
        apply_report(row, entry)
    else:
        apply_event(row, *entry)


@given(entries)
def test_the_row_is_what_a_replay_of_all_entries_gives(
    entered: list[DailyReport | tuple[EventKind, date]],
) -> None:
    """Late entries, corrections and events in any order give what a plain look at all gives."""
    row, current = _row(), {}
    for entry in entered:
        _apply(row, entry)
        if isinstance(entry, DailyReport):
            current[entry.day] = entry

    newest = max(current, default=NEVER)
    assert row.last_day == newest
    assert row.last_worst_pain_nrs == (current[newest].worst_pain_nrs if current else NO_PAIN_YET)
    week = {newest - timedelta(days=back) for back in range(7)} if current else set()
    logged = days_logged(row.logged_mask, last_day=row.last_day, today=row.last_day)
    assert logged == len(week & set(current))
    warned = [each.day for each in entered if isinstance(each, DailyReport) and each.warning_signs]
    happened = [(day, kind) for kind, day in (each for each in entered if isinstance(each, tuple))]
    assert row.warning_day == max(warned, default=NEVER)
    assert row.event_day == max((day for day, _ in happened), default=NEVER)
    last_kinds = {kind for day, kind in happened if day == row.event_day}
    gravest = EventKind.SUDDEN_PAIN if EventKind.SUDDEN_PAIN in last_kinds else EventKind.FALL
    assert row.event == (gravest if happened else None)
    assert row.attention_day == max(row.warning_day, row.event_day)


def test_a_newer_fall_does_not_hide_a_warning_sign() -> None:
    """Both stand on the review row, whichever came first."""
    row = _row()
    signs = frozenset({"bladder"})
    apply_report(
        row, DailyReport(day=START, worst_pain_nrs=1, average_pain_nrs=1, warning_signs=signs)
    )
    apply_event(row, EventKind.FALL, START + timedelta(days=1))

    assert row.warning_day == START
    assert (row.event, row.event_day) == (EventKind.FALL, START + timedelta(days=1))


def test_the_demos_review_rows_are_what_its_entries_give(database: Database) -> None:
    """Replayed from the tables in another order, every row comes out the same."""
    fill_demo(database, TODAY)
    kept = ["last_day", "last_worst_pain_nrs", "logged_mask"]
    kept += ["warning_day", "event", "event_day", "attention_day"]
    with reading(database) as session:
        rows = {row.episode_id: row for row in session.exec(select(EpisodeStatusRow))}
        replayed = {key: _row() for key in rows}
        stored = list(session.exec(select(DailyReportRow).order_by(col(DailyReportRow.day))))
        Random(1).shuffle(stored)
        for report in stored:
            signs = None if report.warning_signs is None else frozenset(report.warning_signs)
            apply_report(
                replayed[report.episode_id],
                DailyReport(
                    day=report.day,
                    worst_pain_nrs=report.worst_pain_nrs,
                    average_pain_nrs=report.average_pain_nrs,
                    warning_signs=signs,
                ),
            )
        for event in session.exec(select(EventRow)):
            day = today_in(rows[event.episode_id].time_zone, event.occurred_at)
            if event.kind in LOOKED_AT:
                apply_event(replayed[event.episode_id], event.kind, day)

        for key, row in rows.items():
            assert [getattr(row, name) for name in kept] == [
                getattr(replayed[key], name) for name in kept
            ]
