"""A brief in words for the clinician: short lines that hold its numbers, and claim nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exchange.brief_pdf import Line, Quote
from recovery.brief import BraceWorn, Brief, Happened, MedicineTaken
from recovery.episodes import Patient, age_on
from recovery.expectations import BandLimits
from recovery.judgement.reasons import ReasonKind, Standing, Unjudged
from recovery.reports import EventKind
from recovery.visits import VisitQuestion
from ui.brief_alerts import alerts_in_words
from ui.few_words import cut_to, day_beside, word_count
from ui.words import count_of, dated, plain_number

MAX_WORDS = 120
"""Of a whole brief, the patient's own words included and the chart left out."""

MOST_QUOTES = 5
_NAME_WORDS = 6
_ROOM_FOR_QUOTES = 16
"""Words kept free for what the patient wants to ask, whatever else there is to say."""

NOTHING_ASKED = "nothing written"
_STANDING = {
    Standing.LOWER_OR_MIDDLE: "in the middle half or lower",
    Standing.WIDE: "within the wide range",
    Standing.HIGHER: "higher than most people at this point",
}
_UNJUDGED = {
    Unjudged.NO_STATUS: "no status for this procedure",
    Unjudged.TOO_EARLY: "too early to judge",
    Unjudged.TOO_FEW: "too few days to judge",
    Unjudged.NO_BASELINE: "not judged without a baseline",
    Unjudged.NO_BAND: "nothing to judge by",
}
_EVENTS = {
    EventKind.SUDDEN_PAIN: "sudden pain",
    EventKind.FALL: "fall",
    EventKind.PAIN_READING: "extra reading",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefText:
    """
    All that a brief says beside its chart.

    Attributes:
        title: Whom it is about.
        about: Procedure, day, and since when it counts.
        lines: The numbers.
        quotes: What the patient wants to ask, as typed, cut where there is no room.
        more: How many questions are not shown; empty when all are.
    """

    title: str
    about: str
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...]
    more: str

    @property
    def word_count(self) -> int:
        """Count every word, labels and the patient's own included."""
        lines = [f"{each.label} {each.text}" for each in self.lines]
        quotes = [f"{each.text} {each.by}" for each in self.quotes]
        return word_count(" ".join([self.title, self.about, *lines, *quotes, self.more]))


def brief_text(brief: Brief, patient: Patient, procedure_name: str) -> BriefText:
    """
    Put a brief into at most ``MAX_WORDS`` words.

    The numbers come first and are never left out; what is listed beside them is cut to the room
    that is left, with a count of what is not shown.

    Args:
        brief: Its numbers.
        patient: Whose.
        procedure_name: The procedure's name, or what stands for an unknown one.
    """
    levels = "/".join(patient.episode.treated_levels)
    begun = "visit" if brief.follows_visit else "procedure"
    title = f"{cut_to(patient.name, _NAME_WORDS)}, {age_on(patient.date_of_birth, brief.today)}"
    about = (
        f"{procedure_name} {levels}".strip()
        + f", day {brief.pod}, {dated(brief.today)}. Since {begun}: {day_beside(brief.since, brief.today)}."
    )
    lines = [*_numbers(brief), Line("Events", _events(brief))]
    said = word_count(" ".join([title, about, *(f"{each.label} {each.text}" for each in lines)]))
    # One word each for the labels of the two lists.
    room = MAX_WORDS - said - 2
    asked = sum(word_count(f"{each.text} {each.by}") for each in map(_quote, brief.questions))
    kept = min(_ROOM_FOR_QUOTES, asked) if brief.questions else word_count(NOTHING_ASKED)
    alerts = Line("Alerts", alerts_in_words(brief, room - kept))
    quotes, more = _quotes(brief.questions, room - word_count(alerts.text))
    return BriefText(
        title=title, about=about, lines=(*lines, alerts), quotes=tuple(quotes), more=more
    )


def _numbers(brief: Brief) -> list[Line]:
    return [
        Line("Now", _now(brief)),
        Line("Best", _best(brief)),
        Line("Worst", _worst(brief)),
        Line("Documented", _documented(brief)),
        Line("Logged", _logged(brief)),
        Line("Brace", _brace(brief.brace, has_brace=brief.has_brace)),
        Line("Medicine", _medicine(brief.medicine, brief.medicine_before)),
    ]


def _now(brief: Brief) -> str:
    level = brief.judgement.level.now_nrs
    before = "not known" if brief.baseline_nrs is None else str(brief.baseline_nrs)
    if level is None:
        return f"too few days logged; before: {before}"
    return f"{_tenth(level)}, mean of {brief.level_days} logged days; before: {before}"


