"""Who the open chart is about, in one line, and what happened, newest first."""

import pandas as pd
import streamlit as st

from db.reports import PastAnswers
from recovery.days import today_in
from recovery.episodes import BracePlan, age_on
from recovery.reports import DailyReport, StoredReport
from ui.answers import answer_lines, sign_words
from ui.plain_text import plain
from ui.procedure import procedure_of
from ui.recovery_view import Drawing, Recovery
from ui.words import (
    ACTIVITY_WORDS,
    EVENT_WORDS,
    MEDICINE_WORDS,
    NOT_ANSWERED,
    clock_time,
    count_of,
    dated,
    plain_number,
    short_day,
)

NEWEST_DAYS = 14
"""How many logged days stand open; the rest is a fold."""


def show_header(recovery: Recovery) -> None:
    """Show name, age, procedure, levels, day, baseline and brace plan."""
    patient, episode = recovery.patient, recovery.patient.episode
    st.title(plain(patient.name), anchor=False)
    plan = episode.brace_plan
    brace = "no brace"
    if plan is not None:
        until = f" to {short_day(plan.to_date)}" if plan.to_date else ""
        hours = plain_number(plan.hours_per_day)
        brace = f"brace {hours} h a day from {short_day(plan.from_date)}{until}"
    before = "not known" if episode.baseline_nrs is None else f"{episode.baseline_nrs} of 10"
    facts = [
        f"{age_on(patient.date_of_birth, recovery.today)} years",
        f"{procedure_of(episode.procedure).name} {dated(episode.procedure_date)}",
        " ".join(episode.treated_levels) or "levels not recorded",
        f"day {recovery.pod}",
        f"pain before: {before}",
        brace,
    ]
    st.markdown(" · ".join(facts))


def show_day_detail(drawing: Drawing) -> None:
    """Show the logged days of the chosen range with all their answers, newest first, old ones folded."""
    shown = set(drawing.reports["day"])
    plan = drawing.recovery.episode.brace_plan
    logged = [
        each for each in reversed(drawing.recovery.reports) if each.report.day.isoformat() in shown
    ]
    if not logged:
        st.markdown("Nothing is logged on these days.")
        return
    _draw_days(logged[:NEWEST_DAYS], plan, "Logged days")
    earlier = logged[NEWEST_DAYS:]
    if not earlier:
        return
    label = f"{count_of(len(earlier), 'earlier logged day')}"
    fold = st.expander(label, on_change="rerun", key="earlier-days")
    if fold.open:
        with fold:
            _draw_days(earlier, plan, "Earlier logged days")


def _draw_days(logged: list[StoredReport], plan: BracePlan | None, name: str) -> None:
    rows = [
        {
            "Day": f"{short_day(each.report.day)}",
            "Pain, worst and average": f"{each.report.worst_pain_nrs}, {each.report.average_pain_nrs}",
            "Brace, hours": brace_hours_words(each.report, plan),
            "Activity": _activity(each.report),
            "Medicine": _medicine(each.report),
            "Warning signs": sign_words(each.report.warning_signs),
            "Note": plain(each.report.note),
            "Entered": _entered(each),
        }
        for each in logged
    ]
    st.table(pd.DataFrame(rows).astype(str), hide_index=True, alt=name)


def show_happenings(recovery: Recovery) -> None:
    """Show warning signs, events and visit notes, newest first, in their own words."""
    zone_name = recovery.patient.time_zone
    lines = [
        (each.report.day, "Warning sign ticked", sign_words(each.report.warning_signs))
        for each in recovery.reports
        if each.report.warning_signs
    ]
    for event in recovery.events:
        day = today_in(zone_name, event.occurred_at)
        pain = "" if event.pain_nrs is None else f", pain {event.pain_nrs} of 10"
        taken_back = ", taken back" if event.is_withdrawn else ""
        by = ", recorded by a carer" if event.is_by_proxy else ""
        at = clock_time(event.occurred_at, zone_name)
        lines.append((day, f"{EVENT_WORDS[event.kind]} at {at}{pain}{by}{taken_back}", event.note))
    lines += [
        (note.visit_date, f"Visit note by {plain(note.author_name)}", note.text)
        for note in recovery.notes
    ]
    if not lines:
        st.markdown("No warning signs, events or visit notes.")
    for day, what, words in sorted(lines, key=lambda line: line[0], reverse=True):
        st.markdown(f"**{short_day(day)}** {what}")
        if words:
            st.text(words)


def show_past_answers(past: list[PastAnswers], zone_name: str) -> None:
    """Show answers that were replaced, with who had saved them and when."""
    for each in past:
        saved_on = short_day(today_in(zone_name, each.saved_at))
        at = f"{saved_on}, {clock_time(each.saved_at, zone_name)}"
        st.markdown(
            f"**{short_day(each.report.day)}**, as saved by {plain(each.saved_by_name)} on {at}"
        )
        st.text(
            "; ".join(f"{question}: {answer}" for question, answer in answer_lines(each.report))
        )
    if not past:
        st.markdown("No answer was ever changed.")


def _activity(report: DailyReport) -> str:
    level = ACTIVITY_WORDS[report.activity] if report.activity else NOT_ANSWERED
    minutes = report.walking_minutes
    return level if minutes is None else f"{level}, {minutes} min walked"


def _medicine(report: DailyReport) -> str:
    kind = MEDICINE_WORDS[report.medicine] if report.medicine else NOT_ANSWERED
    return f"{kind}, {count_of(report.medicine_times, 'time')}" if report.medicine_times else kind


def brace_hours_words(report: DailyReport, plan: BracePlan | None) -> str:
    """Say the hours in the brace, and where none are given whether any were asked for."""
    if report.brace_hours is not None:
        return plain_number(report.brace_hours)
    is_planned = plan is not None and plan.hours_on(report.day) is not None
    return NOT_ANSWERED if is_planned else "no brace planned"


def _entered(stored: StoredReport) -> str:
    facts = (
        ("by a carer", stored.is_by_proxy),
        ("later", stored.is_late),
        ("corrected", stored.is_corrected),
    )
    return ", ".join(words for words, holds in facts if holds) or "on the day"
