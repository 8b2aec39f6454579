"""The three charts of a recovery on one time axis, each with its sentence, source and table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from charts.daily import activity_chart, brace_chart
from charts.days import CHOICES, DayRange
from charts.frames import band_frame, event_frame, note_frame, plan_frame, report_frame
from charts.pain import Marks, pain_chart
from recovery.days import post_procedure_day, zone
from recovery.episodes import Patient
from recovery.reports import Event, StoredReport, VisitNote
from recovery.settings import ClinicSettings
from recovery.summary import WeekSummary, week_up_to
from ui.choice_row import choice_row
from ui.procedure import course_of, is_known, procedure_of
from ui.sentences import (
    activity_sentence,
    band_sentence,
    brace_sentence,
    scaling_sentence,
    source_lines,
    week_sentence,
)
from ui.tables import show_table

RANGES = list(CHOICES)
_NO_MARKS = Marks(visits=note_frame([], date.min), events=event_frame([], date.min, zone("UTC")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """
    Everything that is drawn of one recovery.

    Attributes:
        reports: Oldest first.
        today: The patient's own day.
        is_own: Whether the reader is the patient, for the wording.
    """

    patient: Patient
    settings: ClinicSettings
    reports: Sequence[StoredReport]
    events: Sequence[Event]
    notes: Sequence[VisitNote]
    today: date
    is_own: bool

    @property
    def pod(self) -> int:
        """Post-procedure day of today."""
        return post_procedure_day(self.patient.episode.procedure_date, self.today)

    @property
    def week(self) -> WeekSummary:
        """The last seven days."""
        answers = [stored.report for stored in self.reports]
        return week_up_to(answers, self.today, self.patient.episode.brace_plan)


def choose_range(recovery: Recovery) -> DayRange:
    """Ask which days to draw; the shortest range that holds the recovery is on at first."""
    lengths = [(name, CHOICES[name]) for name in RANGES]
    fitting = (name for name, length in lengths if length and recovery.pod < length)
    choice = choice_row(
        {name: name for name in RANGES}, key="chart-range", default=next(fitting, RANGES[-1])
    )
    return DayRange.chosen(choice, recovery.pod)


def show_pain(recovery: Recovery, days: DayRange) -> None:
    """Show pain over the documented course."""
    episode = recovery.patient.episode
    course = course_of(episode, recovery.settings)
    band = band_frame(course, episode.baseline_nrs, days.first, days.last)
    frame = _within(report_frame(recovery.reports, episode.procedure_date), days)
    where = zone(recovery.patient.time_zone)
    kept = [event for event in recovery.events if not event.is_withdrawn]
    marks = Marks(
        visits=_within(note_frame(recovery.notes, episode.procedure_date), days),
        events=_within(event_frame(kept, episode.procedure_date, where), days),
    )
    said = f"{week_sentence(recovery.week)} {band_sentence(course, recovery.pod, episode.baseline_nrs)}"
    _draw(pain_chart(frame, band, marks, days=days, dark=_is_dark()), f"Pain by day. {said}")
    st.markdown(said)
    _show_origin(recovery)
    show_table("Pain as a table", frame, ["when", "worst_pain_nrs", "average_pain_nrs", "entry"])


def show_small_pain(recovery: Recovery) -> None:
    """Show the last two weeks of pain with one sentence, for a first glance."""
    episode = recovery.patient.episode
    days = DayRange.chosen(RANGES[0], recovery.pod)
    course = course_of(episode, recovery.settings)
    band = band_frame(course, episode.baseline_nrs, days.first, days.last)
    frame = _within(report_frame(recovery.reports, episode.procedure_date), days)
    said = week_sentence(recovery.week)
    st.markdown(said)
    _draw(pain_chart(frame, band, _NO_MARKS, days=days, dark=_is_dark()), f"Pain by day. {said}")


def show_brace(recovery: Recovery, days: DayRange) -> None:
    """Show hours in the brace against the plan; nothing when no brace was prescribed."""
    episode = recovery.patient.episode
    if episode.brace_plan is None:
        return
    frame = _within(report_frame(recovery.reports, episode.procedure_date), days)
    plan = plan_frame(episode.brace_plan, episode.procedure_date, days.first, days.last)
    visits = _within(note_frame(recovery.notes, episode.procedure_date), days)
    said = brace_sentence(recovery.week, episode, recovery.today)
    st.subheader("Brace")
    _draw(brace_chart(frame, plan, visits, days=days, dark=_is_dark()), f"Brace hours. {said}")
    st.markdown(f"{said} The plan is this clinic's own.")
    show_table("Brace as a table", frame, ["when", "brace_hours", "entry"])


def show_activity(recovery: Recovery, days: DayRange) -> None:
    """Show how active each day was."""
    episode = recovery.patient.episode
    frame = _within(report_frame(recovery.reports, episode.procedure_date), days)
    visits = _within(note_frame(recovery.notes, episode.procedure_date), days)
    said = activity_sentence(recovery.week, [stored.report for stored in recovery.reports])
    st.subheader("Activity")
    _draw(activity_chart(frame, visits, days=days, dark=_is_dark()), f"Activity by day. {said}")
    st.markdown(f"{said} No course of activity is documented, so none is drawn.")
    show_table("Activity as a table", frame, ["when", "activity_rank", "walking_minutes", "entry"])


def _show_origin(recovery: Recovery) -> None:
    episode = recovery.patient.episode
    course = course_of(episode, recovery.settings)
    if course is None:
        st.markdown(procedure_of(episode.procedure).no_course_reason)
        return
    first = next(iter(source_lines(course)))
    st.markdown(first)
    with st.expander("Where these figures come from"):
        st.markdown(scaling_sentence(course, episode.baseline_nrs))
        st.markdown("\n".join(f"- {line}" for line in source_lines(course)))
        st.markdown(course.caveat)
        if not is_known(episode.procedure):
            st.markdown(procedure_of(episode.procedure).no_course_reason)


def _within(frame: pd.DataFrame, days: DayRange) -> pd.DataFrame:
    return frame[frame["pod"].between(days.first, days.last)]


def _draw(chart: alt.LayerChart, alt_text: str) -> None:
    st.altair_chart(chart, width="stretch", theme=None, alt=alt_text)


def _is_dark() -> bool:
    return st.context.theme.type == "dark"
