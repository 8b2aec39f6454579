"""A clinic's outcomes on the screen: each chart with its sentence, its table and its files."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from charts.days import DayRange
from charts.frames import band_frame
from charts.intervals import at_risk
from charts.layer import Layered
from charts.outcome_frames import active_frame, adherence_frame, curve_frame, response_frame
from charts.outcomes import (
    AT_RISK_WORDS,
    active_chart,
    adherence_chart,
    at_risk_days,
    curve_chart,
    people_chart,
    share_chart,
)
from exchange.pictures import Picture, picture_of
from exchange.tables import to_csv
from recovery.cohorts import SMALL_COUNT
from recovery.expectations import Course
from recovery.outcomes import ClinicOutcomes
from ui.chart import show_chart
from ui.outcome_sentences import (
    active_sentence,
    adherence_sentences,
    curve_sentence,
    documented_sentence,
    response_sentences,
)
from ui.outcome_tables import (
    ACTIVE_TITLES,
    ADHERENCE_TITLES,
    CURVE_TITLES,
    RESPONSE_TITLES,
    in_words,
)
from ui.sentences import source_lines

_TYPES = {Picture.SVG: "image/svg+xml", Picture.PNG: "image/png"}
_SHORTEST_DAYS = 30

Draw = Callable[..., Layered]
"""Makes the chart, given ``dark``."""


@dataclass(frozen=True, slots=True)
class Section:
    """
    One chart of the page with what belongs to it.

    Attributes:
        name: Of its files, its widgets and, in words, of its table.
        said: Its sentence, also read out in place of the picture.
        draw: Makes the chart.
        rows: What it is drawn from.
        titles: Headings of the table by the columns of *rows*.
    """

    name: str
    said: str
    draw: Draw
    rows: pd.DataFrame
    titles: dict[str, str]


def show_outcomes(outcomes: ClinicOutcomes, course: Course | None, file_name: str) -> None:
    """
    Show what became of enough recoveries.

    Args:
        outcomes: What was counted.
        course: The documented course of the procedure; None where there is none.
        file_name: Begins the names of the files to take away.
    """
    _show_curve(outcomes, course, file_name)
    _show_responses(outcomes, file_name)
    _show_active(outcomes, file_name)
    _show_adherence(outcomes, file_name)


def _show_curve(outcomes: ClinicOutcomes, course: Course | None, file_name: str) -> None:
    st.header("Average pain after the procedure", anchor=False)
    curve = curve_frame(outcomes.curve)
    if curve.empty:
        st.info("No day was logged by 20 patients yet.")
        return
    days = DayRange(0, max(_SHORTEST_DAYS, int(curve["pod"].iloc[-1])))
    band = band_frame(course, None, days.first, days.last)
    said = curve_sentence(curve, [each.pod for each in outcomes.milestones])
    st.markdown(said)
    st.markdown(documented_sentence(course))
    draw = partial(curve_chart, curve, band, days=days)
    _draw(draw, f"Average pain by day. {said}")
    people = partial(people_chart, curve, days=days)
    section = Section("pain", said, draw, curve, CURVE_TITLES)
    _draw(people, f"Patients who logged each day. At most {curve['n'].max()}.")
    if course is not None:
        st.markdown("  \n".join(source_lines(course)))
    _show_files(section, file_name, ("patients", people))


def _show_responses(outcomes: ClinicOutcomes, file_name: str) -> None:
    st.header("Responders", anchor=False)
    rows = response_frame(outcomes.milestones)
    if not rows["share"].notna().any():
        st.info("No milestone has enough patients who could be judged. Choose a longer period.")
        return
    said = response_sentences(rows)
    st.markdown(said)
    st.markdown(
        "Compared is the mean of average pain over the seven days up to the milestone, four of "
        "them logged at least, with pain before the procedure. Intervals are 95 %, by Wilson's "
        "method. Patients who stopped logging are not judged, so the shares may be too high or too "
        "low."
    )
    section = Section("responders", said, partial(share_chart, rows), rows, RESPONSE_TITLES)
    _draw(section.draw, f"Responders. {said}")
    _show_files(section, file_name)


def _show_active(outcomes: ClinicOutcomes, file_name: str) -> None:
    st.header("Time to active again", anchor=False)
    rows = active_frame(outcomes.active)
    if rows.empty:
        st.info("Fewer than 20 patients have answered how active they were.")
        return
    said = active_sentence(rows)
    st.markdown(said)
    st.markdown(
        "Active again is the first day after the procedure with an answer of out a little or a "
        "usual day that the next answer, within a week, repeats. Who stopped answering before is "
        "followed up to the last answer (Kaplan and Meier; 95 % interval)."
    )
    days = DayRange(0, max(_SHORTEST_DAYS, int(rows["pod"].iloc[-1]) + 1))
    left = [(pod, at_risk(outcomes.active, max(1, pod))) for pod in at_risk_days(days)]
    # Only numbers that may be told, since a small one would point at few people.
    shown = pd.DataFrame(
        [{"pod": pod, "words": str(n)} for pod, n in left if n >= SMALL_COUNT],
        columns=["pod", "words"],
    )
    draw = partial(active_chart, rows, shown, days=days)
    _draw(draw, f"Time to active again. {said}")
    st.markdown(f"{AT_RISK_WORDS} the numbers below the line are patients not active yet.")
    _show_files(Section("active", said, draw, rows, ACTIVE_TITLES), file_name)


def _show_adherence(outcomes: ClinicOutcomes, file_name: str) -> None:
    st.header("Reporting and brace", anchor=False)
    rows = adherence_frame(outcomes)
    if rows.empty:
        st.info("Fewer than 20 patients have a month of days to count.")
        return
    said = adherence_sentences(rows)
    st.markdown(said)
    section = Section("adherence", said, partial(adherence_chart, rows), rows, ADHERENCE_TITLES)
    _draw(section.draw, f"Reporting and brace. {said}")
    _show_files(section, file_name)


def _draw(draw: Draw, said: str) -> None:
    chart = draw(dark=st.context.theme.type == "dark")
    show_chart(chart, said)


def _show_files(section: Section, file_name: str, *beside: tuple[str, Draw]) -> None:
    """
    Offer the table of a chart and its files, each folded away.

    Args:
        section: The chart.
        file_name: Begins the names of the files.
        beside: Further charts of the section that are pictures only, by name.
    """
    title = section.name.capitalize()
    fold = st.expander(f"{title} as a table", on_change="rerun", key=f"table-{section.name}")
    if fold.open:
        with fold:
            table = in_words(section.rows, section.titles)
            st.table(table, hide_index=True, alt=title)
    # Drawn only once asked for: the socket passes no request for a file that is made later.
    files = st.expander(f"{title} to take away", on_change="rerun", key=f"files-{section.name}")
    if files.open:
        with files, st.container(horizontal=True):
            _offer(_csv(section), f"{file_name}-{section.name}", "csv", "text/csv")
            for name, draw in ((section.name, section.draw), *beside):
                for form in Picture:
                    _offer(_picture(draw, form), f"{file_name}-{name}", form, _TYPES[form])


def _offer(content: str | bytes, name: str, ending: str, kind: str) -> None:
    title = name.rpartition("-")[2].capitalize()
    st.download_button(
        f"{title}: {ending.upper()}",
        content,
        file_name=f"{name}.{ending}",
        mime=kind,
        key=f"{ending}-{name}",
        on_click="ignore",
        icon=":material/download:",
    )


def _csv(section: Section) -> str:
    rows = section.rows[list(section.titles)].round(2).to_dict("records")
    known = [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in rows]
    return to_csv(list(section.titles), known)


def _picture(draw: Draw, form: Picture) -> bytes:
    # Files are light: they go into documents and onto paper.
    return picture_of(draw(dark=False).to_dict(), form)
