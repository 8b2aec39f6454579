"""Your account: how you sign in, and where you are signed in now."""

import streamlit as st

from db.clinics import clinic_settings
from db.engine import current, reading
from db.open_sessions import end_other_sessions, end_own_session, list_own_sessions
from recovery.access import Role
from recovery.wording import LANGUAGE_NAMES, language, tr
from ui.acts import act_button, show_said
from ui.clock import now
from ui.language_choice import show_languages
from ui.plain_text import plain
from ui.session_list import show_sessions
from ui.shell import ACCOUNT_PAGE, show_patient_links
from ui.who import require_actor
from ui.words import role_words

actor = require_actor(*Role)

with reading() as session:
    zone_name = clinic_settings(session, actor).time_zone
    sessions = list_own_sessions(session, actor, now())

st.title(tr("Your account"), anchor=False)
show_said()
st.markdown(
    tr("You are {name}, {role}.", name=plain(actor.display_name), role=role_words(actor.role))
)
if current().is_demo:
    st.markdown(tr("This is a demo, so there is no password to change."))
else:
    with st.container(horizontal=True):
        st.link_button(tr("Change your password"), "/account/password", icon=":material/password:")
        st.link_button(tr("Your passkeys"), "/account/passkeys", icon=":material/passkey:")
        if actor.role.is_staff:
            st.link_button("Change your code device", "/account/code", icon=":material/phonelink:")
            st.link_button("The clinic's own sign-in", "/provider/link", icon=":material/login:")
if not actor.role.is_staff:
    st.header(tr("Language"), anchor=False)
    st.markdown(
        tr(
            "You read Mendline in {language}. You can change that here.",
            language=LANGUAGE_NAMES[language()],
        )
    )
    show_languages("account")
st.header(tr("Where you are signed in"), anchor=False)
show_sessions(sessions, zone_name, lambda session, key: end_own_session(session, actor, key, now()))
if len(sessions) > 1:
    act_button(
        tr("Sign out everywhere else"),
        lambda session: end_other_sessions(session, actor, now()),
        key="end-others",
    )
st.markdown(tr("Something here that is not yours? End it, then change your password."))
if not actor.role.is_staff:
    show_patient_links(ACCOUNT_PAGE)
