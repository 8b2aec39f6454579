"""People: the clinic's staff and their way in."""

import streamlit as st

from db.accounts import list_staff
from db.engine import reading
from recovery.access import Role, grant_admin
from ui.staff_form import ask_new_staff, show_staff
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

st.title("People", anchor=False)
ask_new_staff(grant_admin(actor))
with reading() as session:
    staff = list_staff(session, grant_admin(actor))
st.header("Staff", anchor=False)
for each in staff:
    show_staff(grant_admin(actor), each)
