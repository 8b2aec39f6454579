"""Made-up answers to questionnaires, which fit the made-up reports around them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import fmean
from uuid import UUID

from db.demo_people import draw_id
from db.models import EpisodeRow, QuestionnaireResponseRow
from recovery.days import post_procedure_day
from recovery.questionnaires import OFFERED_DAYS, WEEK, Instrument, due_pods, score
from recovery.reports import NRS_MAX, NRS_MIN, DailyReport
from recovery.wording import Language

DEMO_MILESTONES = {
    "kyphoplasty": (14, 30, 90, 180, 365),
    "vertebroplasty": (14, 30, 90, 180, 365),
}
"""Milestone days of the procedures that both questionnaires are made up for, as in ``content``."""

_MISSED = 0.15
"""Share of weeks without an answer; on a milestone the visit reminds of it."""

# Shares of the pain before, up to which what is left of it is called by each level but the last.
_LEVELS = (0.3, 0.5, 0.8, 1.1, 1.25, 1.5)


def made_up_responses(
    episode: EpisodeRow,
    reports: Sequence[DailyReport],
    drawn_with: tuple[date, Random],
    author: UUID,
) -> list[QuestionnaireResponseRow]:
    """
    Draw the answers of one made-up person; what is open today stays open.

    Args:
        episode: Whose procedure and baseline are used.
        reports: The reports that the answers have to fit; a week without any has no answers.
        drawn_with: Today, and the only source of chance.
        author: The account that answers.
    """
    today, dice = drawn_with
    milestones = DEMO_MILESTONES.get(episode.procedure)
    if milestones is None:
        return []
    open_from = post_procedure_day(episode.procedure_date, today) - OFFERED_DAYS + 1
    rows = []
    for instrument in Instrument:
        for due_pod in (day for day in due_pods(instrument, milestones) if day < open_from):
            pain = _pain_before(episode, reports, due_pod)
            is_missed = instrument is Instrument.PEG and dice.random() < _MISSED
            if pain is None or is_missed:
                continue
            answers = _answers(instrument, pain, episode.baseline_nrs or 8, dice)
            rows.append(_row(episode, (instrument, due_pod), answers, author, dice))
    return rows


def _pain_before(episode: EpisodeRow, reports: Sequence[DailyReport], due_pod: int) -> float | None:
    """Return the average pain of the week up to a due day; None when it was not logged."""
    last = episode.procedure_date + timedelta(days=due_pod)
    first = last - timedelta(days=WEEK - 1)
    week = [each.average_pain_nrs for each in reports if first <= each.day <= last]
    return fmean(week) if week else None


def _answers(instrument: Instrument, pain: float, baseline: int, dice: Random) -> list[int]:
    if instrument is Instrument.PGIC:
        share = pain / baseline + dice.gauss(0, 0.08)
        return [1 + sum(share > limit for limit in _LEVELS)]
    return [
        min(NRS_MAX, max(NRS_MIN, round(pain + dice.gauss(shift, 0.8)))) for shift in (0, 0.4, 0.7)
    ]


def _row(
    episode: EpisodeRow,
    asked: tuple[Instrument, int],
    answers: list[int],
    author: UUID,
    dice: Random,
) -> QuestionnaireResponseRow:
    instrument, due_pod = asked
    found = score(instrument, answers)
    assert found is not None  # noqa: S101 - every question has an answer
    answered_on = episode.procedure_date + timedelta(
        days=due_pod + dice.choice([0, 0, 0, *range(OFFERED_DAYS)])
    )
    return QuestionnaireResponseRow(
        clinic_id=episode.clinic_id,
        id=draw_id(dice),
        episode_id=episode.id,
        instrument=instrument,
        due_pod=due_pod,
        answered_on=answered_on,
        language=Language.ENGLISH,
        answers=answers,
        score=found,
        created_at=datetime.combine(answered_on, time(23, dice.randrange(60)), tzinfo=UTC),
        created_by=author,
    )
