"""What the outcome charts say, in sentences for staff."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from charts.intervals import day_of_half
from charts.outcome_frames import IMPORTANT_WORDS, REPORTING_WORDS
from recovery.expectations import Course
from ui.words import plain_number


def curve_sentence(curve: pd.DataFrame, milestones: Sequence[int]) -> str:
    """Say the median and the middle half on the last milestone drawn, else on the last day."""
    at_milestone = curve[curve["pod"].isin(milestones)]
    row = (curve if at_milestone.empty else at_milestone).iloc[-1]
    low, middle, high = (plain_number(row[name]) for name in ("p25", "p50", "p75"))
    return (
        f"On day {row['pod']:.0f}, the median of average pain was {middle} of 10, and half of the "
        f"patients lay from {low} to {high}. {row['n']:.0f} patients logged that day."
    )


def documented_sentence(course: Course | None) -> str:
    """Say what the clinic's curve is drawn over."""
    if course is None:
        return "No course of pain is documented for this procedure, so none is drawn."
    before = plain_number(course.reference_baseline_nrs)
    return (
        "Below it lies what studies report. Their patients began at "
        f"{before} of 10 on average, and may differ from yours."
    )


def response_sentences(rows: pd.DataFrame) -> str:
    """Say for each milestone how many responded, of how many judged and reached."""
    return " ".join(_response_sentence(row) for row in rows.to_dict("records"))


def active_sentence(rows: pd.DataFrame) -> str:
    """Say by which day half of the patients were active again."""
    total, day = int(rows["at_risk"].iloc[0]), day_of_half(rows, "share")
    if day is None:
        by, share = rows["pod"].iloc[-1], round(rows["share"].iloc[-1])
        return f"Of {total} patients, an estimated {share} % were active again by day {by}."
    said = f"Of {total} patients, half were active again by day {day}"
    # The upper limit gets to half first.
    early, late = day_of_half(rows, "high"), day_of_half(rows, "low")
    if early is None or late is None:
        return f"{said}."
    return f"{said} (95 % interval: day {early} to {late})."


def adherence_sentences(rows: pd.DataFrame) -> str:
    """Say the middle patient's adherence to reporting and to the brace."""
    return " ".join(_adherence_sentence(row) for row in rows.to_dict("records"))


def _response_sentence(row: Mapping[Hashable, Any]) -> str:
    judged = f"{row['judged']} judged of {row['reached']} who reached it"
    begins = f"Day {row['pod']}, {row['what']}"
    if row["what"] != IMPORTANT_WORDS:
        judged = f"{row['judged']} judged"
    if pd.isna(row["share"]):
        return f"{begins}: too few to tell."
    low, high = round(row["low"]), round(row["high"])
    return (
        f"{begins}: {row['count']} of {judged} ({round(row['share'])} %, interval {low} to {high})."
    )


def _adherence_sentence(row: Mapping[Hashable, Any]) -> str:
    low, middle, high = (round(row[name]) for name in ("p25", "p50", "p75"))
    what = (
        "logged {middle} % of the first 30 days"
        if row["row"] == REPORTING_WORDS
        else "wore the brace for {middle} % of the planned hours, on days with an answer"
    ).format(middle=middle)
    return f"The middle one of {row['n']} patients {what} (middle half: {low} to {high} %)."
