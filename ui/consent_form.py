"""What a patient agrees to before the first entry, and how that ends."""

import streamlit as st

from content.consent import CONSENT_VERSION, consent_text
from db.consents import give_consent, withdraw_consent
from db.engine import act
from db.patients import own_access
from recovery.access import Actor
from recovery.wording import marked, tr
from ui.clock import now
from ui.own_record import OwnRecord
from ui.presses import press_button
from ui.said import refusals_of, show_said_of
from ui.words import moment

_FIRST = marked("Before you log, please read this.")
_CHANGED = marked("These words have changed. Please read them again before you log.")
_PRESSES = "consent"


def ask_consent(actor: Actor, record: OwnRecord) -> None:
    """Show the words and one button; a carer reads that it is the patient's to press."""
    show_said_of(_PRESSES)
    if not record.access.is_own:
        st.info(
            tr("Nothing can be logged yet. Ask the person you help to sign in and agree first.")
        )
        return
    is_new = record.consent is None
    st.markdown(f"**{tr(_FIRST if is_new else _CHANGED)}**")
    st.markdown(consent_text())
    press_button(tr("I agree"), _give, actor, key="consent-give", type="primary", width="stretch")


def show_consent(actor: Actor, record: OwnRecord) -> None:
    """Show what the patient agreed to and when, with the way to stop or to agree anew."""
    show_said_of(_PRESSES)
    zone_name = record.patient.time_zone
    standing = record.consent
    if standing is not None:
        st.markdown(tr("You agreed on {when}.", when=moment(standing.given_at, zone_name)))
        with st.expander(tr("What you agreed to")):
            st.markdown(consent_text(standing.text_version))
        press_button(tr("Stop logging"), _withdraw, actor, key="consent-end")
        st.markdown(
            tr(
                "After that nothing new is kept, from you or your helpers. You can still read "
                "everything, and agree again at any time."
            )
        )
        return
    if record.consents and (ended := record.consents[0].withdrawn_at) is not None:
        st.markdown(
            tr("You stopped on {when}. Nothing new is kept.", when=moment(ended, zone_name))
        )
    ask_consent(actor, record)


def _give(actor: Actor) -> None:
    at = now()
    with refusals_of(_PRESSES):
        act(
            lambda session: give_consent(session, own_access(session, actor), CONSENT_VERSION, at),
            is_keyed=True,
        )


def _withdraw(actor: Actor) -> None:
    at = now()
    with refusals_of(_PRESSES):
        act(
            lambda session: withdraw_consent(session, own_access(session, actor), at),
            is_keyed=True,
        )
