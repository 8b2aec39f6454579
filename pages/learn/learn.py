"""Learn: what to expect of the procedure, page by page, and what matters now first."""

from urllib.parse import urlencode

import streamlit as st

from content.shelf import find_page, pages_for, procedures
from recovery.access import Role
from recovery.wording import tr
from ui.page_text import page_text
from ui.procedure import UNKNOWN_PROCEDURE
from ui.reader import keep_opening, open_as_patient, open_as_staff
from ui.reading import show_page_link, show_page_list
from ui.shell import show_patient_links, show_way, show_when_to_call
from ui.teach_back import ask_teach_back
from ui.warning_box import show_warning_signs
from ui.who import require_actor

actor = require_actor(*Role)

if actor.role.is_staff:
    names = {each.id: each.name for each in procedures().values()}
    chosen = st.selectbox("Procedure", names, format_func=names.__getitem__, key="procedure")
    reader = open_as_staff(actor, chosen)
else:
    reader = open_as_patient(actor)
record, procedure = reader.record, reader.procedure
pages = pages_for(procedure.id)
page = find_page(procedure.id, str(st.query_params.get("page", "")))
if page is None:
    st.title(tr("Your {procedure}: what to expect", procedure=procedure.in_sentence), anchor=False)
    if "page" in st.query_params:
        st.info(tr("That page is not here. These are the pages for you."))
    show_warning_signs(reader.settings, procedure)
    if not pages:
        st.info(tr(UNKNOWN_PROCEDURE))
    if record is not None:
        show_page_list(pages, record.pod, reader.read)
    else:
        for each in pages:
            show_page_link(each)
    show_way("learn/sources.py", tr("All sources"), ":material/link:")
else:
    keep_opening(reader, page)
    # Which procedure a patient had stays out of addresses; for staff it is no secret.
    asked = {"page": page.slug} | ({} if record else {"procedure": procedure.id})
    with st.container(horizontal=True):
        if st.button(tr("All pages"), key="all-pages", icon=":material/arrow_back:"):
            st.switch_page("learn/learn.py")
        st.link_button(tr("Print this page"), f"/print?{urlencode(asked)}", icon=":material/print:")
    st.title(page.title, anchor=False)
    page_text(reader.html_of(page), key=f"text-{page.slug}")
    ask_teach_back(reader, page)
    later = pages[pages.index(page) + 1 :]
    words = tr("Next: {title}", title=later[0].title) if later else ""
    if later and st.button(words, key="next", icon=":material/arrow_forward:"):
        st.switch_page("learn/learn.py", query_params={"page": later[0].slug})
    show_way("learn/sources.py", tr("All sources"), ":material/link:")
    show_when_to_call(reader.settings, procedure)

if record is not None:
    show_patient_links("learn/learn.py")
