"""The pain scale of one planned rating, and the numbers chosen and not saved yet."""

import streamlit as st

from recovery.block_log import BlockLog, Slot
from ui.pain_scale import chosen_nrs, pain_scale

_CHOSEN = "block-chosen"


def ask_pain(label: str, log: BlockLog, slot: Slot) -> int | None:
    """Ask for the pain of *slot*; a number that is not saved yet stays with its slot."""
    key = _scale_key(log, slot)
    kept: dict[str, tuple[int | None, int | None]] = st.session_state.setdefault(_CHOSEN, {})
    filled, latest = kept.get(key, (None, None))
    if key not in st.session_state:
        # Not drawn in the run before: its time passed meanwhile, or another page was open.
        filled = latest
    nrs = pain_scale(label, key=key, value=filled)
    kept[key] = (filled, nrs)
    return nrs


def pain_of(log: BlockLog, slot: Slot) -> int | None:
    """Return the number that stands on the scale of *slot* at a press, before it is drawn."""
    key = _scale_key(log, slot)
    kept: dict[str, tuple[int | None, int | None]] = st.session_state.get(_CHOSEN, {})
    return chosen_nrs(key, value=kept.get(key, (None, None))[0])


def chosen_for(log: BlockLog, slot: Slot) -> int | None:
    """Return the number chosen for *slot* and not saved; None when there is none."""
    kept: dict[str, tuple[int | None, int | None]] = st.session_state.get(_CHOSEN, {})
    return kept.get(_scale_key(log, slot), (None, None))[1]


def forget_saved(log: BlockLog) -> None:
    """Forget the numbers that are saved, so that taking one back leaves its scale empty."""
    for slot in log.rated:
        st.session_state.get(_CHOSEN, {}).pop(_scale_key(log, slot), None)


def _scale_key(log: BlockLog, slot: Slot) -> str:
    return f"block-{log.done.event_id}-{slot.minutes}"
