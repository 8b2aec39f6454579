"""System: what this installation runs on, how much room is left, and what waits."""

import streamlit as st

from content.shelf import served
from db.alert_queue import alert_queue
from db.clinics import clinic_settings
from db.engine import current, reading
from db.system_state import SystemState, system_state
from recovery.access import Role, grant_admin
from ui.alert_words import queue_words
from ui.content_state import show_content_state
from ui.who import require_actor

actor = require_actor(Role.ADMINISTRATOR)

GIGABYTE = 1_000_000_000
LITTLE_ROOM = 1 * GIGABYTE


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / 1_000_000
    if size_bytes >= GIGABYTE:
        return f"{size_bytes / GIGABYTE:.1f} GB"
    return f"{megabytes:.1f} MB"


def _replica_row(state: SystemState) -> dict[str, str]:
    if not state.has_replica:
        return {}
    lag = state.replica_lag_bytes
    words = "not used: it does not answer, or is no copy of this database"
    return {"Copy to read from": words if lag is None else f"used, {lag:,} bytes behind"}


state = system_state(current(), grant_admin(actor))
with reading() as session:
    queue = alert_queue(session, grant_admin(actor))
    zone_name = clinic_settings(session, actor).time_zone

st.title("System", anchor=False)
if state.free_bytes is not None and state.free_bytes < LITTLE_ROOM:
    st.warning(
        f"Only {_size(state.free_bytes)} are left on the disk. Make room before it is full: "
        "then nothing can be logged any more."
    )
content = served()
content.library()  # looks at the files when that is due
show_content_state(content.problem)
rows = {
    "Mendline": f"schema {state.schema}",
    "Database": f"{state.engine}, {_size(state.size_bytes)}",
    "Room on its disk": "another machine's"
    if state.free_bytes is None
    else _size(state.free_bytes),
    **_replica_row(state),
    **state.versions,
    "Queue of alerts": queue_words(queue, zone_name),
}
st.markdown("\n".join(f"- **{name}**: {value}" for name, value in rows.items()))
st.markdown(
    "Mendline makes no backups yet. Whoever runs the server copies the database, "
    "and keeps the copies as safe as the records in them."
)
