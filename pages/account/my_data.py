"""Your data: what you agreed to, who looked, taking it away, and having it erased."""

import streamlit as st

from db.engine import reading
from db.looks import list_looks
from recovery.access import Role
from recovery.wording import tr
from ui.acts import show_said
from ui.consent_form import show_consent
from ui.erasure_form import ask_erasure
from ui.looks_table import show_looks
from ui.own_record import open_own_record
from ui.shell import show_patient_links
from ui.who import require_actor

actor = require_actor(Role.PATIENT)

with reading() as session:
    record = open_own_record(session, actor)
    looks = list_looks(session, record.access)

st.title(tr("Your data"), anchor=False)
show_said()
st.header(tr("Take it away"), anchor=False)
st.markdown(
    tr("These files hold everything that is kept about you. Anybody who has them can read it.")
)
download = ":material/download:"
with st.container(horizontal=True):
    st.link_button(tr("Your days, as a table"), "/my-data/days.csv", icon=download)
    st.link_button(tr("Your events, as a table"), "/my-data/events.csv", icon=download)
    st.link_button(
        tr("Your questionnaires, as a table"), "/my-data/questionnaires.csv", icon=download
    )
    st.link_button(tr("Everything, for a computer"), "/my-data/record.json", icon=download)
st.header(tr("Who looked at your record"), anchor=False)
show_looks(looks, record.patient.time_zone)
st.header(tr("What you agreed to"), anchor=False)
show_consent(actor, record)
st.header(tr("Be erased"), anchor=False)
ask_erasure(record.access, record.patient.time_zone)
show_patient_links("account/my_data.py")
