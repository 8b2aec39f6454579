"""Who looked at a record, for the patient whose record it is."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from db.looks import Look
from recovery.wording import tr
from ui.plain_text import plain
from ui.words import moment, role_words


def show_looks(looks: Sequence[Look], zone_name: str) -> None:
    """Show the newest looks of the clinic's staff as a table."""
    if not looks:
        st.markdown(tr("Nobody of your clinic has opened your record yet."))
        return
    st.markdown(tr("Your clinic's staff opened your record at these times. The newest are on top."))
    rows = [
        {
            tr("When"): moment(look.at, zone_name),
            tr("Who"): plain(look.by_name),
            tr("As"): _role(look),
        }
        for look in looks
    ]
    st.table(pd.DataFrame(rows), hide_index=True, alt=tr("Who looked at your record"))


def _role(look: Look) -> str:
    role = role_words(look.role)
    return tr("{role}, in an emergency", role=role) if look.in_emergency else role
