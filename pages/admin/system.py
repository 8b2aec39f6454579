"""System: what this installation runs on, how much room is left, its backups, and what waits."""

import streamlit as st

from content.shelf import served
from db.alert_queue import alert_queue
from db.backup_plan import find_plan, sets_plan
from db.clinics import clinic_settings
from db.engine import current, reading
from db.jobs import BACKUP, LOOK, job_state
from db.system_state import SystemState, system_state
from recovery.access import Role, grant_admin
from recovery.backups import size_words
from ui.alert_words import queue_words
from ui.backup_form import show_backup_form
from ui.backup_state import (
    A_DEMO,
    OTHER_ENGINE,
    SET_ELSEWHERE,
    backup_words,
    failure_line,
    look_words,
    show_backup_warnings,
)
from ui.clock import now
from ui.content_state import show_content_state
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

LITTLE_ROOM = 1_000_000_000


def _replica_row(state: SystemState) -> dict[str, str]:
    if not state.has_replica:
        return {}
    lag = state.replica_lag_bytes
    words = "not used: it does not answer, or is no copy of this database"
    return {"Copy to read from": words if lag is None else f"used, {lag:,} bytes behind"}


access = grant_admin(actor)
state = system_state(current(), access)
with reading() as session:
    queue = alert_queue(session, access)
    zone_name = clinic_settings(session, actor).time_zone
    plan = find_plan(session, access)
    is_set_here = sets_plan(session, access)
    backup = job_state(session, access, BACKUP)
    look = job_state(session, access, LOOK)
is_demo = current().is_demo
is_file = state.free_bytes is not None and not is_demo

st.title("System", anchor=False)
if state.free_bytes is not None and state.free_bytes < LITTLE_ROOM:
    st.warning(
        f"Only {size_words(state.free_bytes)} are left on the disk. Make room before it is full: "
        "then nothing can be logged any more."
    )
if is_file:
    show_backup_warnings(plan, backup, now(), is_set_here=is_set_here)
content = served()
content.library()  # looks at the files when that is due
show_content_state(content.problem)
rows = {
    "Mendline": f"schema {state.schema}",
    "Database": f"{state.engine}, {size_words(state.size_bytes)}",
    "Room on its disk": "another machine's"
    if state.free_bytes is None
    else size_words(state.free_bytes),
    **_replica_row(state),
    **state.versions,
    "Queue of alerts": queue_words(queue, zone_name),
    "Last look at the clock": look_words(look, zone_name),
}
if is_file:
    rows["Last backup"] = backup_words(backup, zone_name)
    rows["Last backup that failed"] = failure_line(backup, zone_name)
st.markdown("\n".join(f"- **{name}**: {value}" for name, value in rows.items()))
if not is_file:
    st.markdown(A_DEMO if is_demo else OTHER_ENGINE)
elif is_set_here:
    show_backup_form(actor, plan, zone_name)
else:
    st.markdown(SET_ELSEWHERE)
