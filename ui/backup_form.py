"""When the server backs itself up, set by the administrator of its only clinic."""

from dataclasses import replace

import streamlit as st

from db.backup_folder import use_folder
from db.backup_plan import StoredPlan, change_plan
from db.engine import reading, writing
from recovery.access import Actor
from recovery.backups import MAX_KEEP, BackupPlan
from recovery.errors import RecoveryError
from ui.acts import say_next, show_said, still_administrator
from ui.presses import press_submit

HOUR_KEY = "backup-hour"
FOLDER_KEY = "backup-folder"
KEEP_KEY = "backup-keep"

USUAL_HOUR = 2
USUAL_KEEP = 30
_HOURS = range(24)
SAVED = "Saved. The first backup is made within minutes, and the next ones at their hour."


def show_backup_form(actor: Actor, stored: StoredPlan | None, zone_name: str) -> None:
    """Ask for the hour, the folder and how many copies stay; the folder is tried on Save."""
    st.header("Backups", anchor=False)
    plan = stored.plan if stored else None
    with st.form("backups"):
        st.selectbox(
            f"Hour of the daily backup, on the clinic's clock ({zone_name})",
            _HOURS,
            index=plan.hour if plan else USUAL_HOUR,
            format_func=lambda hour: f"{hour}:00",
            key=HOUR_KEY,
        )
        st.text_input(
            "Folder on the server, from the root of its disk",
            value=plan.folder if plan else "",
            key=FOLDER_KEY,
        )
        st.number_input(
            f"How many copies stay, 1 to {MAX_KEEP}",
            value=plan.keep if plan else USUAL_KEEP,
            step=1,
            key=KEEP_KEY,
        )
        st.markdown(
            "Each copy holds every record and is not encrypted: choose a folder that only "
            "whoever runs the server can read, on another disk than the database, and have it "
            "copied to another place. Older copies beyond these are deleted. Records that were "
            "erased are gone from backups when the last copy from before is."
        )
        press_submit("Save", _save, actor, zone_name, key="backup-save", type="primary")
    # Below the button, where whoever pressed it looks.
    show_said()


def _save(actor: Actor, zone_name: str) -> None:
    answers = st.session_state
    wanted = BackupPlan(
        hour=answers[HOUR_KEY],
        time_zone=zone_name,
        folder=answers[FOLDER_KEY] or "",
        keep=int(answers[KEEP_KEY] or 0),
    )
    try:
        _store(actor, wanted)
    except RecoveryError as refusal:
        say_next(refusal)
        return
    say_next(SAVED)


def _store(actor: Actor, wanted: BackupPlan) -> None:
    with reading() as session:
        still_administrator(session, actor)
    cleaned = wanted.cleaned()
    # Before the transaction, since a disk may take its time.
    planned = replace(cleaned, folder=str(use_folder(cleaned.folder)))
    with writing() as session:
        change_plan(session, still_administrator(session, actor), planned)
