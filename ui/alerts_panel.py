"""The alerts of one patient: open ones with what can be done, closed ones folded away."""

from collections.abc import Sequence

import streamlit as st

from recovery.access import PatientAccess
from recovery.alerts import Alert, AlertState
from ui.alert_acts import ask_acts, ask_all_seen, ask_seen, has_said, show_said, was_refused
from ui.alert_words import act_line, holds_words, origin_words, state_words
from ui.reason_sentences import reason_sentence
from ui.reason_words import REASON_WORDS
from ui.recovery_view import Recovery
from ui.words import count_of

READ_ONLY = "In an emergency you read alerts. Whoever looks after the patient acts on them."


def show_alerts(access: PatientAccess, recovery: Recovery, alerts: Sequence[Alert]) -> None:
    """
    Show every alert, open ones first; the history and the acts of each are one fold.

    Args:
        access: The reader's; one opened in an emergency reads only.
        recovery: Whose, for the day and the clinic's clock.
        alerts: In the order to show them.
    """
    still_open = [each for each in alerts if each.state is not AlertState.CLOSED]
    closed = [each for each in alerts if each.state is AlertState.CLOSED]
    st.header("Alerts", anchor=False)
    if not still_open:
        st.markdown("No open alert.")
    elif access.is_emergency:
        st.markdown(READ_ONLY)
    else:
        ask_all_seen(access, still_open, recovery.today)
    for each in still_open:
        with st.container(border=True):
            _show_open(access, each, recovery)
    if closed:
        _show_closed(closed, recovery)


def _show_open(access: PatientAccess, alert: Alert, recovery: Recovery) -> None:
    """Show an alert in as few lines as a glance needs; what came before and what can be done fold."""
    with st.container(horizontal=True, wrap=False, gap="small", vertical_alignment="center"):
        st.markdown(_heading(alert, recovery))
        if not access.is_emergency:
            ask_seen(access, alert, recovery.today)
    st.markdown(_reason(alert))
    show_said(alert)
    label = "History" if access.is_emergency else "History and acts"
    key = f"alert-fold-{alert.alert_id}"
    with st.expander(label, key=key, expanded=was_refused(alert)):
        _show_history(alert, recovery)
        if not access.is_emergency:
            ask_acts(access, alert, recovery.today)
            show_said(alert, in_fold=True)


def _show_closed(closed: Sequence[Alert], recovery: Recovery) -> None:
    # What was pressed on an alert that is closed by now is said where it can be seen.
    for each in filter(has_said, closed):
        st.markdown(f"**{REASON_WORDS[each.reason.kind]}**")
        show_said(each)
    with st.expander(count_of(len(closed), "closed alert"), key="alerts-closed"):
        for each in closed:
            with st.container(border=True):
                st.markdown(_heading(each, recovery))
                st.markdown(_reason(each))
                _show_history(each, recovery)


def _heading(alert: Alert, recovery: Recovery) -> str:
    return f"**{REASON_WORDS[alert.reason.kind]}** · {state_words(alert, recovery.today)}"


def _reason(alert: Alert) -> str:
    return "  \n".join(filter(None, (reason_sentence(alert.reason), holds_words(alert))))


def _show_history(alert: Alert, recovery: Recovery) -> None:
    zone_name = recovery.settings.time_zone
    st.markdown(origin_words(alert, zone_name))
    for act in alert.acts:
        st.markdown(f"- {act_line(act, zone_name)}")
        if act.words:
            st.text(act.words)
