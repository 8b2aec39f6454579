"""Start: what an administrator looks after."""

import streamlit as st

from db.accounts import list_staff
from db.clinics import clinic_settings
from db.emergencies import count_unreviewed
from db.engine import reading
from db.erasure import list_erasure_requests
from recovery.access import Role, grant_admin
from ui.plain_text import plain
from ui.shell import show_way
from ui.who import require_actor
from ui.words import count_of

actor = require_actor(Role.ADMINISTRATOR)

with reading() as session:
    settings = clinic_settings(session, actor)
    staff = list_staff(session, grant_admin(actor))
    waiting = count_unreviewed(session, grant_admin(actor)) + len(
        list_erasure_requests(session, grant_admin(actor))
    )

st.title(plain(settings.name), anchor=False)
st.markdown(f"{count_of(len(staff), 'staff account')}. Time zone {settings.time_zone}.")
if not any(each.role is Role.CLINICIAN and each.is_active for each in staff):
    st.info("No clinician can sign in yet. Add one under People.")
if not settings.phone:
    st.info("Patients see no phone number of the clinic yet. Enter it under Clinic.")
if waiting:
    st.info(f"{count_of(waiting, 'request')} to look at under Requests.")
with st.container(horizontal=True):
    show_way("admin/clinic.py", "Clinic", ":material/local_hospital:")
    show_way("admin/values.py", "Advice", ":material/tune:")
    show_way("admin/people.py", "People", ":material/group:")
    show_way("admin/requests.py", "Requests", ":material/inbox:")
    show_way("admin/audit.py", "Audit", ":material/receipt_long:")
