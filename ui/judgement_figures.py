"""What the simulator measured of the rules, in tables beside the settings."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from content.judgement_figures import Choice, Estimate, Figures, Group
from recovery.judgement.reasons import ReasonKind
from ui.judgement_questions import QUESTIONS, Question
from ui.reason_words import REASON_WORDS
from ui.words import count_of, plain_number

MISSING = (
    "The simulator's figures are not installed. Run `python -m benchmarks judgement --write` "
    "where Mendline's source is."
)
ASSUMED = """\
- Everybody here is made up. Nothing was measured on patients, and nothing about daily noise after
  these procedures was found in print.
- Pain before is 8 on average. It falls to 3.4 on average, most of it within 5 to 15 days.
- Days differ by themselves, by 0.8 to 1.6 points, and a bad day carries over to the next by up to
  a half. The first tables hold for up to 1.1 points and up to a third.
- 15 of 100 days are not reported, 25 of 100 when pain is 7 or more.
- A false alarm is any alert about somebody to whom nothing happened and who responded.
- In brackets: the range that holds the truth 95 times of 100.
- `docs/judgement.md` has every table and every assumption.
"""
_TRUTHS = {
    "jump_3": "Lasting rise of 3 points",
    "jump_2": "Lasting rise of 2 points",
    "early_jump": "Lasting rise of 3 points in the first weeks",
    "slow": "Slow worsening, 1 point a week",
    "flat": "No relief at all",
    "relapse": "Relapse to the pain before",
    "silent": "No report any more",
    "medicine": "3 doses a day more",
    "brace": "Brace hardly worn any more",
}
_NAMES = {
    **{kind.value: words for kind, words in REASON_WORDS.items()},
    "whole": "All rules together",
    "plain_high": "Instead of rules: any pain of 7 or more",
    "plain_rising": "Instead of rules: three rising days",
}
_PERCENT = 100


def show_choices_of(question: Question, figures: Figures | None) -> None:
    """Fold out what other values of a threshold find, under the last question of its rule."""
    last = [each for each in QUESTIONS if each.kind is question.kind][-1]
    if figures is None or question is not last:
        return
    choices = [each for each in figures.aimed.choices if each.rule == question.kind.value]
    if choices:
        with st.expander("What other values find, and how often they are wrong"):
            st.table(_choices(question, choices), hide_index=True, alt=f"{question.label} Others")


def show_figures(figures: Figures | None) -> None:
    """Show false alarms and what is found, then how and on what assumptions it was measured."""
    if figures is None:
        st.markdown(MISSING)
        return
    st.markdown(
        f"The rules that ship were tried on {figures.people:,} made-up people on {figures.date}. "
        f"{_met(figures)}"
    )
    _show_group(figures.aimed)
    st.markdown(
        f"A detector that knows each person's true level and noise finds "
        f"{_share(figures.oracle.oracle_found)} of lasting rises over the whole range; at as many "
        f"false alarms, the rule for a change finds {_share(figures.oracle.found)}."
    )
    with st.expander("The same over the whole range of daily noise"):
        _show_group(figures.everybody)
    with st.expander("What was assumed"):
        st.markdown(ASSUMED)


def _met(figures: Figures) -> str:
    missed = [f"{each.aim} ({each.found})" for each in figures.aims if not each.met]
    if not missed:
        return "Every aim is met."
    return f"{count_of(len(missed), 'aim')} not met: {'; '.join(missed)}."


def _show_group(group: Group) -> None:
    st.table(_alarms(group), hide_index=True, alt="False alarms by rule")
    st.table(_found(group), hide_index=True, alt="What is found")


def _alarms(group: Group) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Rule": _words(_NAMES, name),
            "False alarms for 100 patient-months": _rate(each.per_100_months),
            "People flagged by day 30": _share(each.by_30),
            "By day 90": _share(each.by_90),
        }
        for name, each in group.alarms.items()
    )


def _found(group: Group) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "What truly happened": _words(_TRUTHS, name),
            "Found by the rules": f"{_share(each.share)} within {each.within_days} days",
            "Days to the alert, in the middle": _days(each.days),
            "Days before the next visit, in the middle": _days(each.lead_days),
        }
        for name, each in group.found.items()
    )


def _choices(question: Question, choices: Sequence[Choice]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Value": f"{_value(question, each.threshold)}{', ships' if each.ships else ''}",
            "False alarms for 100 patient-months": _rate(each.per_100_months),
            "Found": f"{_share(each.found)} of: {_words(_TRUTHS, each.meant_for).lower()}",
        }
        for each in choices
    )


def _value(question: Question, threshold: str) -> str:
    if question.kind is ReasonKind.HIGHER:
        chance, days = threshold.split(" / ")
        return f"{plain_number(float(chance) * _PERCENT)}th, {days} days"
    if question.kind is ReasonKind.SILENCE:
        return f"{threshold} silent days"
    return question.shown(float(threshold))


def _words(known: Mapping[str, str], name: str) -> str:
    return known.get(name, name)


def _share(each: Estimate) -> str:
    value, low, high = (round(part * _PERCENT) for part in each)
    return f"{value} % ({low} to {high})"


def _rate(each: Estimate) -> str:
    value, low, high = each
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


def _days(days: float | None) -> str:
    return "none found" if days is None else plain_number(days)
