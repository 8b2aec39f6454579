"""The clinic's own last days for its alert budget: counts come out, no patient does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit import note_act
from db.judging import read_log
from db.models import ClinicRow, EpisodeRow, EpisodeStatusRow
from db.sweep import RulesOf, withdrew
from recovery.access import AdminAccess
from recovery.judgement.budget import BUDGET_DAYS, Budget, Watched, budget, watch
from recovery.judgement.settings import JudgementSettings

MOST_PATIENTS = 300
"""Recoveries that are looked at; of more, as many are drawn at random."""

_KEPT = 7
"""Budgets that are kept beside the newest, so that a page asks for each once."""


class Replay:
    """
    What the rules measured of the clinic's last 90 days; only counts can be asked of it.

    Attributes:
        patients: Recoveries that were looked at.
        of: Recoveries that the clinic followed in that time.
    """

    def __init__(self, watched: Sequence[Watched], of: int) -> None:
        self._watched = tuple(watched)
        self._budgets: dict[JudgementSettings, Budget] = {}
        self.patients = len(self._watched)
        self.of = of

    @property
    def is_sample(self) -> bool:
        """Whether not every recovery was looked at."""
        return self.patients < self.of

    def budget(self, settings: JudgementSettings) -> Budget:
        """Return what *settings* would have made of these days."""
        if settings not in self._budgets:
            self._budgets = dict([*self._budgets.items()][-_KEPT:])
            self._budgets[settings] = budget(self._watched, settings, of=self.of)
        return self._budgets[settings]


def replay_logs(session: Session, access: AdminAccess, rules_of: RulesOf, today: date) -> Replay:
    """
    Measure the last 90 days of the recoveries that the clinic followed in them.

    Names are not read, and the administrator is handed counts alone; one audit entry says so.

    Args:
        session: A session of ``db.engine.writing``.
        access: The administrator's.
        rules_of: Returns a procedure's rules by its id and the clinic's setting.
        today: The clinic's own day, the last one.
    """
    clinic = session.get_one(ClinicRow, access.clinic_id)
    followed = _followed(access, today)
    of = session.exec(select(sa.func.count()).select_from(followed.subquery())).one()
    drawn = followed.order_by(sa.func.random()).limit(MOST_PATIENTS).subquery()
    episodes = session.exec(
        select(EpisodeRow)
        .where(EpisodeRow.clinic_id == access.clinic_id)
        .where(col(EpisodeRow.id).in_(sa.select(drawn.c.episode_id)))
    ).all()
    watched = []
    for episode in episodes:
        rules = rules_of(
            episode.procedure, shares_augmentation_curve=clinic.shares_augmentation_curve
        )
        if withdrew(session, episode):
            rules = replace(rules, silence_days=None)
        log, _ = read_log(session, episode)
        watched.append(watch(log, rules, today))
    note_act(session, access.actor, "judgement.replayed", subject=str(len(episodes)))
    return Replay([each for each in watched if each is not None], of)


def _followed(access: AdminAccess, today: date) -> sa.Select[UUID]:
    """Return the keys of recoveries that began, or were logged, in the last 90 days."""
    first = today - timedelta(days=BUDGET_DAYS - 1)
    row = EpisodeStatusRow
    return sa.select(col(row.episode_id)).where(
        col(row.clinic_id) == access.clinic_id,
        col(row.procedure_date) <= today,
        sa.or_(col(row.procedure_date) >= first, col(row.last_day) >= first),
    )