def _best(brief: Brief) -> str:
    level = brief.judgement.level
    if level.best_nrs is None or level.best_day is None:
        return "too few days logged"
    return f"{_tenth(level.best_nrs)}, week to {day_beside(level.best_day, brief.today)}"


def _worst(brief: Brief) -> str:
    return (
        "no day logged"
        if brief.worst is None
        else f"{brief.worst.nrs} on {day_beside(brief.worst.day, brief.today)}"
    )


def _documented(brief: Brief) -> str:
    if brief.limits is None:
        return "no range for this day"
    low, high = _tenth(brief.limits.p10), _tenth(brief.limits.p90)
    said = f"8 of 10 people {low} to {high}"
    judged = _judged(brief, brief.limits)
    return f"{said}; {judged}" if judged else said


def _judged(brief: Brief, limits: BandLimits) -> str:
    judgement = brief.judgement
    if judgement.standing is not None:
        return _STANDING[judgement.standing]
    why = judgement.unjudged.get(ReasonKind.HIGHER)
    if why is not None:
        return _UNJUDGED.get(why, "not judged")
    level = judgement.level.now_nrs
    return "" if level is None else _compared(level, limits)


def _compared(level_nrs: float, limits: BandLimits) -> str:
    """Compare the two numbers as written; above the wide range only a rule may say more."""
    now, high = round(level_nrs, 1), round(limits.p90, 1)
    if now == high:
        return "now at the top of this range"
    return f"now {'above' if now > high else 'below the top of'} this range"


def _logged(brief: Brief) -> str:
    if brief.days_expected is None:
        return count_of(brief.days_logged, "day")
    if not brief.days_expected:
        return "no day expected yet"
    return f"{brief.days_logged} of {count_of(brief.days_expected, 'day')}"


def _brace(brace: BraceWorn, *, has_brace: bool) -> str:
    if not has_brace:
        return "none prescribed"
    if brace.worn_hours is None or brace.planned_hours is None:
        return "no answer"
    worn, planned = _tenth(brace.worn_hours), _tenth(brace.planned_hours)
    return f"{worn} of {planned} h, {count_of(brace.days, 'day')} answered"


def _medicine(now: MedicineTaken, before: MedicineTaken | None) -> str:
    said = _week_of(now)
    return said if before is None else f"{said}; week before: {_week_of(before)}"


def _week_of(taken: MedicineTaken) -> str:
    if not taken.answered:
        return "no answer"
    times = "" if taken.times is None else f", {_tenth(taken.times)}/day"
    return f"{taken.taken} of {taken.answered} days{times}"


def _events(brief: Brief) -> str:
    told = [_happened(each, brief.today) for each in brief.happened]
    signs = brief.signs
    if signs is not None:
        days = count_of(signs.days, "warning-sign day")
        told.insert(0, f"{days}, {day_beside(signs.last_day, brief.today)}")
    return "; ".join(told) or "none"


def _happened(happened: Happened, today: date) -> str:
    counted = count_of(happened.count, _EVENTS[happened.kind])
    # A reading is no happening that somebody would ask about by its day; the chart shows it.
    if happened.kind is EventKind.PAIN_READING:
        return counted
    return f"{counted}, {day_beside(happened.last_day, today)}"


def _quotes(questions: Sequence[VisitQuestion], room: int) -> tuple[list[Quote], str]:
    """Quote the oldest questions word by word until *room* is used up; count the others."""
    if not questions:
        return [Quote(NOTHING_ASKED)], ""
    everything = [_quote(each) for each in questions]
    fits = sum(word_count(f"{each.text} {each.by}") for each in everything) <= room
    if fits and len(everything) <= MOST_QUOTES:
        return everything, ""
    # Room for the sentence about the others, whose words are counted here: "12 more not shown".
    room -= 4
    shown: list[Quote] = []
    for each in everything[:MOST_QUOTES]:
        left = room - word_count(each.by)
        # At least two words: a lone one says nothing.
        if left <= 1:
            break
        shown.append(Quote(cut_to(each.text, left), each.by, is_own=True))
        room = left - word_count(shown[-1].text)
    hidden = len(questions) - len(shown)
    return shown, f"{hidden} more not shown" if hidden else ""


def _quote(question: VisitQuestion) -> Quote:
    by = "(a carer)" if question.is_by_proxy else ""
    return Quote(" ".join(question.text.split()), by, is_own=True)


def _tenth(value: float) -> str:
    return plain_number(round(value, 1))
