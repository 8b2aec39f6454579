"""The questions of the daily report."""

from datetime import date

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
from ui.choices import choose_many, choose_one
from ui.pain_scale import pain_scale
from ui.report_state import ALWAYS_ASKED, FormState, note_field, question_key
from ui.words import ACTIVITY_WORDS, MEDICINE_WORDS, plain_number

# The number fields name no maximum: a browser keeps a number beyond it to itself and sends
# none, so it would be left out unseen, while the report refuses it in a sentence.
NARROW = 220


def ask_warning_signs(
    day: date, state: FormState, procedure: Procedure, settings: ClinicSettings
) -> frozenset[str] | None:
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
    return signs


def show_advice(signs: list[WarningSign], settings: ClinicSettings) -> None:
    """Show what to do about *signs*, the most urgent first."""
    for sign in signs:
        advice = sign.advice(
            dialling_link(settings.emergency_number), dialling_link(settings.phone)
        )
        show = st.error if sign.tier is Tier.EMERGENCY else st.warning
        show(f"**{sign.label}.** {advice}", icon=":material/call:")


def ask_report(
    day: date,
    state: FormState,
    signs: frozenset[str] | None,
    procedure: Procedure,
    planned_hours: float | None,
) -> PartialReport:
    """
    Ask the questions about *day* and return the answers so far.

    Args:
        day: The day the questions are about.

        state: What the form was filled from.

        signs: The warning signs already asked for.

        procedure: Decides what is asked, and names where it hurts.

        planned_hours: Brace hours this person was told for the day; None drops the question.
    """
    filled = state.filled
    st.header(tr("Pain"), anchor=False)
    worst_question, average_question = _pain_questions(procedure.pain_site)
    worst = pain_scale(
        worst_question, key=question_key(day, state, "worst"), value=filled.worst_pain_nrs
    )
    average = pain_scale(
        average_question,
        key=question_key(day, state, "average"),
        value=filled.average_pain_nrs,
    )
    brace_hours = _ask_brace(day, state, planned_hours)
    activity, walking_minutes, medicine, medicine_times = None, None, None, None
    if Question.ACTIVITY in procedure.questions:
        activity, walking_minutes = _ask_activity(day, state)
    if Question.MEDICINE in procedure.questions:
        medicine, medicine_times = _ask_medicine(day, state)
    note = st.text_area(
        tr("Anything else? Your clinic reads this at the visit."),
        value=filled.note,
        key=question_key(day, state, ALWAYS_ASKED),
        placeholder=tr("Not needed"),
        on_change=note_field,
        args=(day, ALWAYS_ASKED, "note"),
    )
    return PartialReport(
        worst_pain_nrs=worst,
        average_pain_nrs=average,
        brace_hours=brace_hours,
        activity=activity,
        walking_minutes=walking_minutes,
        medicine=medicine,
        medicine_times=medicine_times,
        warning_signs=signs,
        note=note or "",
    )


def _pain_questions(site: str) -> tuple[str, str]:
    if not site:
        return tr("Your worst pain"), tr("Your pain on average")
    return tr("Your worst pain {site}", site=site), tr("Your pain on average {site}", site=site)


def _ask_brace(day: date, state: FormState, planned_hours: float | None) -> float | None:
    if planned_hours is None:
        return None
    st.header(tr("Brace"), anchor=False)
    hours = st.number_input(
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
        args=(day, "brace", "brace_hours"),
        width=NARROW,
    )
    return None if hours is None else float(hours)


def _ask_activity(day: date, state: FormState) -> tuple[ActivityLevel | None, int | None]:
    st.header(tr("Activity"), anchor=False)
    level = choose_one(
        tr("How active were you?"),
        {level.value: tr(words) for level, words in ACTIVITY_WORDS.items()},
        key=question_key(day, state, "activity"),
        value=state.filled.activity,
    )
    minutes = st.number_input(
        tr("Minutes walked, all together"),
        min_value=0,
        value=state.filled.walking_minutes,
        step=5,
        key=question_key(day, state, "walking"),
        on_change=note_field,
        args=(day, "walking", "walking_minutes"),
        width=NARROW,
    )
    return (None if level is None else ActivityLevel(level)), minutes


def _ask_medicine(day: date, state: FormState) -> tuple[PainMedicine | None, int | None]:
    st.header(tr("Pain medicine"), anchor=False)
    kind = choose_one(
        tr("Did you take pain medicine?"),
        {medicine.value: tr(words) for medicine, words in MEDICINE_WORDS.items()},
        key=question_key(day, state, "medicine"),
        value=state.filled.medicine,
    )
    if kind is None or kind == PainMedicine.NONE:
        return (None, None) if kind is None else (PainMedicine.NONE, 0)
    times = st.number_input(
        tr("How many times did you take it?"),
        min_value=0,
        value=state.filled.medicine_times or None,
        step=1,
        key=question_key(day, state, "times"),
        on_change=note_field,
        args=(day, "times", "medicine_times"),
        width=NARROW,
    )
    return PainMedicine(kind), times
