"""Where a patient stands, in one kind and true sentence, from the judgement that the clinic sees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import streamlit as st

from content.placeholders import dialling_link, fill
from recovery.days import post_procedure_day
from recovery.judgement.judge import judge
from recovery.judgement.log import log_of
from recovery.judgement.reasons import Judgement, Reason, ReasonKind, Standing, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.judgement.standing import WIDE_CHANCE
from recovery.summary import WEEK_DAYS
from recovery.wording import marked, tr
from ui.procedure import rules_of
from ui.recent_flag import find_flag
from ui.recovery_view import Recovery
from ui.words import long_day

_LEVELS: Mapping[Standing, str] = {
    Standing.LOWER_OR_MIDDLE: marked(
        "Over the last {days} days, your pain was about what most people report at this point, "
        "or less."
    ),
    Standing.WIDE: marked(
        "Over the last {days} days, your pain was within the wide range of what people report "
        "at this point."
    ),
}
_FIRST_LEVELS: Mapping[Standing, str] = {
    Standing.LOWER_OR_MIDDLE: marked(
        "So far, your pain is about what most people report at this point, or less."
    ),
    Standing.WIDE: marked(
        "So far, your pain is within the wide range of what people report at this point."
    ),
}
"""The same in the first days after the procedure, when there are no seven to look back on."""
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
_MORE_THAN_BEFORE = marked(
    "Your pain is higher than it was before. Call {clinic_phone} when it is open."
)
_UP_TO_THEN: Mapping[str, str] = {
    _CHANGE: marked(
        "Up to then, you had more pain than on your own days before. "
        "If that is still so, call {clinic_phone} today."
    ),
    _WORSE_AGAIN: marked(
        "Your pain had eased, and it was higher again by then. "
        "If that is still so, call {clinic_phone} today."
    ),
    _HIGHER: marked(
        "Your pain was higher than most people report at that point. "
        "If that is still so, tell your clinic. Call {clinic_phone} when it is open."
    ),
    _MORE_THAN_BEFORE: marked(
        "Your pain was higher then than before your procedure. "
        "If that is still so, call {clinic_phone} when it is open."
    ),
}
"""What asks for a call, where the newest log is not of today or yesterday: about that day."""

_OWN_PATTERN: Mapping[ReasonKind, str] = {
    ReasonKind.CHANGE: _CHANGE,
    ReasonKind.WORSE_AGAIN: _WORSE_AGAIN,
}
_NO_RESPONSE = marked("So far, your pain has not eased much. Talk about it at your next visit.")
_MUCH_MORE_NRS = 1.0
"""Points above the pain before from which it is not only that little has eased."""

_MORE_MEDICINE = marked(
    "You took more pain medicine in the last days than before. Talk with your clinic about it."
)
_PRESCRIBED_MEDICINE = marked(
    "You took prescribed pain medicine in the last days, and none in the days before. "
    "Talk with your clinic about it."
)
_LESS_BRACE = marked(
    "You wore the brace for fewer hours than planned in the last days. "
    "If it hurts or does not fit, tell your clinic."
)
_FRESH_DAYS = 2
"""A newest log of today or yesterday speaks of now; an older one of its own day."""
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


def stand_of(recovery: Recovery, thresholds: JudgementSettings, *, can_log: bool) -> Stand | None:
    """
    Return what the judgement of today means for the patient; None where nothing can be said.

    A warning sign, a sudden pain or a fall of the last days goes before all else.

    Args:
        recovery: With all reports of the episode.
        thresholds: The clinic's, in force.
        can_log: Whether the patient agrees, so that a day can be logged; nobody else is told to.
    """
    if recovery.pod < 0:
        return None
    log = log_of(recovery.episode, (each.report for each in recovery.reports))
    rules = rules_of(recovery.episode, recovery.settings)
    judgement = judge(log, rules, thresholds, recovery.today)
    return stand_from(recovery, judgement, can_log=can_log)


def stand_from(recovery: Recovery, judgement: Judgement, *, can_log: bool) -> Stand | None:
    """Return what a judgement means for the patient, as ``stand_of``."""
    has_status = rules_of(recovery.episode, recovery.settings).first_status_day is not None
    found = {
        each.kind: each for each in judgement.reasons if has_status or each.kind not in _STATUS
    }
    beside = tuple(_beside(found))
    words = _call_words(recovery, found)
    if words:
        return Stand(words=words, asks_to_call=True, beside=beside)
    said = _quiet_words(recovery, judgement, can_log=can_log)
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


def _beside(found: Mapping[ReasonKind, Reason]) -> Iterator[str]:
    medicine = found.get(ReasonKind.MEDICINE)
    if medicine is not None:
        is_new = medicine.values.get("how") == "prescribed"
        yield tr(_PRESCRIBED_MEDICINE if is_new else _MORE_MEDICINE)
    if ReasonKind.BRACE in found:
        yield tr(_LESS_BRACE)


def _call_words(recovery: Recovery, found: Mapping[ReasonKind, Reason]) -> str:
    """Return what asks for a call, the gravest there is; empty for nothing."""
    flag = find_flag(recovery)
    if flag is not None and not flag.is_fall:
        return flag.words(recovery.today)
    for kind, words in _OWN_PATTERN.items():
        if kind in found:
            return _call(words, recovery)
    if flag is not None:
        return flag.words(recovery.today)
    if ReasonKind.HIGHER in found:
        return _call(_HIGHER, recovery)
    return _call(_MORE_THAN_BEFORE, recovery) if _is_much_more(found) else ""


def _is_much_more(found: Mapping[ReasonKind, Reason]) -> bool:
    reason = found.get(ReasonKind.NO_RESPONSE)
    better = None if reason is None else reason.values.get("better")
    return isinstance(better, int | float) and better <= -_MUCH_MORE_NRS


def _quiet_words(recovery: Recovery, judgement: Judgement, *, can_log: bool) -> str:
    """Return what asks for no call; empty for nothing."""
    found = {each.kind for each in judgement.reasons}
    first_status_day = rules_of(recovery.episode, recovery.settings).first_status_day
    if ReasonKind.SILENCE in found and recovery.reports:
        said = _newest_log(recovery)
        again = tr("You can start again today.")
        return f"{said} {again}" if can_log else said
    if first_status_day is None:
        return ""
    if ReasonKind.NO_RESPONSE in found:
        return tr(_NO_RESPONSE)
    if judgement.standing is not None and judgement.standing in _LEVELS:
        return _level_words(recovery, judgement.standing)
    why = judgement.unjudged.get(ReasonKind.HIGHER) if can_log else None
    return _not_yet(why, first_status_day)


def _level_words(recovery: Recovery, standing: Standing) -> str:
    """Say where the week lies, which a newest day far above it would make sound untrue."""
    if _is_newest_above(recovery):
        return _harder_day(recovery)
    if recovery.pod + 1 < WEEK_DAYS:
        return tr(_FIRST_LEVELS[standing])
    return tr(_LEVELS[standing], days=WEEK_DAYS)


def _is_newest_above(recovery: Recovery) -> bool:
    """Tell whether the newest day itself lies above the wide range of that day."""
    newest, episode = recovery.reports[-1].report, recovery.episode
    course = rules_of(episode, recovery.settings).course
    pod = post_procedure_day(episode.procedure_date, newest.day)
    limit = None if course is None else course.centile(pod, episode.baseline_nrs, WIDE_CHANCE)
    return limit is not None and newest.average_pain_nrs > limit


def _harder_day(recovery: Recovery) -> str:
    """Say that the newest day was harder than each of its week; empty if none shows that."""
    *before, newest = [each.report for each in recovery.reports]
    week = [each for each in before if (newest.day - each.day).days < WEEK_DAYS]
    if not week or max(each.average_pain_nrs for each in week) >= newest.average_pain_nrs:
        return ""
    return tr("{day} was harder for you than the days before.", day=long_day(newest.day))


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


def _newest_log(recovery: Recovery) -> str:
    return tr("Your newest log is from {day}.", day=long_day(recovery.reports[-1].report.day))


def _call(words: str, recovery: Recovery) -> str:
    """Return words that ask for a call, about now or about the day of the newest log."""
    newest = recovery.reports[-1].report.day if recovery.reports else recovery.today
    if (recovery.today - newest).days < _FRESH_DAYS:
        return _filled(words, recovery)
    return f"{_newest_log(recovery)} {_filled(_UP_TO_THEN[words], recovery)}"


def _filled(words: str, recovery: Recovery) -> str:
    settings = recovery.settings
    return fill(tr(words), dialling_link(settings.emergency_number), dialling_link(settings.phone))
