"""How many alerts the clinic's own last days would have made, beside the settings in force."""

from uuid import UUID

import pandas as pd
import streamlit as st

from content.shelf import rules_for
from db.engine import reading, writing
from db.replay_logs import Replay, note_replay, read_logs
from recovery.access import Actor
from recovery.days import today_in
from recovery.judgement.budget import BUDGET_DAYS, COUNTED, Budget, Rate
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import JudgementSettings
from ui.acts import still_administrator
from ui.clock import now
from ui.reason_words import REASON_WORDS
from ui.words import count_of

ALWAYS = (
    "Falls and sudden new pain always make an alert, and so do warning signs. No response by the "
    "milestone follows the published definition. No setting changes these."
)
_REPLAY = "judgement-replay"


def clinic_replay(actor: Actor, zone_name: str) -> Replay:
    """Return what the rules measured of the clinic's last days, read once in a page session."""
    today = today_in(zone_name, now())
    key = (actor.clinic_id, actor.session_id, today)
    kept: tuple[tuple[UUID, UUID, object], Replay] | None = st.session_state.get(_REPLAY)
    if kept is not None and kept[0] == key:
        return kept[1]
    with st.spinner(f"Reading the clinic's last {BUDGET_DAYS} days"):
        with reading(is_heavy=True) as session:
            drawn = read_logs(session, still_administrator(session, actor), today)
        with writing() as session:
            note_replay(session, still_administrator(session, actor), len(drawn.logs))
        # Outside of both: nobody who saves waits for the seconds this takes.
        replay = drawn.replay(rules_for)
        st.session_state[_REPLAY] = (key, replay)
    return replay


def show_budget_of(
    kind: ReasonKind, replay: Replay, in_force: JudgementSettings, typed: JudgementSettings | None
) -> None:
    """Say of one rule what it would have made; asked as ``show_budget``."""
    made, then = replay.budget(in_force).by_kind, replay.budget(typed or in_force).by_kind
    if kind in made and typed is not None:
        st.markdown(
            f"Your clinic's last {BUDGET_DAYS} days: **{_rate(then[kind], replay)}** alerts for "
            f"100 patients in a week, {_rate(made[kind], replay)} with the settings in force."
        )


def show_budget(
    replay: Replay, in_force: JudgementSettings, typed: JudgementSettings | None
) -> None:
    """
    Show alerts for 100 patients in a week, by rule and in all.

    Args:
        replay: The clinic's own last days.
        in_force: The settings in force.
        typed: What stands in the fields; None when it cannot be used.
    """
    now_made = replay.budget(in_force)
    then_made = now_made if typed is None else replay.budget(typed)
    if now_made.in_all is None or then_made.in_all is None:
        st.markdown(
            f"Nobody was followed in the last {BUDGET_DAYS} days, so there is nothing to count yet."
        )
        return
    then, in_all = then_made.in_all, now_made.in_all
    st.markdown(
        f"**With these values: {_rate(then, replay)} alerts for 100 patients in a week.** "
        f"With the settings in force: {_rate(in_all, replay)}."
        if typed is not None
        else f"With the settings in force: {_rate(in_all, replay)} alerts for 100 patients in a week."
    )
    st.table(_table(now_made, then_made, replay), hide_index=True, alt="Alerts by rule")
    st.markdown(f"{_base(replay)} {ALWAYS}")


def _table(now_made: Budget, then_made: Budget, replay: Replay) -> pd.DataFrame:
    rows = [
        {
            "Alerts for 100 patients in a week": REASON_WORDS[kind],
            "In force": _rate(now_made.by_kind[kind], replay),
            "With these values": _rate(then_made.by_kind[kind], replay),
        }
        for kind in COUNTED
    ]
    return pd.DataFrame(rows)


def _base(replay: Replay) -> str:
    if not replay.is_sample:
        return (
            f"Counted from the last {BUDGET_DAYS} days of "
            f"{count_of(replay.patients, 'patient')}, all that your clinic followed."
        )
    return (
        f"Counted from the last {BUDGET_DAYS} days of {replay.patients} patients, drawn at random "
        f"from {replay.of:,}. In brackets: the range that 95 of 100 such draws would hold."
    )


def _rate(rate: Rate, replay: Replay) -> str:
    said = f"{rate.per_100_per_week:.1f}"
    return f"{said} ({rate.low:.1f} to {rate.high:.1f})" if replay.is_sample else said
