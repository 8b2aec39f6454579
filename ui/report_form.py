"""The questions of the daily report."""

from datetime import date
from functools import partial
from typing import TypeVar

import streamlit as st

from content.placeholders import dialling_link
from content.procedures import Procedure, Question
from content.warning_signs import Tier, WarningSign
from recovery.reports import (
    ActivityLevel,
    PainMedicine,
    PartialReport,
)
from recovery.settings import ClinicSettings
from recovery.wording import tr
from ui.choices import choose_many, choose_one, chosen_many, chosen_one
from ui.pain_scale import chosen_nrs, pain_scale
from ui.report_state import ALWAYS_ASKED, FormState, kept_of, note_field, question_key
from ui.words import ACTIVITY_WORDS, MEDICINE_WORDS, plain_number

# The number fields name no maximum: a browser keeps a number beyond it to itself and sends
# none, so it would be left out unseen, while the report refuses it in a sentence.
NARROW = 220

Typed = TypeVar("Typed")


def ask_warning_signs(
    day: date, state: FormState, procedure: Procedure, settings: ClinicSettings
) -> None:
    """Ask for warning signs and show at once what to do about a ticked one."""
    signs = choose_many(
        tr("Any of these on this day?"),
        {sign.id: sign.label for sign in procedure.warning_signs},
        key=question_key(day, state, "signs"),
        none_label=tr("None of these"),
        value=state.filled.warning_signs,
        details={
            sign.id: sign.advice(settings.emergency_number, settings.phone)
            for sign in procedure.warning_signs
        },
    )
    show_advice([sign for sign in procedure.warning_signs if sign.id in (signs or ())], settings)


def show_advice(signs: list[WarningSign], settings: ClinicSettings) -> None:
    """Show what to do about *signs*, the most urgent first."""
    for sign in signs:
        advice = sign.advice(
            dialling_link(settings.emergency_number), dialling_link(settings.phone)
        )
        show = st.error if sign.tier is Tier.EMERGENCY else st.warning
        show(f"**{sign.label}.** {advice}", icon=":material/call:")


def ask_report(
    day: date, state: FormState, procedure: Procedure, planned_hours: float | None
) -> None:
    """
    Ask the questions about *day*; ``read_report`` returns the answers.

    Args:
        day: The day the questions are about.

        state: What the form was filled from.

        procedure: Decides what is asked, and names where it hurts.

        planned_hours: Brace hours this person was told for the day; None drops the question.
    """
    filled = state.filled
    st.header(tr("Pain"), anchor=False)
    worst_question, average_question = _pain_questions(procedure.pain_site)
    for words, question, value in (
        (worst_question, "worst", filled.worst_pain_nrs),
        (average_question, "average", filled.average_pain_nrs),
    ):
        pain_scale(words, key=question_key(day, state, question), value=value)
    if planned_hours is not None:
        _ask_brace(day, state, planned_hours)
    if Question.ACTIVITY in procedure.questions:
        _ask_activity(day, state)
    if Question.MEDICINE in procedure.questions:
        _ask_medicine(day, state)
    st.text_area(
        tr("Anything else? Your clinic reads this at the visit."),
        value=filled.note,
        key=question_key(day, state, ALWAYS_ASKED),
        placeholder=tr("Not needed"),
        on_change=note_field,
        args=(day, state, ALWAYS_ASKED, "note"),
    )


def read_report(day: date, procedure: Procedure, planned_hours: float | None) -> PartialReport:
    """
    Return the answers about *day* so far, as the browser sent them last.

    Also before the form is drawn, so that a press of Save stores what was answered before it,
    whether or not a page was drawn in between. Arguments as for ``ask_report``.
    """
    state = kept_of(day).state
    filled, key = state.filled, partial(question_key, day, state)
    hours = None if planned_hours is None else _typed(key("brace"), filled.brace_hours)
    level, minutes = None, None
    if Question.ACTIVITY in procedure.questions:
        level = chosen_one(key("activity"), ACTIVITY_WORDS, filled.activity)
        minutes = _typed(key("walking"), filled.walking_minutes)
    medicine, times = None, None
    if Question.MEDICINE in procedure.questions:
        medicine = chosen_one(key("medicine"), MEDICINE_WORDS, filled.medicine)
        times = _typed(key("times"), filled.medicine_times or None)
    if medicine in (None, PainMedicine.NONE):
        times = None if medicine is None else 0
    signs = [sign.id for sign in procedure.warning_signs]
    return PartialReport(
        worst_pain_nrs=chosen_nrs(key("worst"), value=filled.worst_pain_nrs),
        average_pain_nrs=chosen_nrs(key("average"), value=filled.average_pain_nrs),
        brace_hours=None if hours is None else float(hours),
        activity=None if level is None else ActivityLevel(level),
        walking_minutes=minutes,
        medicine=None if medicine is None else PainMedicine(medicine),
        medicine_times=times,
        warning_signs=chosen_many(key("signs"), signs, filled.warning_signs),
        note=_typed(key(ALWAYS_ASKED), filled.note) or "",
    )


def _typed(key: str, filled: Typed) -> Typed:
    """Return what stands in a field of Streamlit's; what it is filled with before it is drawn."""
    typed: Typed = st.session_state.get(key, filled)
    return typed


def _pain_questions(site: str) -> tuple[str, str]:
    if not site:
        return tr("Your worst pain"), tr("Your pain on average")
    return tr("Your worst pain {site}", site=site), tr("Your pain on average {site}", site=site)


def _ask_brace(day: date, state: FormState, planned_hours: float) -> None:
    st.header(tr("Brace"), anchor=False)
    st.number_input(
        tr(
            "Hours in the brace. You were told {hours} hours a day.",
            hours=plain_number(planned_hours),
        ),
        min_value=0.0,
        value=state.filled.brace_hours,
        step=0.5,
        format="%g",
        key=question_key(day, state, "brace"),
        on_change=note_field,
        args=(day, state, "brace", "brace_hours"),
        width=NARROW,
    )


def _ask_activity(day: date, state: FormState) -> None:
    st.header(tr("Activity"), anchor=False)
    choose_one(
        tr("How active were you?"),
        {level.value: tr(words) for level, words in ACTIVITY_WORDS.items()},
        key=question_key(day, state, "activity"),
        value=state.filled.activity,
    )
    st.number_input(
        tr("Minutes walked, all together"),
        min_value=0,
        value=state.filled.walking_minutes,
        step=5,
        key=question_key(day, state, "walking"),
        on_change=note_field,
        args=(day, state, "walking", "walking_minutes"),
        width=NARROW,
    )


def _ask_medicine(day: date, state: FormState) -> None:
    st.header(tr("Pain medicine"), anchor=False)
    kind = choose_one(
        tr("Did you take pain medicine?"),
        {medicine.value: tr(words) for medicine, words in MEDICINE_WORDS.items()},
        key=question_key(day, state, "medicine"),
        value=state.filled.medicine,
    )
    if kind is None or kind == PainMedicine.NONE:
        return
    st.number_input(
        tr("How many times did you take it?"),
        min_value=0,
        value=state.filled.medicine_times or None,
        step=1,
        key=question_key(day, state, "times"),
        on_change=note_field,
        args=(day, state, "times", "medicine_times"),
        width=NARROW,
    )
