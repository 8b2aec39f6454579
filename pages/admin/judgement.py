"""Judgement: which thresholds make alerts, and what others would have made."""

import streamlit as st

from content.judgement_figures import judgement_figures
from db.clinics import clinic_settings
from db.engine import reading
from db.judgement_settings import judgement_settings, list_settings_versions
from recovery.access import Role
from recovery.errors import InvalidEntry
from ui.alert_budget import clinic_replay, show_budget, show_budget_of
from ui.judgement_figures import show_choices_of, show_figures
from ui.judgement_form import ask_thresholds, in_force_words, offer_save, typed_thresholds
from ui.judgement_questions import Question
from ui.judgement_versions import show_versions
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

with reading() as session:
    in_force = judgement_settings(session, actor)
    versions = list_settings_versions(session, actor)
    zone_name = clinic_settings(session, actor).time_zone

st.title("Judgement", anchor=False)
st.markdown(
    "These values decide when an alert asks a clinician to look. Change one to see, before you "
    "save, how many alerts your clinic's own last days would have made."
)
st.markdown(in_force_words(versions, zone_name))
typed = typed_thresholds(in_force)
usable = None if isinstance(typed, InvalidEntry) else typed
replay = clinic_replay(actor, zone_name)
figures = judgement_figures()


def beside(question: Question) -> None:
    """Draw what the clinic's own days and the simulator say of a threshold."""
    show_budget_of(question.kind, replay, in_force, usable)
    show_choices_of(question, figures)


ask_thresholds(in_force, beside)
st.header("All rules together", anchor=False)
show_budget(replay, in_force, usable)
offer_save(actor, in_force, typed)
st.header("Versions", anchor=False)
show_versions(versions, zone_name)
st.header("How often the rules are right and wrong", anchor=False)
show_figures(figures)
