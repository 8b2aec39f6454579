"""Learn: what to expect of the procedure, page by page."""

import streamlit as st

from content.rendering import rendered
from content.shelf import find_page, pages_for, procedures, sources
from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.engine import reading
from recovery.access import Role
from recovery.wording import tr
from ui.own_record import open_own_record
from ui.procedure import UNKNOWN_PROCEDURE, procedure_of
from ui.reading import show_page_link, show_text
from ui.shell import show_patient_links, show_when_to_call
from ui.who import require_actor

actor = require_actor(*Role)

with reading() as session:
    if not actor.role.is_staff:
        procedure_id = open_own_record(session, actor).patient.episode.procedure
    else:
        names = {each.id: each.name for each in procedures().values()}
        procedure_id = st.selectbox("Procedure", names, format_func=names.__getitem__)
    settings = clinic_settings(session, actor)
    advice = clinic_values(session, actor, procedure_id)

pages = pages_for(procedure_id)
page = find_page(procedure_id, str(st.query_params.get("page", "")))
if page is None:
    what = procedure_of(procedure_id).in_sentence
    title = tr("Your {procedure}: what to expect", procedure=what)
    st.title(title, anchor=False)
    if not pages:
        st.info(tr(UNKNOWN_PROCEDURE))
    for each in pages:
        show_page_link(each)
else:
    if st.button(tr("All pages"), key="all-pages", icon=":material/arrow_back:"):
        st.switch_page("learn/learn.py")
    st.title(page.title, anchor=False)
    show_text(rendered(page, procedure_of(procedure_id), settings, advice, sources()))
    later = pages[pages.index(page) + 1 :]
    words = tr("Next: {title}", title=later[0].title) if later else ""
    if later and st.button(words, key="next", icon=":material/arrow_forward:"):
        st.switch_page("learn/learn.py", query_params={"page": later[0].slug})

show_when_to_call(settings)
if not actor.role.is_staff:
    show_patient_links("learn/learn.py")
