"""Warning signs of a procedure, and whom to call for each."""

import streamlit as st

from content.placeholders import dialling_link, fill
from content.procedures import Procedure
from content.rendering import tier_words
from content.warning_signs import Tier, WarningSign
from recovery.settings import ClinicSettings
from recovery.wording import marked, tr

NOT_WATCHED = marked("Nobody watches this app around the clock.")
AT_ONCE = (Tier.EMERGENCY, Tier.CLINIC_TODAY)
"""What the short box on every page names."""


def show_heading() -> None:
    """Head the box, and say that nobody watches."""
    heading = tr("When to call.")
    st.markdown(f"**{heading}** {tr(NOT_WATCHED)}")


def show_call_lines(settings: ClinicSettings, procedure: Procedure) -> None:
    """Say in a line for each whom to call now and whom today, and for what."""
    for tier in AT_ONCE:
        if signs := _signs(procedure, tier):
            named = "; ".join(sign.short for sign in signs)
            st.markdown(f"**{_whom(tier, settings)}:** {named}.")


def show_warning_signs(settings: ClinicSettings, procedure: Procedure) -> None:
    """Show every sign of the procedure, the most urgent first."""
    with st.container(border=True):
        show_heading()
        for tier in Tier:
            if signs := _signs(procedure, tier):
                listed = "\n".join(f"- {sign.label}" for sign in signs)
                st.markdown(f"**{_whom(tier, settings)}:**\n\n{listed}")


def _signs(procedure: Procedure, tier: Tier) -> list[WarningSign]:
    return [sign for sign in procedure.warning_signs if sign.tier is tier]


def _whom(tier: Tier, settings: ClinicSettings) -> str:
    return fill(
        tier_words()[tier],
        emergency_number=dialling_link(settings.emergency_number),
        clinic_phone=dialling_link(settings.phone),
    )
