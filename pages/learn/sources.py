"""Sources: everything that figures, sentences and warning signs rest on."""

import streamlit as st

from content.shelf import sources
from content.source_uses import uses_of_sources
from db.engine import reading
from recovery.access import Role
from recovery.wording import tr
from ui.own_record import open_own_record
from ui.shell import show_patient_links, show_way
from ui.source_list import show_sources
from ui.who import require_actor

actor = require_actor(*Role)

own_id = ""
if not actor.role.is_staff:
    with reading() as session:
        own_id = open_own_record(session, actor).patient.episode.procedure

show_way("learn/learn.py", tr("Back to Learn"), ":material/arrow_back:", key="back")
st.title(tr("Where all this was read"), anchor=False)
st.markdown(tr("Each source is named with its place and the day on which we read it."))
uses = uses_of_sources()
own = [each for each in sources() if any(use.procedure.id == own_id for use in uses.get(each, ()))]
if own:
    st.header(tr("About your procedure"), anchor=False)
    show_sources(own, uses)
    st.header(tr("About other procedures"), anchor=False)
show_sources([each for each in sources() if each not in own], uses)
if not actor.role.is_staff:
    show_patient_links("learn/sources.py")
