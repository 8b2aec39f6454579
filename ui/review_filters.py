"""What the review list is filtered by: kept for the session, never in the address."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from content.list_phases import find_phase, list_phases
from content.shelf import procedures
from recovery.judgement.reasons import ReasonKind
from recovery.review import MAX_COUNTED, ReviewOrder, week_of
from recovery.review_views import ReviewView
from ui.procedure import procedure_of
from ui.reason_words import REASON_WORDS
from ui.review_list import ORDER_WORDS
from ui.words import moment, short_day

PAGE = "review-page"
SEARCH = "review-search"
_ORDER = "review-order"
_PROCEDURE = "review-procedure"
_PHASE = "review-phase"
_REASON = "review-reason"
_FLAGS = {"is_mine": "review-mine", "has_visit": "review-visit", "is_changed": "review-changed"}
_ON = ":material/check:"


def chosen_view() -> ReviewView:
    """Return the view as it is chosen now, in this session."""
    state: Mapping[Any, Any] = st.session_state
    return ReviewView(
        order=state.get(_ORDER, ReviewOrder.NEED),
        reason=state.get(_REASON),
        procedure=state.get(_PROCEDURE) or "",
        phase=state.get(_PHASE) or "",
        **{name: bool(state.get(key)) for name, key in _FLAGS.items()},
    )


def choose_view(view: ReviewView) -> None:
    """Show the list as *view* says from the next run on, from its first page."""
    st.session_state[_ORDER] = view.order
    st.session_state[_REASON] = view.reason
    st.session_state[_PROCEDURE] = view.procedure if view.procedure in procedures() else ""
    is_known = find_phase(view.procedure, view.phase) is not None
    st.session_state[_PHASE] = view.phase if is_known else ""
    for name, key in _FLAGS.items():
        st.session_state[key] = getattr(view, name)
    first_page()


def first_page() -> None:
    """Begin at the first page again."""
    st.session_state[PAGE] = 0


def ask_reason(counts: Mapping[ReasonKind, int], *, opens: str = "") -> None:
    """
    Show how many have which reason; pressing one shows those alone, pressing it again all.

    Args:
        counts: Patients by reason; a chosen reason is shown also when nobody has it.
        opens: A page that a press leads to; empty to stay.
    """
    chosen = chosen_view().reason
    with st.container(horizontal=True, gap="xsmall"):
        for kind in ReasonKind:
            count = counts.get(kind, 0)
            if not count and kind is not chosen:
                continue
            said = f"{MAX_COUNTED}+" if count > MAX_COUNTED else str(count)
            pressed = _chip(
                f"{REASON_WORDS[kind]} {said}",
                f"reason-{kind}",
                is_on=kind is chosen,
                on_click=partial(_set, _REASON, None if kind is chosen and not opens else kind),
            )
            if pressed and opens:
                st.switch_page(opens)


def ask_filters() -> None:
    """Ask for name, order, procedure and phase, in one line."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Find by name",
            key=SEARCH,
            persist_state="session",
            placeholder="Beginning of a name",
            on_change=first_page,
        )
        _choose("Sorted by", _ORDER, list(ReviewOrder), ORDER_WORDS)
        names = {"": "All procedures"} | {key: each.name for key, each in procedures().items()}
        _choose("Procedure", _PROCEDURE, list(names), names, on_change=_drop_phase)
        phases = list_phases(st.session_state.get(_PROCEDURE) or "")
        labels = {"": "All phases"} | {each.id: each.label for each in phases}
        _choose("Phase", _PHASE, list(labels), labels)


def ask_flags(*, since: datetime | None) -> None:
    """
    Offer the filters that are on or off.

    Args:
        since: The look that changes are told against (UTC); None when this is the first.
    """
    view = chosen_view()
    flags = {"is_mine": "My patients", "has_visit": "Visit this week"}
    if since is not None:
        flags["is_changed"] = "Changed since I last looked"
    for name, label in flags.items():
        is_on = getattr(view, name)
        _chip(label, name, is_on=is_on, on_click=partial(_set, _FLAGS[name], not is_on))


def show_filter_words(said: str) -> None:
    """Say whom the filters leave, with a way to take them all away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(said)
        st.button(
            "Show everybody",
            key="review-clear",
            icon=":material/filter_alt_off:",
            on_click=_clear,
        )


def filter_words(view: ReviewView, *, today: date, since: datetime | None, zone_name: str) -> str:
    """Say in a sentence whom the filters leave; empty when they leave everybody."""
    monday, sunday = week_of(today)
    phase = find_phase(view.procedure, view.phase)
    parts = [
        "whom you look after" if view.is_mine else "",
        f"with the reason: {REASON_WORDS[view.reason].lower()}" if view.reason else "",
        f"after {procedure_of(view.procedure).in_sentence}" if view.procedure else "",
        f"in the phase: {phase.label}" if phase else "",
        f"with a visit from {short_day(monday)} to {short_day(sunday)}" if view.has_visit else "",
        f"changed since {moment(since, zone_name)}" if view.is_changed and since else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"Only patients {said}." if said else ""


def _choose(
    label: str, key: str, options: list[Any], words: Mapping[Any, str], on_change: Any = first_page
) -> None:
    st.selectbox(
        label,
        options,
        format_func=words.__getitem__,
        key=key,
        persist_state="session",
        on_change=on_change,
    )


def _chip(label: str, name: str, *, is_on: bool, on_click: Any) -> bool:
    return st.button(
        label,
        key=f"review-{name}",
        type="primary" if is_on else "secondary",
        icon=_ON if is_on else None,
        on_click=on_click,
    )


def _set(key: str, value: object) -> None:
    st.session_state[key] = value
    first_page()


def _clear() -> None:
    choose_view(ReviewView(order=chosen_view().order))


def _drop_phase() -> None:
    _set(_PHASE, "")
