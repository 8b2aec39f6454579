"""
Short questionnaires that are free to use: what is asked on which day, and how it is scored.

PEG (Krebs 2009): average pain, enjoyment of life and general activity over the past week, each
0 to 10; the score is their mean. PGIC: how things are since the procedure, seven levels from
1 (very much improved) to 7 (very much worse); the score is the level.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recovery.days import LATE_WINDOW_DAYS
from recovery.errors import InvalidEntry
from recovery.reports import NRS_MAX, NRS_MIN
from recovery.wording import Language, tr


class Instrument(StrEnum):
    """A questionnaire that stored answers name."""

    PEG = "peg"
    PGIC = "pgic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """
    What the answers to a questionnaire may be.

    Attributes:
        items: How many questions it has.
        lowest: The lowest answer to each, a whole number.
        highest: The highest.
    """

    items: int
    lowest: int
    highest: int


FORMS = {
    Instrument.PEG: Form(items=3, lowest=NRS_MIN, highest=NRS_MAX),
    Instrument.PGIC: Form(items=1, lowest=1, highest=7),
}

OFFERED_DAYS = LATE_WINDOW_DAYS + 1
"""For how many days a questionnaire can be answered: its own, and as many as a day can be late."""

WEEK = 7
LAST_PEG_POD = 52 * WEEK
PEG_PODS = range(WEEK, LAST_PEG_POD + 1, WEEK)
"""
Post-procedure days of the PEG: each seventh, for a year.

Not day 0. The published words ask about the past week. On the day of the procedure, or when
late after it, that week lies on both sides of the procedure, and its mean means neither.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnaireResponse:
    """
    The answers to a questionnaire as they were kept.

    Attributes:
        due_pod: The post-procedure day it was due on.
        answered_on: The patient's own day of the answers.
        language: In which its words were read.
        answers: One for each question, in their order.
        score: By the published rule.
        is_by_proxy: Whether a carer answered.
    """

    instrument: Instrument
    due_pod: int
    answered_on: date
    language: Language
    answers: tuple[int, ...]
    score: float
    is_by_proxy: bool = False


def due_pods(instrument: Instrument, milestone_days: Sequence[int]) -> list[int]:
    """
    Return the post-procedure days a questionnaire is due on, in rising order.

    Args:
        instrument: The questionnaire.
        milestone_days: The procedure's own days; the PGIC is asked on those after day 0.
    """
    if instrument is Instrument.PEG:
        return list(PEG_PODS)
    return sorted({day for day in milestone_days if day > 0})


def open_pod(instrument: Instrument, pod: int, milestone_days: Sequence[int]) -> int | None:
    """
    Return the due day that can be answered on post-procedure day *pod*, or None.

    Only the newest that has come: what is asked about now is not asked twice.
    """
    come = [day for day in due_pods(instrument, milestone_days) if day <= pod]
    return come[-1] if come and pod - come[-1] < OFFERED_DAYS else None


def due(
    instrument: Instrument, pod: int, milestone_days: Sequence[int], answered: Collection[int]
) -> int | None:
    """
    Return the due day to ask *instrument* about on post-procedure day *pod*, or None.

    Args:
        instrument: The questionnaire.
        pod: Today; negative before the procedure.
        milestone_days: The procedure's own days.
        answered: The due days answered already; each is asked once.
    """
    now_open = open_pod(instrument, pod, milestone_days)
    if now_open is None or now_open in answered:
        return None
    # A clinic may move its follow-up day; whoever answered on the old one is not asked again.
    moved = set(answered) - set(due_pods(instrument, milestone_days))
    return None if any(abs(day - now_open) < WEEK for day in moved) else now_open


def score(instrument: Instrument, answers: Sequence[int | None]) -> float | None:
    """
    Return the score by the published rule: the mean of the PEG's three, the level of the PGIC.

    None when a question was not answered: nothing is put in its place.

    Raises:
        InvalidEntry: If an answer cannot be true.
    """
    form = FORMS[instrument]
    given = [answer for answer in answers if answer is not None]
    for answer in given:
        _check(answer, form)
    if len(answers) != form.items or len(given) < form.items:
        return None
    return sum(given) / form.items


def complete(instrument: Instrument, answers: Sequence[int | None]) -> tuple[int, ...]:
    """
    Return the answers once every question has one.

    Raises:
        InvalidEntry: If one is missing or cannot be true.
    """
    if score(instrument, answers) is not None:
        return tuple(answer for answer in answers if answer is not None)
    if FORMS[instrument].items == 1:
        raise InvalidEntry(tr("Choose one answer, then save."))
    raise InvalidEntry(tr("Answer every question, then save."))


def _check(answer: object, form: Form) -> None:
    is_whole = isinstance(answer, int) and not isinstance(answer, bool)
    if not is_whole or not form.lowest <= int(str(answer)) <= form.highest:
        raise InvalidEntry(tr("Choose one of the answers that are shown."))
