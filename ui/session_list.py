"""Open sign-ins, each with a way to end it."""

from collections.abc import Sequence

import streamlit as st

from db.open_sessions import OpenSession
from recovery.sign_in import SignInWay
from recovery.wording import marked, tr
from ui.acts import ActOn, act_button, on
from ui.plain_text import plain
from ui.words import moment

WAY_WORDS = {
    SignInWay.PASSWORD: marked("password"),
    SignInWay.PASSKEY: marked("passkey"),
    SignInWay.PROVIDER: marked("the clinic's own sign-in"),
}
UNKNOWN_DEVICE = marked("Unknown device")


def device_words(device: str) -> str:
    """Say which browser and system, stored as such as ``Firefox on Windows``."""
    browser, _, system = device.partition(" on ")
    if not system:
        return tr(browser or UNKNOWN_DEVICE)
    return tr("{browser} on {system}", browser=browser, system=system)


def show_sessions(
    sessions: Sequence[OpenSession], zone_name: str, end: ActOn, *, with_names: bool = False
) -> None:
    """
    Show open sign-ins, the newest first.

    Args:
        sessions: What is open.
        zone_name: Whose clock the times are told by.
        end: ActOns one of them.
        with_names: Whether they are of several people.
    """
    for each in sessions:
        with st.container(border=True):
            whose = f"{plain(each.display_name)}, {each.role.value}. " if with_names else ""
            said = tr(
                "**{device}**, with {way}, since {began}. Last used {used}.",
                device=plain(device_words(each.device)),
                way=tr(WAY_WORDS[each.way]),
                began=moment(each.began_at, zone_name),
                used=moment(each.last_seen_at, zone_name),
            )
            here = tr("**This one.**") if each.is_present else ""
            st.markdown(f"{whose}{said} {here}".strip())
            if not each.is_present:
                act_button(
                    tr("End this sign-in"),
                    on(end, each.session_id),
                    key=f"end-{each.session_id}",
                )
