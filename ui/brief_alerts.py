"""The alerts of a brief in words: how many are open, and which, with their days."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from content.shelf import warning_signs
from content.warning_signs import Tier
from recovery.alerts import Alert
from recovery.brief import Brief
from recovery.judgement.reasons import Reason, ReasonKind
from ui.few_words import CUT, cut_to, day_beside, word_count

_SIGN_WORDS = 6
_AND_MORE_WORDS = 3  # "and 2 more"
_ON_A_DAY = {
    ReasonKind.WARNING_SIGN: "warning sign",
    ReasonKind.SUDDEN_PAIN: "sudden pain",
    ReasonKind.FALL: "fall",
}
_SINCE = {
    ReasonKind.CHANGE: "change from own pattern",
    ReasonKind.HIGHER: "higher than most",
    ReasonKind.SILENCE: "no reports",
}
_IN_A_WEEK = {
    ReasonKind.WORSE_AGAIN: "better, then worse",
    ReasonKind.NO_RESPONSE: "no response",
    ReasonKind.MEDICINE: "more pain medicine",
    ReasonKind.BRACE: "brace worn less",
}


def alerts_in_words(brief: Brief, room: int) -> str:
    """
    Say how many alerts there are and how many nobody closed, and name those, the gravest first.

    Args:
        brief: Its alerts.
        room: Words there are for it; the count stands whatever it is.
    """
    if not brief.alerts:
        return "none"
    unclosed = brief.open_alerts
    if not unclosed:
        return f"{len(brief.alerts)}, all closed"
    counted = f"{len(unclosed)} open of {len(brief.alerts)}"
    named = _fitting(
        [
            (_named(each, brief.today) + _signs(each.reason), _named(each, brief.today))
            for each in unclosed
        ],
        room - word_count(counted),
    )
    if not named:
        return counted
    left = len(unclosed) - len(named)
    return f"{counted}: {'; '.join([*named, *([f'and {left} more'] if left else [])])}"


def _fitting(names: Sequence[tuple[str, str]], room: int) -> list[str]:
    """Return the first of *names*, each long or short, that fit, with room to count the others."""
    everything = [name for name, _ in names]
    if word_count(" ".join(everything)) <= room:
        return everything
    shown: list[str] = []
    room -= _AND_MORE_WORDS
    for long, short in names:
        name = long if word_count(long) <= room else short
        room -= word_count(name)
        if room < 0:
            break
        shown.append(name)
    return shown


def _named(alert: Alert, today: date) -> str:
    """Name an alert with its days, which are those it rests on, whatever came after."""
    reason = alert.reason
    first, last = (day_beside(each, today) for each in (reason.first_day, reason.last_day))
    if reason.kind in _ON_A_DAY:
        return f"{_ON_A_DAY[reason.kind]} {first}"
    if reason.kind in _IN_A_WEEK:
        return f"{_IN_A_WEEK[reason.kind]}, week to {last}"
    name = _SINCE[reason.kind]
    # What the newest answers say no longer has ended.
    return f"{name} since {_since(reason, today)}" if alert.holds else f"{name} {first} to {last}"


def _since(reason: Reason, today: date) -> str:
    """Return the day after which nothing came for a silence, as elsewhere; else the first day."""
    day = reason.first_day
    if reason.kind is ReasonKind.SILENCE:
        # An alert of an older version, or of somebody who never reported, has no such day.
        with suppress(KeyError, ValueError):
            day = date.fromisoformat(str(reason.values["last_day"]))
    return day_beside(day, today)


def _signs(reason: Reason) -> str:
    """Name the most urgent sign that was ticked, and count the others."""
    ticked = reason.values.get("signs")
    if reason.kind is not ReasonKind.WARNING_SIGN or not isinstance(ticked, list) or not ticked:
        return ""
    known = warning_signs()
    tiers = list(Tier)
    most_urgent, *others = sorted(
        (str(each) for each in ticked),
        key=lambda each: tiers.index(known[each].tier) if each in known else len(tiers),
    )
    short = known[most_urgent].short if most_urgent in known else most_urgent
    more = f", and {len(others)} more" if others else ""
    return f" ({_clause(short)}{more})"


def _clause(short: str) -> str:
    """Return the beginning of a sign's words, up to its first comma or a few words."""
    first = short.split(",", 1)[0]
    return cut_to(first, _SIGN_WORDS) if first == short else cut_to(f"{first}{CUT}", _SIGN_WORDS)
