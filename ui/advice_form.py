"""What the clinic advises for one procedure: each value beside what leaflets say of it."""

import streamlit as st

from content.procedures import ClinicValue, Procedure
from content.rendering import range_sentence, source_line, value_sentence
from content.shelf import find_procedure, sources
from db.clinic_values import Decisions, change_clinic_values
from db.engine import Session
from recovery.access import Actor
from recovery.settings import MAX_CLINIC_VALUE
from recovery.wording import LANGUAGE_NAMES, Language, speaking
from ui.acts import run_act, say_filled_anew, show_said, still_administrator
from ui.advice_draft import AdviceDraft
from ui.presses import press_button

SAVED = "Saved. Patients read it from now on."
NOT_SAVED = "Not saved yet."
UNDECIDED = "nothing decided"
_DRAFTS = "advice-drafts"


def unsaved() -> list[str]:
    """Return the ids of procedures about which something is typed and not saved."""
    return [procedure_id for procedure_id, draft in _drafts().items() if draft.changes]


def ask_advice(actor: Actor, procedure: Procedure, decided: Decisions) -> None:
    """
    Ask for every value of *procedure*, and save them all at once.

    Args:
        actor: The administrator.
        procedure: Whose values.
        decided: What the clinic decided until now, by the name of the value.
    """
    stored = {value.id: decided.get(value.id) for value in procedure.values}
    draft = _settled(procedure.id, stored)
    for value in procedure.values:
        with st.container(border=True):
            _ask_value(procedure, value, draft)
    press_button(
        "Save", _press, actor, procedure.id, key="advice-save", late=say_filled_anew, type="primary"
    )
    if draft.changes:
        st.markdown(NOT_SAVED)
    show_said()


def _ask_value(procedure: Procedure, value: ClinicValue, draft: AdviceDraft) -> None:
    typed, now = draft.typed[value.id], draft.drawn_from[value.id]
    asked, documented = st.columns(2)
    with asked:
        st.number_input(
            value.name,
            min_value=0.0,
            max_value=float(MAX_CLINIC_VALUE),
            value=None,
            step=1.0,
            format="%g",
            placeholder="Empty: not decided",
            key=_key(procedure.id, value.id),
        )
        st.markdown(f"Your clinic now: {_shown(now)}.{f' {NOT_SAVED}' if typed != now else ''}")
    with documented:
        listed = [source_line(sources()[each]) for each in value.source_ids]
        st.markdown("\n\n".join([f"**{range_sentence(value)}**", *listed]))
    if value.id in draft.meanwhile:
        st.warning(_said_meanwhile(typed, now), icon=":material/sync_problem:")
    if typed is not None and not value.low <= typed <= value.high:
        st.warning("Outside what the leaflets say: check it.", icon=":material/warning:")
    _preview(procedure.id, value.id, typed)


def _said_meanwhile(typed: float | None, now: float | None) -> str:
    said = f"Somebody else changed this meanwhile. Your clinic now: {_shown(now)}."
    if typed == now:
        return said
    return f"{said} You entered: {_shown(typed)}. Save to use yours."


def _preview(procedure_id: str, value_id: str, typed: float | None) -> None:
    """Show the sentence in every language, as patients would read it."""
    for language in Language:
        with speaking(language):
            procedure = find_procedure(procedure_id)
            value = procedure.value(value_id) if procedure else None
            if value is not None:
                name = LANGUAGE_NAMES[language]
                st.markdown(f"Patients read, in {name}: {value_sentence(value, typed)}")


def _press(actor: Actor, procedure_id: str) -> None:
    draft = _typed(procedure_id)
    if draft is None:
        return

    def save(session: Session) -> str:
        access = still_administrator(session, actor)
        change_clinic_values(
            session, access, procedure_id, draft.changes, drawn_from=draft.drawn_from
        )
        return " ".join([SAVED, *_said_outside(procedure_id, draft)])

    run_act(save)


def _said_outside(procedure_id: str, draft: AdviceDraft) -> list[str]:
    """Say beside Save what stands outside what leaflets say: its field may be out of sight."""
    procedure = find_procedure(procedure_id)
    names = [
        value.name
        for value in (procedure.values if procedure else ())
        if (typed := draft.typed.get(value.id)) is not None and not value.low <= typed <= value.high
    ]
    return [f"Outside what the leaflets say: {', '.join(names)}. Check it."] if names else []


def _settled(procedure_id: str, stored: Decisions) -> AdviceDraft:
    """Return the form over what is stored now, and fill the fields with it before they are drawn."""
    draft = (_typed(procedure_id) or AdviceDraft.fresh(stored)).over(stored)
    _drafts()[procedure_id] = draft
    for name, value in draft.typed.items():
        key = _key(procedure_id, name)
        # Left alone where it agrees, so that nothing is overwritten under somebody's hands.
        if key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
    return draft


def _typed(procedure_id: str) -> AdviceDraft | None:
    """Return the form as the browser sent it last; None before it was drawn."""
    draft = _drafts().get(procedure_id)
    if draft is None:
        return None
    # Fields of another procedure than the one shown are gone; what was typed in them is not.
    typed = {
        name: st.session_state.get(_key(procedure_id, name), kept)
        for name, kept in draft.typed.items()
    }
    return AdviceDraft(drawn_from=draft.drawn_from, typed=typed, meanwhile=draft.meanwhile)


def _drafts() -> dict[str, AdviceDraft]:
    kept: dict[str, AdviceDraft] = st.session_state.setdefault(_DRAFTS, {})
    return kept


def _key(procedure_id: str, value_id: str) -> str:
    return f"advice-{procedure_id}-{value_id}"


def _shown(value: float | None) -> str:
    return UNDECIDED if value is None else f"{value:g}"
