"""What an administrator is told of backups and of the jobs of the server."""

from datetime import datetime

import streamlit as st

from db.backup_faults import failure_words
from db.backup_plan import StoredPlan
from db.jobs import JobState
from recovery.backups import is_late
from ui.plain_text import plain
from ui.words import moment

NO_PLAN = "Nothing backs up this database yet. Say below when and where to."
NO_PLAN_HERE = (
    "Nothing backs up this database yet. Several clinics share it: ask whoever runs the server "
    "to plan its backups."
)
SET_ELSEWHERE = (
    "Several clinics share this database, so whoever runs the server says when it is backed up."
)
A_DEMO = "This is a demo clinic. It is not backed up, and nothing entered in it is kept."
OTHER_ENGINE = (
    "Backups of PostgreSQL are made by its own tools and not by Mendline. What to set up stands "
    "in docs/deploy.md."
)


def show_backup_warnings(
    stored: StoredPlan | None, state: JobState | None, now: datetime, *, is_set_here: bool
) -> None:
    """Say first what has to be seen to: no plan, a failure, a success that is overdue."""
    if stored is None:
        st.warning(NO_PLAN if is_set_here else NO_PLAN_HERE)
        return
    if state is not None and state.is_failing:
        st.warning(f"The last try to back up did not succeed. {failure_words(state.failure)}")
    succeeded_at = state.finished_at if state else None
    if is_late(now, succeeded_at=succeeded_at, planned_at=stored.changed_at):
        st.warning(
            "No backup has succeeded for more than a day. Check that the server runs at the "
            "hour below, and that the disk of its folder is there."
        )


def backup_words(state: JobState | None, zone_name: str) -> str:
    """Say when the last backup succeeded, and which file it is."""
    if state is None or state.finished_at is None:
        return "none yet"
    return f"{moment(state.finished_at, zone_name)}, {plain(state.detail)}"


def failure_line(state: JobState | None, zone_name: str) -> str:
    """Say when a backup last failed, and why."""
    if state is None or state.failed_at is None:
        return "none"
    return f"{moment(state.failed_at, zone_name)}. {failure_words(state.failure)}"


def look_words(state: JobState | None, zone_name: str) -> str:
    """Say when the server last looked for what time alone changes."""
    if state is None:
        return "not yet"
    words = f"{moment(state.started_at, zone_name)}, {plain(state.detail)}".rstrip(", ")
    return f"{words}; the last look did not succeed" if state.is_failing else words
