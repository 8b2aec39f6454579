"""The review list as a table whose rows open the patient."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from recovery.errors import AccessDenied
from recovery.review import DAYS_COUNTED, ReviewOrder, ReviewRow
from ui.procedure import procedure_of
from ui.reason_words import REASON_WORDS
from ui.record_table import Column, record_table
from ui.words import short_day

OPEN_PATIENT = "open-patient"
"""Session key of the patient that is open; never in the address."""

NOBODY_ENROLLED = "Nobody is enrolled yet. Enrol the first patient to begin."
NOBODY_ASSIGNED = "You look after nobody yet. Enrol a patient, or ask a colleague to add you."
ORDER_WORDS = {
    ReviewOrder.NEED: "Most need first",
    ReviewOrder.NAME: "Name",
    ReviewOrder.PROCEDURE: "Procedure",
    ReviewOrder.NEWEST_PROCEDURE: "Newest procedure first",
    ReviewOrder.LATEST_REPORT: "Latest report first",
    ReviewOrder.LONGEST_SILENT: "Longest without a report first",
    ReviewOrder.HIGHEST_PAIN: "Highest last pain first",
}
_COLUMNS = (
    Column("name", "Name"),
    Column("procedure", "Procedure"),
    Column("day", "Day", kind="number"),
    Column("attention", "Look at", kind="flag"),
    Column("last", "Last report"),
    Column("pain", "Worst pain then", kind="number"),
    Column("logged", "Logged"),
)


def show_review_rows(rows: Sequence[ReviewRow], *, key: str) -> None:
    """Show the rows; pressing one opens the patient."""
    opened = record_table(
        "Patients", _COLUMNS, [_cells(row) for row in rows], key=key, open_label="Open"
    )
    if opened is not None:
        st.session_state[OPEN_PATIENT] = opened
        st.switch_page("clinician/patient.py")


def open_patient_id() -> UUID | None:
    """
    Return the patient that was opened last in this session, or None.

    Raises:
        AccessDenied: If what was opened cannot be the key of a patient.
    """
    known = st.session_state.get(OPEN_PATIENT)
    try:
        return None if known is None else UUID(str(known))
    except ValueError as error:
        raise AccessDenied from error


def attention_words(row: ReviewRow) -> str:
    """Name the open alerts, the gravest first; empty for none."""
    return "; ".join(
        f"{REASON_WORDS[each.reason.kind]}, {short_day(each.reason.last_day)}"
        for each in row.alerts
    )


def _cells(row: ReviewRow) -> dict[str, str]:
    return {
        "id": str(row.patient_id),
        "name": row.name,
        "procedure": procedure_of(row.procedure).name,
        "day": str(row.post_procedure_day),
        "attention": attention_words(row),
        "last": short_day(row.last_day) if row.last_day else "none yet",
        "pain": "" if row.last_worst_pain_nrs is None else str(row.last_worst_pain_nrs),
        "logged": f"{row.days_logged} of {DAYS_COUNTED}",
    }
