"""The review list as a table whose rows open the patient."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import streamlit as st

from recovery.alerts import STATE_WORDS, AlertState, OpenAlert
from recovery.errors import AccessDenied
from recovery.judgement.reasons import ReasonKind
from recovery.review import SPARK_DAYS, ReviewOrder, ReviewRow
from recovery.review_views import ReviewView
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
_KEYS_ANYWHERE = "review-keys-anywhere"
ORDER_WORDS = {
    ReviewOrder.NEED: "Most need first",
    ReviewOrder.NAME: "Name",
    ReviewOrder.PROCEDURE: "Procedure",
    ReviewOrder.NEWEST_PROCEDURE: "Newest procedure first",
    ReviewOrder.LATEST_REPORT: "Latest report first",
    ReviewOrder.LONGEST_SILENT: "Longest without a report first",
    ReviewOrder.HIGHEST_PAIN: "Highest last pain first",
}
_EVERYBODY = ReviewView()


def show_review_rows(  # noqa: PLR0913 - one argument per thing that a page decides
    rows: Sequence[ReviewRow],
    *,
    key: str,
    view: ReviewView = _EVERYBODY,
    since: datetime | None = None,
    zone_name: str = "UTC",
    has_keys: bool = False,
) -> None:
    """
    Show the rows; pressing one opens the patient, and the way back leads to its row.

    Args:
        rows: Top to bottom.
        key: Key of the table, unique on the page.
        view: What was asked for, which a row answers: its reason, its order, its visits.
        since: Rows that changed after this instant (UTC) say so; None for none.
        zone_name: Zone of the clinic's clock.
        has_keys: Whether the table says its keys, and offers them from the whole page.
    """
    if since is not None and any(_is_changed(row, since) for row in rows):
        st.markdown(f"Changed: since you looked before, {moment(since, zone_name)}.")
    table, left = st.session_state.get(LEFT_FROM, ("", None))
    if table == key:
        del st.session_state[LEFT_FROM]
    opened = record_table(
        "Patients",
        _columns(view),
        [_cells(row, view, since) for row in rows],
        key=key,
        return_to=left if table == key else None,
        keys_from_anywhere=has_keys and st.session_state.get(_KEYS_ANYWHERE, True),
    )
    if has_keys:
        _ask_keys()
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


def why_words(row: ReviewRow, asked: ReasonKind | None = None) -> str:
    """
    Name one open alert; below it its newest day, and how many there are beside it.

    Args:
        row: Of the list.
        asked: The reason that the list is filtered by, which goes first; then what nobody
            handled yet, so that an old reason hides no new one.
    """
    if not row.alerts:
        return ""
    first, *others = row.alerts_to_handle(asked)
    beside = f", {len(others)} more" if others else ""
    day = short_day(first.reason.last_day)
    return f"{REASON_WORDS[first.reason.kind]},\n{day}{beside}"


def state_words(row: ReviewRow, since: datetime | None = None) -> str:
    """Say how far the open alerts are handled, what is snoozed, and what changed after *since*."""
    said = [_handled_words(row.alerts)] if row.alerts else []
    if row.snoozed_until is not None:
        snoozed = f"noozed until {short_day(row.snoozed_until)}"
        said.append(f"another s{snoozed}" if said else f"S{snoozed}")
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


def procedure_words(row: ReviewRow) -> str:
    """Name the procedure; below it the day since, and below that the visits that were asked for."""
    said = [procedure_of(row.procedure).name, day_words(row.post_procedure_day)]
    if row.visits:
        said.append(f"visit {' and '.join(short_day(each) for each in row.visits)}")
    return ",\n".join(said)


def logged_words(row: ReviewRow) -> str:
    """Say on how many days a report came, of those on which it could."""
    if not row.days_counted:
        return "None due yet"
    return f"{row.days_logged} of {row.days_counted}"


def _handled_words(alerts: Sequence[OpenAlert]) -> str:
    """Count the open alerts by what became of them, the least handled first."""
    if len(alerts) == 1:
        return alerts[0].state_words
    parts = []
    for state in AlertState:
        those = [each for each in alerts if each.state is state]
        if not those:
            continue
        passed_on = sum(each.is_escalated for each in those)
        beside = f" ({passed_on} passed on)" if passed_on else ""
        parts.append(f"{len(those)} {STATE_WORDS[state].lower()}{beside}")
    return ", ".join(parts)


def _is_changed(row: ReviewRow, since: datetime | None) -> bool:
    return since is not None and row.changed_at > since and not row.is_own_change


def _ask_keys() -> None:
    # Keys that act wherever the focus is can be turned off: speech input types letters, too.
    st.markdown(KEYS_SAID)
    st.toggle(
        "From anywhere on this page, j or k leads into the list",
        value=True,
        key=_KEYS_ANYWHERE,
        persist_state="session",
    )


def _columns(view: ReviewView) -> list[Column]:
    # Of these two, the one that the list is not sorted by gives way where there is little room.
    is_by_pain = view.order is ReviewOrder.HIGHEST_PAIN
    return [
        Column("name", "Name"),
        Column("procedure", "Procedure"),
        Column("why", "Why", kind="flag"),
        Column("state", "State"),
        Column("spark", f"Average pain, {SPARK_DAYS} days", kind="spark"),
        Column("last", "Last report"),
        Column("worst", "Worst pain then", kind="number", wide_only=not is_by_pain),
        Column("logged", "Logged", wide_only=is_by_pain),
    ]


def _cells(row: ReviewRow, view: ReviewView, since: datetime | None) -> dict[str, str | Spark]:
    return {
        "id": str(row.patient_id),
        "name": row.name,
        "procedure": procedure_words(row),
        "why": why_words(row, view.reason),
        "state": _on_two_lines(state_words(row, since)),
        "spark": spark_of_row(row) or "",
        "last": _on_two_lines(last_words(row.last_day, row.today)),
        "worst": "" if row.last_worst_pain_nrs is None else str(row.last_worst_pain_nrs),
        "logged": logged_words(row),
    }


def _on_two_lines(words: str) -> str:
    """Break after the first comma, so that a row stays low in a narrow column."""
    return words.replace(", ", ",\n", 1)
