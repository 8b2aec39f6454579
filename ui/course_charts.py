"""The three charts of a recovery on one time axis, each with its sentence, source and table."""

import streamlit as st

from charts.daily import activity_chart, brace_chart
from charts.days import CHOICES, DayRange
from charts.layers import within
from charts.pain import pain_chart
from recovery.wording import tr, trn
from ui.chart import show_chart
from ui.choice_row import choice_row
from ui.documented import phase_sentence, show_documented, trend_sentence
from ui.pacing import let_chart_be_drawn
from ui.procedure import procedure_of
from ui.recovery_view import Drawing, Recovery
from ui.sentences import (
    BAND_MEANING,
    activity_sentence,
    band_sentence,
    brace_sentence,
    scaling_sentence,
    source_lines,
    week_sentence,
)
from ui.tables import show_table

RANGES = list(CHOICES)


def choose_range(recovery: Recovery) -> Drawing:
    """Ask which days to draw; the shortest range that holds the recovery is on at first."""
    lengths = [(name, CHOICES[name]) for name in RANGES]
    fitting = (name for name, length in lengths if length and recovery.pod < length)
    choice = choice_row(
        {name: tr(name) for name in RANGES}, key="chart-range", default=next(fitting, RANGES[-1])
    )
    return Drawing(recovery=recovery, days=DayRange.chosen(choice, recovery.pod))


def show_pain(drawing: Drawing) -> None:
    """Show pain over the documented course."""
    recovery, frame = drawing.recovery, drawing.reports
    logged, documented = log_sentence(recovery), documented_sentence(recovery)
    st.markdown(logged)
    st.markdown(documented)
    _draw_pain(drawing, f"{logged} {documented}")
    _show_visits(drawing)
    let_chart_be_drawn()
    show_origin(recovery)
    columns = ["when", "worst_pain_nrs", "average_pain_nrs", "entry"]
    show_table(tr("Pain as a table"), frame, columns, key="pain")


def _show_visits(drawing: Drawing) -> None:
    """Say what the dotted lines are: beside a near one there is no room for a word."""
    visits = within(drawing.marks.visits, drawing.days)
    if not visits.empty:
        pods = sorted(set(visits["pod"]))
        days = ", ".join(tr("Day {pod}", pod=pod).lower() for pod in pods)
        st.markdown(
            trn(
                "A dotted line marks a visit: {days}.",
                "Dotted lines mark visits: {days}.",
                len(pods),
                days=days,
            )
        )


def show_small_pain(recovery: Recovery) -> None:
    """Show the last two weeks of pain with one sentence, for a first glance."""
    said = week_sentence(recovery.week, recovery.pod)
    st.markdown(said)
    if recovery.course is None and procedure_of(recovery.episode.procedure).phases:
        st.markdown(documented_sentence(recovery))
    _draw_pain(Drawing(recovery=recovery, days=DayRange.chosen(RANGES[0], recovery.pod)), said)


def show_brace(drawing: Drawing) -> None:
    """Show hours in the brace against the plan; nothing when no brace was prescribed."""
    recovery, frame, days = drawing.recovery, drawing.reports, drawing.days
    if recovery.episode.brace_plan is None:
        return
    said = brace_sentence(recovery.week, recovery.episode, recovery.today)
    st.header(tr("Brace"), anchor=False)
    chart = brace_chart(frame, drawing.plan, drawing.marks.visits, days=days, dark=is_dark())
    show_chart(chart, tr("Brace hours. {said}", said=said))
    own = tr("The plan is this clinic's own.")
    st.markdown(f"{said} {own}")
    show_table(tr("Brace as a table"), frame, ["when", "brace_hours", "entry"], key="brace")


def show_activity(drawing: Drawing) -> None:
    """Show how active each day was."""
    recovery, frame, days = drawing.recovery, drawing.reports, drawing.days
    said = activity_sentence(recovery.week, [stored.report for stored in recovery.reports])
    st.header(tr("Activity"), anchor=False)
    chart = activity_chart(frame, drawing.marks.visits, days=days, dark=is_dark())
    show_chart(chart, tr("Activity by day. {said}", said=said))
    undrawn = tr("No course of activity is documented, so none is drawn.")
    st.markdown(f"{said} {undrawn}")
    columns = ["when", "activity_rank", "walking_minutes", "entry"]
    show_table(tr("Activity as a table"), frame, columns, key="activity")


def log_sentence(recovery: Recovery) -> str:
    """Say the last week of pain, and without a curve the week before beside it."""
    said = week_sentence(recovery.week, recovery.pod)
    if recovery.course is not None:
        return said
    # Without a curve to see the log beside, the week before is what there is to compare with.
    return f"{said} {trend_sentence(recovery.week, recovery.week_before)}".rstrip()


def documented_sentence(recovery: Recovery) -> str:
    """Say what is documented for today: a range, or the phase."""
    if recovery.course is None and procedure_of(recovery.episode.procedure).phases:
        return phase_sentence(procedure_of(recovery.episode.procedure), recovery.pod)
    return band_sentence(recovery.course, recovery.pod, recovery.episode.baseline_nrs)


def show_origin(recovery: Recovery) -> None:
    """Say where the documented figures come from."""
    course = recovery.course
    if course is not None:
        lines = source_lines(course)
        st.markdown("  \n".join(lines))
        with st.expander(tr("Where these figures come from")):
            st.markdown(scaling_sentence(course, recovery.episode.baseline_nrs))
            if course.spreads:
                st.markdown(tr(BAND_MEANING))
            st.markdown(course.caveat)
    show_documented(recovery)


def _draw_pain(drawing: Drawing, said: str) -> None:
    chart = pain_chart(
        drawing.reports, drawing.documented, drawing.marks, days=drawing.days, dark=is_dark()
    )
    show_chart(chart, tr("Pain by day. {said}", said=said))


def is_dark() -> bool:
    """Tell whether the page is dark."""
    return st.context.theme.type == "dark"
