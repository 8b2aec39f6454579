"""The versions of a clinic's thresholds, as a table."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import streamlit as st

from recovery.judgement.settings import JudgementSettings
from recovery.judgement.versions import SettingsVersion
from ui.judgement_questions import differences
from ui.plain_text import plain
from ui.words import moment


def show_versions(versions: Sequence[SettingsVersion], zone_name: str) -> None:
    """Show every saved version with what it changed, the newest on top."""
    if not versions:
        st.markdown(
            "Your clinic saved no settings yet. Each save makes a version, and each alert "
            "remembers the version that made it."
        )
        return
    all_settings = [*(each.settings for each in versions), JudgementSettings()]
    rows = [
        {
            "Version": str(version.settings.version),
            "Saved": moment(version.saved_at, zone_name),
            "By": plain(version.saved_by_name),
            "Changed": "; ".join(differences(before, after)) or "nothing",
        }
        for version, (after, before) in zip(versions, pairwise(all_settings), strict=True)
    ]
    st.table(pd.DataFrame(rows), hide_index=True, alt="Versions of the settings")
