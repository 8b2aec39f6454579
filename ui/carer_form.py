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
from recovery.wording import tr
from ui.clock import now
from ui.plain_text import plain
from ui.presses import is_repeat, note_done, press_button
from ui.said import refusals_of, said_of, saying
from ui.words import dated, long_day

_PRESSES = "carers"


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
            press_button(
                tr("Stop access for {name}", name=name),
                _end,
                actor,
                carer.account_id,
                key=f"end-{carer.account_id}",
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
    press_button(tr("Make a code"), _invite, actor, key="carer-code", type="primary")
    with saying(_PRESSES) as said:
        if isinstance(said, Invitation):
            _show_code(said, zone_name)
        elif said is not None:
            st.error(str(said))
        elif invitations:
            until = long_day(today_in(zone_name, invitations[0].expires_at))
            st.markdown(tr("A code you made is not used yet. It works until {day}.", day=until))
            press_button(tr("Take the code back"), _take_back, actor, key="carer-code-back")


def _show_code(made: Invitation, zone_name: str) -> None:
    until = long_day(today_in(zone_name, made.expires_at))
    st.success(tr("Give this to the person who helps you. It works once, until {day}.", day=until))
    address = urlsplit(st.context.url or "")
    where = f"{address.scheme}://{address.netloc}/join" if address.netloc else "/join"
    st.code(tr("Open  {address}\nCode  {code}", address=where, code=made.code), language=None)


def _invite(actor: Actor) -> None:
    at = now()
    if is_repeat(_PRESSES, at):
        # The code of the first press of a double click is the one that is shown.
        return
    with refusals_of(_PRESSES):
        said_of(_PRESSES).what = act(
            lambda session: invite(session, own_access(session, actor), Role.CARER, at)
        )
        note_done(_PRESSES, at)


def _take_back(actor: Actor) -> None:
    at = now()
    with refusals_of(_PRESSES):
        act(lambda session: revoke_invitations(session, own_access(session, actor), Role.CARER, at))
        note_done(f"{_PRESSES}-back", at)


def _end(actor: Actor, account_id: UUID) -> None:
    at = now()
    with refusals_of(_PRESSES):
        act(lambda session: end_carer(session, own_access(session, actor), account_id, at))
