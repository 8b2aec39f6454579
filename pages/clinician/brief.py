"""Visit brief: one patient's numbers since the last visit, on one page."""

import streamlit as st

from db.engine import writing
from recovery.access import Role
from recovery.errors import AccessDenied
from ui.brief_page import show_brief
from ui.briefs import pdf_of, read_brief
from ui.file_offer import hand_over
from ui.review_list import open_patient_id
from ui.shell import show_way
from ui.who import require_actor

actor = require_actor(Role.CLINICIAN, Role.ASSISTANT)

patient_id = open_patient_id()
if patient_id is None:
    show_way("clinician/review.py", "Back to the list", ":material/arrow_back:")
    st.title("Visit brief", anchor=False)
    st.info("Open a patient from the list, then the visit brief.")
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    show_way("clinician/patient.py", "Back to the patient", ":material/arrow_back:")
    is_wanted = st.button("Download PDF", key="brief-pdf", icon=":material/picture_as_pdf:")
    # The browser would print this page's menu and buttons with it, on two sheets.
    st.markdown("To print, use the PDF.", width="content")
try:
    with writing() as session:
        brief = read_brief(session, actor, patient_id, is_exported=is_wanted)
except AccessDenied as refusal:
    st.error(str(refusal))
    st.stop()
if is_wanted:
    file = pdf_of([brief.sheet()], brief.recovery.today)
    hand_over(file, "Save the PDF again", key="brief-file")
show_brief(brief)
