"""Advice: what the clinic decides where leaflets differ."""

import streamlit as st

from content.shelf import find_procedure
from db.clinic_values import clinic_values
from db.engine import reading
from recovery.access import Role
from ui.advice_form import ask_advice, unsaved
from ui.procedure_choice import choose_procedure, with_service
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

st.title("Advice", anchor=False)
st.markdown(
    "Leaflets differ about some things, so your clinic decides them, procedure by procedure. "
    "Where a field is empty, the text asks the patient to ask you."
)
procedure = choose_procedure("advice-procedure")
waiting = [found for each in unsaved() if (found := find_procedure(each)) and found != procedure]
if waiting:
    st.info(f"Not saved yet: {', '.join(with_service(each) for each in waiting)}.")
if procedure is not None:
    with reading() as session:
        decided = clinic_values(session, actor, procedure.id)
    if procedure.values:
        ask_advice(actor, procedure, decided)
    else:
        st.info("Nothing to decide: the texts about this procedure hold no such value.")
