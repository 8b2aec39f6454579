"""Judgement: which thresholds make alerts, and what others would have made."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import reading
from db.judgement_settings import judgement_settings, list_settings_versions
from recovery.access import Role
from recovery.errors import InvalidEntry
from ui.alert_budget import clinic_replay, show_budget
from ui.judgement_form import ask_thresholds, in_force_words, offer_save
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
typed = ask_thresholds(in_force)
st.header("What your clinic's last days would have made", anchor=False)
show_budget(
    clinic_replay(actor, zone_name), in_force, None if isinstance(typed, InvalidEntry) else typed
)
offer_save(actor, in_force, typed)
st.header("Versions", anchor=False)
show_versions(versions, zone_name)
