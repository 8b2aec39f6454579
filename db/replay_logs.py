"""The clinic's own last days for its alert budget: counts come out, no patient does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.audit import note_act
from db.judging import read_log
from db.models import ClinicRow, ConsentRow, EpisodeRow, EpisodeStatusRow
from db.sweep import RulesOf
from recovery.access import AdminAccess
from recovery.judgement.budget import BUDGET_DAYS, Budget, Watched, budget, watch
from recovery.judgement.log import Log
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


@dataclass(frozen=True, slots=True)
class DrawnLog:
    """
    One recovery's whole log; holds no name and no key.

    Attributes:
        procedure_id: Its procedure.
        expects_reports: Whether silence means anything: not after the consent was taken back.
        log: What was reported.
    """

    procedure_id: str
    expects_reports: bool
    log: Log


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLogs:
    """
    What ``read_logs`` found.

    Attributes:
        logs: The logs that were read.
        of: How many recoveries they were drawn from.
        shares_augmentation_curve: The clinic's setting.
        today: The clinic's own day, the last one.
    """

    logs: tuple[DrawnLog, ...]
    of: int
    shares_augmentation_curve: bool
    today: date

    def replay(self, rules_of: RulesOf) -> Replay:
        """Measure the last 90 days of each log; takes seconds, so no transaction is open."""
        watched = (self._watch(each, rules_of) for each in self.logs)
        return Replay([each for each in watched if each is not None], self.of)

    def _watch(self, drawn: DrawnLog, rules_of: RulesOf) -> Watched | None:
        rules = rules_of(
            drawn.procedure_id, shares_augmentation_curve=self.shares_augmentation_curve
        )
        if not drawn.expects_reports:
            rules = replace(rules, silence_days=None)
        return watch(drawn.log, rules, self.today)


def read_logs(session: Session, access: AdminAccess, today: date) -> DrawnLogs:
    """
    Read the logs of the recoveries that the clinic followed in the last 90 days.

    Names are not read. ``note_replay`` notes the act, in a transaction of its own that keeps
    nobody waiting.

    Args:
        session: A session of ``db.engine.reading``.
        access: The administrator's.
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
    withdrew = _withdrew(session, access, [each.patient_id for each in episodes])
    return DrawnLogs(
        logs=tuple(
            DrawnLog(each.procedure, each.patient_id not in withdrew, read_log(session, each)[0])
            for each in episodes
        ),
        of=of,
        shares_augmentation_curve=clinic.shares_augmentation_curve,
        today=today,
    )


def note_replay(session: Session, access: AdminAccess, patients: int) -> None:
    """Note that as many patients' logs were measured, and whose is not said; the caller commits."""
    note_act(session, access.actor, "judgement.replayed", subject=str(patients))


def _withdrew(session: Session, access: AdminAccess, patient_ids: Sequence[UUID]) -> set[UUID]:
    """Return who took every consent back, as the sweep asks of one patient."""
    consents = session.exec(
        select(ConsentRow.patient_id, ConsentRow.withdrawn_at).where(
            ConsentRow.clinic_id == access.clinic_id, col(ConsentRow.patient_id).in_(patient_ids)
        )
    ).all()
    agree = {patient_id for patient_id, withdrawn_at in consents if withdrawn_at is None}
    return {patient_id for patient_id, _ in consents} - agree


def _followed(access: AdminAccess, today: date) -> sa.Select[UUID]:
    """Return the keys of recoveries that began, or were logged, in the last 90 days."""
    first = today - timedelta(days=BUDGET_DAYS - 1)
    row = EpisodeStatusRow
    return sa.select(col(row.episode_id)).where(
        col(row.clinic_id) == access.clinic_id,
        col(row.procedure_date) <= today,
        sa.or_(col(row.procedure_date) >= first, col(row.last_day) >= first),
    )
