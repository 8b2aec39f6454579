"""Who looked at a record, for the patient whose record it is."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from db.looks import Look
from ui.plain_text import plain
from ui.words import moment


def show_looks(looks: Sequence[Look], zone_name: str) -> None:
    """Show the newest looks of the clinic's staff as a table."""
    if not looks:
        st.markdown("Nobody of your clinic has opened your record yet.")
        return
    st.markdown("Your clinic's staff opened your record at these times. The newest are on top.")
    rows = [
        {
            "When": moment(look.at, zone_name),
            "Who": plain(look.by_name),
            "As": f"{look.role.value}, in an emergency" if look.in_emergency else look.role.value,
        }
        for look in looks
    ]
    st.table(pd.DataFrame(rows), hide_index=True, alt="Who looked at your record")
