"""Open sign-ins, each with a way to end it."""

from collections.abc import Sequence

import streamlit as st

from db.open_sessions import OpenSession
from recovery.sign_in import SignInWay
from ui.acts import ActOn, act_button, on
from ui.plain_text import plain
from ui.words import moment

WAY_WORDS = {
    SignInWay.PASSWORD: "password",
    SignInWay.PASSKEY: "passkey",
    SignInWay.PROVIDER: "the clinic's own sign-in",
}
UNKNOWN_DEVICE = "Unknown device"


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
            here = " **This one.**" if each.is_present else ""
            st.markdown(
                f"{whose}**{plain(each.device or UNKNOWN_DEVICE)}**, with {WAY_WORDS[each.way]}, "
                f"since {moment(each.began_at, zone_name)}. "
                f"Last used {moment(each.last_seen_at, zone_name)}.{here}"
            )
            if not each.is_present:
                act_button(
                    "End this sign-in",
                    on(end, each.session_id),
                    key=f"end-{each.session_id}",
                )
