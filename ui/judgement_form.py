"""The thresholds of judgement: asked, weighed against the clinic's own last days, and saved."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from db.engine import Session
from db.judgement_settings import save_judgement_settings
from recovery.access import Actor
from recovery.errors import InvalidEntry
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.versions import SettingsVersion
from ui.acts import run_act, say_filled_anew, say_next, show_said, still_administrator
from ui.clock import now
from ui.judgement_questions import QUESTIONS, Question
from ui.plain_text import plain
from ui.presses import press_button
from ui.words import moment

SHIPPED = JudgementSettings()
NOT_SAVED = "Not saved yet."
_DRAWN = "judgement-drawn"
_MEANWHILE = "judgement-meanwhile"


def in_force_words(versions: list[SettingsVersion], zone_name: str) -> str:
    """Say which settings are in force, who saved them and when."""
    if not versions:
        return "In force: the settings that Mendline ships. Your clinic saved none yet."
    newest = versions[0]
    return (
        f"In force: version {newest.settings.version}, saved by {plain(newest.saved_by_name)} "
        f"on {moment(newest.saved_at, zone_name)}."
    )


def typed_thresholds(in_force: JudgementSettings) -> JudgementSettings | InvalidEntry:
    """
    Return what stands in the fields, or why it cannot be used; asked before they are drawn.

    Args:
        in_force: As stored now; fields that nobody touched follow it.
    """
    _settle(in_force)
    return _typed(in_force)


def ask_thresholds(in_force: JudgementSettings, beside: Callable[[Question], None]) -> None:
    """
    Ask for every threshold.

    Args:
        in_force: As stored now.
        beside: Draws what is known of a threshold under its field.
    """
    for question in QUESTIONS:
        with st.container(border=True):
            _ask(question, in_force)
            beside(question)


def offer_save(
    actor: Actor, in_force: JudgementSettings, typed: JudgementSettings | InvalidEntry
) -> None:
    """Offer to save what stands in the fields, and to fill in what Mendline ships."""
    if st.session_state.get(_MEANWHILE):
        st.warning(
            f"Somebody else saved version {in_force.version} meanwhile. "
            "Your values are not saved yet. Save to use them in its place.",
            icon=":material/sync_problem:",
        )
    with st.container(horizontal=True):
        press_button(
            "Save", _press, actor, key="judgement-save", late=say_filled_anew, type="primary"
        )
        press_button("Back to what Mendline ships", _fill_shipped, key="judgement-ships")
    if isinstance(typed, InvalidEntry) or typed.to_json() != in_force.to_json():
        st.markdown(NOT_SAVED)
    show_said()


def _ask(question: Question, in_force: JudgementSettings) -> None:
    key = _key(question.name)
    if question.choices:
        st.radio(
            question.label,
            question.choices,
            format_func=question.shown,
            horizontal=True,
            key=key,
        )
    else:
        is_whole = isinstance(question.step, int)
        st.number_input(
            question.label,
            value=None,
            step=question.step,
            format=None if is_whole else "%g",
            key=key,
        )
    value = question.from_field(st.session_state[key])
    refusal = question.refusal(value)
    if refusal is not None:
        st.error(str(refusal))
    said = [
        question.does,
        question.more(value) if question.more and refusal is None else "",
        question.range_words,
        (
            f"In force: {question.shown(getattr(in_force, question.name))}. "
            f"Mendline ships {question.shown(getattr(SHIPPED, question.name))}."
        ),
    ]
    st.markdown(" ".join(filter(None, said)))


def _press(actor: Actor) -> None:
    drawn: JudgementSettings = st.session_state[_DRAWN]
    typed = _typed(drawn)
    if isinstance(typed, InvalidEntry):
        say_next(typed)
        return

    def save(session: Session) -> str:
        # Asked again, since the account may have been closed while the page stood open.
        access = still_administrator(session, actor)
        stored = save_judgement_settings(session, access, typed, now())
        if stored.version == drawn.version:
            return "Nothing has changed, so there is nothing to save."
        return f"Saved as version {stored.version}. Alerts are made by it from now on."

    run_act(save)


def _settle(in_force: JudgementSettings) -> None:
    """Fill the fields before they are drawn, and keep what somebody typed."""
    drawn: JudgementSettings | None = st.session_state.get(_DRAWN)
    is_new = drawn is None or any(_key(each.name) not in st.session_state for each in QUESTIONS)
    typed = None if is_new or drawn is None else _typed(drawn)
    is_touched = isinstance(typed, InvalidEntry) or (
        typed is not None and drawn is not None and typed.to_json() != drawn.to_json()
    )
    if not is_touched or _agrees(typed, in_force):
        _fill(in_force)
        st.session_state[_MEANWHILE] = False
    elif drawn is not None and drawn.version != in_force.version:
        st.session_state[_MEANWHILE] = True
    st.session_state[_DRAWN] = in_force


def _agrees(typed: JudgementSettings | InvalidEntry | None, in_force: JudgementSettings) -> bool:
    return isinstance(typed, JudgementSettings) and typed.to_json() == in_force.to_json()


def _typed(drawn: JudgementSettings) -> JudgementSettings | InvalidEntry:
    values = {each.name: each.from_field(st.session_state[_key(each.name)]) for each in QUESTIONS}
    refusals = (each.refusal(values[each.name]) for each in QUESTIONS)
    try:
        return next(filter(None, refusals), None) or replace(drawn, **values)
    except InvalidEntry as refusal:
        # Each for itself can be used, but not together.
        return refusal


def _fill_shipped() -> None:
    _fill(SHIPPED)


def _fill(settings: JudgementSettings) -> None:
    for each in QUESTIONS:
        value = getattr(settings, each.name)
        shown = value if each.choices else each.to_field(value)
        # Left alone where it agrees, so that nothing is overwritten under somebody's hands.
        if st.session_state.get(_key(each.name)) != shown:
            st.session_state[_key(each.name)] = shown


def _key(name: str) -> str:
    return f"judgement-{name}"
