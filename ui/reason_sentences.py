"""
What a reason rests on, in one sentence for the staff.

Each function names the figures of its rule; a reason that lacks one, as one of an older version
may, is told by its days alone.
"""

from collections.abc import Callable, Mapping
from datetime import date

from content.shelf import warning_signs
from recovery.judgement.reasons import Reason, ReasonKind
from ui.plain_text import plain
from ui.words import count_of, plain_number, short_day

_PERCENT = 100
_BROKEN = (LookupError, TypeError, ValueError, ArithmeticError)


def reason_sentence(reason: Reason) -> str:
    """Say in a full sentence what a reason rests on, with its days and figures."""
    try:
        return _SENTENCES[reason.kind](reason)
    except _BROKEN:
        # A figure is missing or of another kind: the days are always there.
        return f"It rests on the answers {_span(reason)}."


def _warning_sign(reason: Reason) -> str:
    known = warning_signs()
    signs = [str(each) for each in _list(reason, "signs")]
    named = "; ".join(plain(known[each].short if each in known else each) for each in signs)
    if not named:
        raise LookupError
    return f"Ticked on {short_day(reason.first_day)}: {named}."


def _event(reason: Reason) -> str:
    pain = f", pain {_number(reason, 'pain_nrs')} of 10" if "pain_nrs" in reason.values else ""
    return f"Recorded on {short_day(reason.first_day)}{pain}."


def _change(reason: Reason) -> str:
    days = count_of(int(_figure(reason, "days")), "logged day")
    return (
        f"Average pain {_number(reason, 'now_nrs')} on {days} since {_day(reason, 'since_day')}, "
        f"after {_number(reason, 'before_nrs')} before: {_difference(reason, 'before_nrs')}."
    )


def _worse_again(reason: Reason) -> str:
    return (
        f"Average pain {_number(reason, 'now_nrs')} in the week up to "
        f"{short_day(reason.last_day)}, after {_number(reason, 'best_nrs')} in the best week, up "
        f"to {_day(reason, 'best_day')}: {_difference(reason, 'best_nrs')}."
    )


def _higher(reason: Reason) -> str:
    pains = ", ".join(plain_number(float(each)) for each in _list(reason, "pains"))
    limit = plain_number(float(_list(reason, "limits")[-1]))
    days = count_of(int(_figure(reason, "days")), "logged day")
    centile = plain_number(_figure(reason, "chance") * _PERCENT)
    return (
        f"Average pain {pains} on the last {days}, up to {short_day(reason.last_day)}; "
        f"the documented {centile}th centile is {limit} there."
    )


def _no_response(reason: Reason) -> str:
    return (
        f"Average pain {_number(reason, 'now_nrs')} in the week up to "
        f"{short_day(reason.last_day)}, {_number(reason, 'baseline_nrs')} before the procedure: "
        f"{_difference(reason, 'baseline_nrs')}. On day {_number(reason, 'judging_day')} it was "
        f"{_number(reason, 'milestone_nrs')}."
    )


def _silence(reason: Reason) -> str:
    # Without its number of days, which goes on growing after the day on which it was found.
    if "last_day" not in reason.values:
        return "Nothing was ever reported."
    return f"No report since {_day(reason, 'last_day')}."


def _medicine(reason: Reason) -> str:
    if reason.values["how"] == "prescribed":
        days = count_of(int(_figure(reason, "days")), "day")
        return (
            f"Prescribed pain medicine on {days} of the week up to "
            f"{short_day(reason.last_day)}, on none of the two weeks before."
        )
    return (
        f"Pain medicine {_number(reason, 'now_times')} times a day in the week up to "
        f"{short_day(reason.last_day)}, {_number(reason, 'before_times')} times before."
    )


def _brace(reason: Reason) -> str:
    days = count_of(int(_figure(reason, "days")), "day")
    share = round(_shown(reason, "worn_hours") / _shown(reason, "planned_hours") * _PERCENT)
    limit = round(_figure(reason, "limit") * _PERCENT)
    return (
        f"Brace worn {_number(reason, 'worn_hours')} of {_number(reason, 'planned_hours')} "
        f"planned hours a day on {days} up to {short_day(reason.last_day)}: {share} %, "
        f"with a limit of {limit} %."
    )


_SENTENCES: Mapping[ReasonKind, Callable[[Reason], str]] = {
    ReasonKind.WARNING_SIGN: _warning_sign,
    ReasonKind.SUDDEN_PAIN: _event,
    ReasonKind.FALL: _event,
    ReasonKind.CHANGE: _change,
    ReasonKind.WORSE_AGAIN: _worse_again,
    ReasonKind.HIGHER: _higher,
    ReasonKind.NO_RESPONSE: _no_response,
    ReasonKind.SILENCE: _silence,
    ReasonKind.MEDICINE: _medicine,
    ReasonKind.BRACE: _brace,
}


def _figure(reason: Reason, name: str) -> float:
    value = reason.values[name]
    if not isinstance(value, int | float):
        raise TypeError
    return value


def _shown(reason: Reason, name: str) -> float:
    """Return a figure as rounded as ``_number`` writes it."""
    return round(_figure(reason, name), 1)


def _number(reason: Reason, name: str) -> str:
    return plain_number(_shown(reason, name))


def _difference(reason: Reason, before: str) -> str:
    """
    Say how the pain now differs from the one named *before*.

    It is that of the two figures as written, so that a reader who subtracts them finds it; the
    one between the exact figures may be a tenth off.
    """
    points = round(_shown(reason, "now_nrs") - _shown(reason, before), 1)
    if not points:
        return "no change"
    unit = "point" if abs(points) == 1 else "points"
    return f"{plain_number(abs(points))} {unit} {'more' if points > 0 else 'less'}"


def _day(reason: Reason, name: str) -> str:
    return short_day(date.fromisoformat(str(reason.values[name])))


def _list(reason: Reason, name: str) -> list[float] | list[int] | list[str]:
    value = reason.values[name]
    if not isinstance(value, list):
        raise TypeError
    return value


def _span(reason: Reason) -> str:
    if reason.first_day == reason.last_day:
        return f"of {short_day(reason.last_day)}"
    return f"of {short_day(reason.first_day)} to {short_day(reason.last_day)}"
