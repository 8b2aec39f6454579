"""The review list as a table whose rows open the patient."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import streamlit as st

from recovery.alerts import AlertState, OpenAlert
from recovery.errors import AccessDenied
from recovery.review import DAYS_COUNTED, SPARK_DAYS, ReviewOrder, ReviewRow
from ui.procedure import procedure_of
from ui.reason_words import REASON_WORDS
from ui.record_table import Column, Spark, record_table
from ui.words import count_of, moment, short_day

OPEN_PATIENT = "open-patient"
"""Session key of the patient that is open; never in the address."""

LEFT_FROM = "review-left-from"
"""Session key of the table and row that a patient was opened from, until the table is back."""

NOBODY_ENROLLED = "Nobody is enrolled yet. Enrol the first patient to begin."
NOBODY_ASSIGNED = "You look after nobody yet. Enrol a patient, or ask a colleague to add you."
KEYS_SAID = "In the list, the arrow keys or j and k move between rows, and Enter opens one."
ORDER_WORDS = {
    ReviewOrder.NEED: "Most need first",
    ReviewOrder.NAME: "Name",
    ReviewOrder.PROCEDURE: "Procedure",
    ReviewOrder.NEWEST_PROCEDURE: "Newest procedure first",
    ReviewOrder.LATEST_REPORT: "Latest report first",
    ReviewOrder.LONGEST_SILENT: "Longest without a report first",
    ReviewOrder.HIGHEST_PAIN: "Highest last pain first",
}
STATE_WORDS = {
    AlertState.NEW: "New",
    AlertState.SEEN: "Seen",
    AlertState.ACTED: "Acted on",
    AlertState.CLOSED: "Closed",
}
_COLUMNS = (
    Column("name", "Name"),
    Column("procedure", "Procedure"),
    Column("why", "Why", kind="flag"),
    Column("state", "State"),
    Column("spark", f"Pain, {SPARK_DAYS} days", kind="spark"),
    Column("last", "Last report"),
    Column("worst", "Worst pain then", kind="number", wide_only=True),
    Column("logged", "Logged"),
)


def show_review_rows(
    rows: Sequence[ReviewRow], *, key: str, since: datetime | None = None, zone_name: str = "UTC"
) -> None:
    """
    Show the rows; pressing one opens the patient, and the way back leads to its row.

    Args:
        rows: Top to bottom.
        key: Key of the table, unique on the page.
        since: Rows that changed after this instant (UTC) say so; None for none.
        zone_name: Zone of the clinic's clock.
    """
    if since is not None and any(_is_changed(row, since) for row in rows):
        st.markdown(f"Changed: since you looked before, {moment(since, zone_name)}.")
    table, left = st.session_state.get(LEFT_FROM, ("", None))
    if table == key:
        del st.session_state[LEFT_FROM]
    opened = record_table(
        "Patients",
        _COLUMNS,
        [_cells(row, since) for row in rows],
        key=key,
        return_to=left if table == key else None,
    )
    if opened is not None:
        st.session_state[OPEN_PATIENT] = opened
        st.session_state[LEFT_FROM] = (key, opened)
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


def day_words(pod: int) -> str:
    """Say where somebody stands, after the procedure's name; negative before it."""
    return f"day {pod}" if pod >= 0 else f"in {count_of(-pod, 'day')}"


def why_words(row: ReviewRow) -> str:
    """Name the gravest open alert; below it its newest day, and how many there are beside it."""
    if not row.alerts:
        return ""
    gravest, *others = row.alerts
    beside = f", {len(others)} more" if others else ""
    day = short_day(gravest.reason.last_day)
    return f"{REASON_WORDS[gravest.reason.kind]},\n{day}{beside}"


def state_words(row: ReviewRow, since: datetime | None = None) -> str:
    """Say what became of the gravest open alert, and whether the row changed after *since*."""
    said = [_state(row.alerts[0])] if row.alerts else []
    if _is_changed(row, since):
        said.append("Changed")
    return ", ".join(said)


def last_words(day: date | None, today: date) -> str:
    """Say when the newest report was, from today and by its day."""
    if day is None:
        return "None yet"
    ago = (today - day).days
    near = {0: "Today", 1: "Yesterday"}.get(ago)
    return f"{near or f'{ago} days ago'}, {short_day(day)}"


def spark_of_row(row: ReviewRow) -> Spark | None:
    """Return the line of the last 28 days with its words; None before there is a day to show."""
    pains = row.recent_pains()
    if not pains:
        return None
    logged = [pain for pain in pains if pain is not None]
    missing = len(pains) - len(logged)
    days = count_of(len(pains), "day")
    words = f"{days} without a report" if not logged else f"{days}: {logged[0]} to {logged[-1]}"
    if logged and missing:
        words += f", {count_of(missing, 'day')} missing"
    return Spark(pains, SPARK_DAYS, words)


def _state(alert: OpenAlert) -> str:
    said = STATE_WORDS[alert.state]
    return f"{said}, passed on" if alert.is_escalated else said


def _is_changed(row: ReviewRow, since: datetime | None) -> bool:
    return since is not None and row.changed_at > since


def _cells(row: ReviewRow, since: datetime | None) -> dict[str, str | Spark]:
    return {
        "id": str(row.patient_id),
        "name": row.name,
        "procedure": f"{procedure_of(row.procedure).name},\n{day_words(row.post_procedure_day)}",
        "why": why_words(row),
        "state": _on_two_lines(state_words(row, since)),
        "spark": spark_of_row(row) or "",
        "last": _on_two_lines(last_words(row.last_day, row.today)),
        "worst": "" if row.last_worst_pain_nrs is None else str(row.last_worst_pain_nrs),
        "logged": f"{row.days_logged} of {DAYS_COUNTED}",
    }


def _on_two_lines(words: str) -> str:
    """Break after the first comma, so that a row stays low in a narrow column."""
    return words.replace(", ", ",\n", 1)
