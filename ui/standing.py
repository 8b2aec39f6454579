"""Where a patient stands, in one kind and true sentence, from the judgement that the clinic sees."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import streamlit as st

from content.placeholders import dialling_link, fill
from recovery.judgement.judge import judge
from recovery.judgement.log import log_of
from recovery.judgement.reasons import Judgement, ReasonKind, Standing, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.wording import marked, tr
from ui.procedure import rules_of
from ui.recent_flag import find_flag
from ui.recovery_view import Recovery
from ui.words import long_day

_LEVELS: Mapping[Standing, str] = {
    Standing.LOWER_OR_MIDDLE: marked(
        "Your pain is about what most people report at this point, or less."
    ),
    Standing.WIDE: marked(
        "Your pain is within the wide range of what people report at this point."
    ),
}
_HIGHER = marked(
    "Your pain is higher than most people report at this point. "
    "That is worth telling your clinic. Call {clinic_phone} when it is open."
)
_CHANGE = marked(
    "Your last days had more pain than your own days before. "
    "Call {clinic_phone} today, if you have not told them yet."
)
_WORSE_AGAIN = marked(
    "Your pain had eased, and it is higher again now. "
    "Call {clinic_phone} today, if you have not told them yet."
)
_OWN_PATTERN: Mapping[ReasonKind, str] = {
    ReasonKind.CHANGE: _CHANGE,
    ReasonKind.WORSE_AGAIN: _WORSE_AGAIN,
}
_NO_RESPONSE = marked(
    "So far, your pain is close to what it was before. Talk about it at your next visit."
)
_BESIDE: Mapping[ReasonKind, str] = {
    ReasonKind.MEDICINE: marked(
        "You took more pain medicine in the last days than before. Talk with your clinic about it."
    ),
    ReasonKind.BRACE: marked(
        "You wore the brace for fewer hours than planned in the last days. "
        "If it hurts or does not fit, tell your clinic."
    ),
}
_STATUS = frozenset({ReasonKind.HIGHER, ReasonKind.NO_RESPONSE})
"""What compares with other people or with the aim of the procedure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """
    What a patient is told about the last days.

    Attributes:
        words: Markdown, one thing.
        asks_to_call: Whether it asks to call somebody.
        beside: What else is worth telling the clinic, a sentence or two each.
    """

    words: str
    asks_to_call: bool = False
    beside: tuple[str, ...] = ()


def stand_of(recovery: Recovery, thresholds: JudgementSettings) -> Stand | None:
    """
    Return what the judgement of today means for the patient; None where nothing can be said.

    A warning sign, a sudden pain or a fall of the last days goes before all else.

    Args:
        recovery: With all reports of the episode.
        thresholds: The clinic's, in force.
    """
    if recovery.pod < 0:
        return None
    log = log_of(recovery.episode, (each.report for each in recovery.reports))
    rules = rules_of(recovery.episode, recovery.settings)
    return stand_from(recovery, judge(log, rules, thresholds, recovery.today))


def stand_from(recovery: Recovery, judgement: Judgement) -> Stand | None:
    """Return what a judgement means for the patient, as ``stand_of``."""
    first_status_day = rules_of(recovery.episode, recovery.settings).first_status_day
    found = {each.kind for each in judgement.reasons}
    if first_status_day is None:
        found -= _STATUS
    beside = tuple(tr(words) for kind, words in _BESIDE.items() if kind in found)
    words = _call_words(recovery, found)
    if words:
        return Stand(words=words, asks_to_call=True, beside=beside)
    said = _quiet_words(recovery, judgement, first_status_day)
    return Stand(words=said, beside=beside) if said or beside else None


def show_stand(stand: Stand | None) -> None:
    """Show what is told about the last days; never in green, which would mean safe."""
    if stand is None or not stand.words:
        return
    if stand.asks_to_call:
        st.warning(stand.words, icon=":material/call:")
    else:
        st.markdown(f"**{stand.words}**")


def show_beside(stand: Stand | None) -> None:
    """Show what else is worth telling the clinic."""
    for said in stand.beside if stand else ():
        st.markdown(said)


def _call_words(recovery: Recovery, found: AbstractSet[ReasonKind]) -> str:
    """Return what asks for a call, the gravest there is; empty for nothing."""
    flag = find_flag(recovery)
    if flag is not None and not flag.is_fall:
        return flag.words(recovery.today)
    for kind, words in _OWN_PATTERN.items():
        if kind in found:
            return _filled(words, recovery)
    if flag is not None:
        return flag.words(recovery.today)
    return _filled(_HIGHER, recovery) if ReasonKind.HIGHER in found else ""


def _quiet_words(recovery: Recovery, judgement: Judgement, first_status_day: int | None) -> str:
    """Return what asks for no call; empty for nothing."""
    found = {each.kind for each in judgement.reasons}
    if ReasonKind.SILENCE in found and recovery.reports:
        last = recovery.reports[-1].report.day
        return tr("Your newest log is from {day}. You can start again today.", day=long_day(last))
    if first_status_day is None:
        return ""
    if ReasonKind.NO_RESPONSE in found:
        return tr(_NO_RESPONSE)
    if judgement.standing is not None and judgement.standing in _LEVELS:
        return tr(_LEVELS[judgement.standing])
    return _not_yet(judgement.unjudged.get(ReasonKind.HIGHER), first_status_day)


def _not_yet(why: Unjudged | None, first_status_day: int) -> str:
    """Say from when on a level can be told; empty where it cannot be, or only with a band."""
    if why is Unjudged.TOO_EARLY:
        return tr(
            "From day {day} on, you can read here how your pain compares with that of others.",
            day=first_status_day,
        )
    if why is Unjudged.TOO_FEW:
        return tr(
            "Log a few more days, and you can read here how your pain compares with that of others."
        )
    return ""


def _filled(words: str, recovery: Recovery) -> str:
    settings = recovery.settings
    return fill(tr(words), dialling_link(settings.emergency_number), dialling_link(settings.phone))
