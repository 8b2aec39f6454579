"""Audit entries as a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from db.audit_log import LogEntry
from ui.plain_text import plain
from ui.words import moment

_SHORT_KEY = 8


def show_entries(entries: Sequence[LogEntry], zone_name: str) -> None:
    """Show entries, the newest on top; a patient is named by the beginning of a key alone."""
    if not entries:
        st.info("No entry fits. Choose other days, or leave the fields empty.")
        return
    st.table(
        pd.DataFrame([_cells(entry, zone_name) for entry in entries]),
        hide_index=True,
        alt="Audit entries",
    )


def _cells(entry: LogEntry, zone_name: str) -> dict[str, str]:
    about = str(entry.patient_id)[-_SHORT_KEY:] if entry.patient_id else ""
    changed = f"{entry.old} → {entry.new}" if entry.old or entry.new else ""
    details = [part for part in (entry.subject, changed, entry.reason) if part]
    return {
        "Number": str(entry.number),
        "When": moment(entry.at, zone_name),
        "Who": plain(entry.by_name) or _nameless(entry),
        "What": plain(entry.action),
        "Patient key": about,
        "Details": plain("; ".join(details)),
    }


def _nameless(entry: LogEntry) -> str:
    if entry.actor_id is None:
        return "nobody signed in"
    return f"erased account {str(entry.actor_id)[-_SHORT_KEY:]}"
