"""What is documented for a procedure, in sentences that name their sources."""

from collections.abc import Iterable

import streamlit as st

from content.procedures import Procedure
from content.shelf import sources
from recovery.figures import StudyFigure
from recovery.phases import Phase, phase_on
from recovery.summary import WeekSummary
from recovery.wording import tr
from ui.procedure import procedure_of
from ui.recovery_view import Recovery
from ui.words import plain_number

_SAME = 0.5
"""Half a point of the 0-10 scale: less is no difference between two weeks."""


def phase_sentence(procedure: Procedure, pod: int) -> str:
    """Say what is documented for the phase of a day, and that nothing is outside all phases."""
    phase = phase_on(procedure.phases, pod)
    if phase is None:
        return tr("Nothing is documented for this day.")
    return f"{phase.label}: {phase.sentence}"


def trend_sentence(week: WeekSummary, before: WeekSummary) -> str:
    """Say how the last seven days compare with the seven before them; nothing for too few."""
    if week.worst_pain_nrs is None or before.worst_pain_nrs is None:
        return ""
    earlier = plain_number(before.worst_pain_nrs)
    if abs(week.worst_pain_nrs - before.worst_pain_nrs) < _SAME:
        return tr("That is about the same as in the week before: {nrs}.", nrs=earlier)
    return tr("In the week before, it was about {nrs}.", nrs=earlier)


def show_documented(recovery: Recovery) -> None:
    """Show where the phases and figures come from, and what everybody must know beside them."""
    procedure = procedure_of(recovery.episode.procedure)
    if recovery.course is None and procedure.no_course_reason:
        st.markdown(procedure.no_course_reason)
    if procedure.figures:
        with st.expander(tr("What studies counted")):
            st.markdown("\n".join(f"- {figure_line(each)}" for each in procedure.figures))
    if procedure.phases:
        with st.expander(tr("What is documented, day by day")):
            st.markdown("\n".join(f"- {phase_line(each)}" for each in procedure.phases))
            if procedure.judging_day is not None:
                day = procedure.judging_day
                st.markdown(
                    tr("Little relief by about day {day}? Talk about it at your visit.", day=day)
                )
    if procedure.caveat:
        st.markdown(f"{procedure.caveat} {source_links(procedure.caveat_source_ids)}".strip())


def phase_line(phase: Phase) -> str:
    """Return a phase as Markdown: its days, name, sentence and sources."""
    if phase.last_day is None:
        days = tr("From day {first}", first=phase.first_day)
    elif phase.last_day == phase.first_day:
        days = tr("Day {first}", first=phase.first_day)
    else:
        days = tr("Days {first} to {last}", first=phase.first_day, last=phase.last_day)
    return f"**{days}. {phase.label}.** {phase.sentence} {source_links(phase.source_ids)}"


def figure_line(figure: StudyFigure) -> str:
    """Return a figure as Markdown: its sentence, how many people, and its source."""
    people = "" if figure.n is None else tr("{count} people.", count=figure.n) + " "
    return f"{figure.sentence} {people}{source_links([figure.source_id])}"


def source_links(source_ids: Iterable[str]) -> str:
    """Return sources as Markdown links in brackets; nothing for none."""
    known = sources()
    links = [
        f"[{each.citation}]({each.address})" if each.address else each.citation
        for each in (known[source_id] for source_id in source_ids)
    ]
    return f"({'; '.join(links)})" if links else ""
