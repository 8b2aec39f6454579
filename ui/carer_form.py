"""Whom a patient lets help: asking somebody, and ending it."""

from urllib.parse import urlsplit
from uuid import UUID

import streamlit as st

from db.carers import Carer, end_carer
from db.engine import act
from db.invitations import Invitation, OpenInvitation, invite, revoke_invitations
from db.patients import own_access
from recovery.access import Actor, Role
from recovery.days import today_in
from recovery.errors import RecoveryError
from recovery.wording import tr
from ui.clock import now
from ui.plain_text import plain
from ui.words import dated, long_day

_SAID = "carer-said"


def show_carers(actor: Actor, carers: list[Carer], zone_name: str) -> None:
    """Show who may help, each with a way to end it at once."""
    if not carers:
        st.markdown(tr("Nobody helps you here yet."))
    for carer in carers:
        with st.container(border=True):
            since = dated(today_in(zone_name, carer.since))
            name = plain(carer.display_name)
            st.markdown(
                tr("**{name}** can read and log for you since {day}.", name=name, day=since)
            )
            st.button(
                tr("Stop access for {name}", name=name),
                key=f"end-{carer.account_id}",
                on_click=_end,
                args=(actor, carer.account_id),
            )


def ask_to_help(actor: Actor, invitations: list[OpenInvitation], zone_name: str) -> None:
    """Offer a code for somebody new; it is shown once."""
    st.header(tr("Ask somebody to help"), anchor=False)
    st.markdown(
        tr(
            "They get an account of their own. They can read your pages and log for you. "
            "Your chart shows what they entered. You can end it at any time."
        )
    )
    st.button(tr("Make a code"), key="carer-code", type="primary", on_click=_invite, args=(actor,))
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, Invitation):
        _show_code(said, zone_name)
    elif said:
        st.error(said)
    elif invitations:
        until = long_day(today_in(zone_name, invitations[0].expires_at))
        st.markdown(tr("A code you made is not used yet. It works until {day}.", day=until))
        st.button(
            tr("Take the code back"), key="carer-code-back", on_click=_take_back, args=(actor,)
        )


def _show_code(made: Invitation, zone_name: str) -> None:
    until = long_day(today_in(zone_name, made.expires_at))
    st.success(tr("Give this to the person who helps you. It works once, until {day}.", day=until))
    address = urlsplit(st.context.url or "")
    where = f"{address.scheme}://{address.netloc}/join" if address.netloc else "/join"
    st.code(tr("Open  {address}\nCode  {code}", address=where, code=made.code), language=None)


def _invite(actor: Actor) -> None:
    said: Invitation | str
    try:
        at = now()
        said = act(lambda session: invite(session, own_access(session, actor), Role.CARER, at))
    except RecoveryError as refusal:
        said = str(refusal)
    st.session_state[_SAID] = said


def _take_back(actor: Actor) -> None:
    try:
        at = now()
        act(lambda session: revoke_invitations(session, own_access(session, actor), Role.CARER, at))
    except RecoveryError as refusal:
        st.session_state[_SAID] = str(refusal)


def _end(actor: Actor, account_id: UUID) -> None:
    try:
        at = now()
        act(lambda session: end_carer(session, own_access(session, actor), account_id, at))
    except RecoveryError as refusal:
        st.session_state[_SAID] = str(refusal)
