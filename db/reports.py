"""Daily reports: saving one, correcting it with its past kept, and reading them."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db.audit import note_patient_act
from db.consents import require_consent
from db.judging import Judging, judge_days
from db.models import AccountRow, DailyReportRevisionRow, DailyReportRow, EpisodeRow
from db.patients import current_episode
from recovery.access import PatientAccess
from recovery.days import check_reportable, is_late
from recovery.errors import StaleEntry
from recovery.judgement.rules import ProcedureRules
from recovery.reports import DailyReport, StoredReport
from recovery.wording import tr

_ANSWERS = (
    "worst_pain_nrs",
    "average_pain_nrs",
    "brace_hours",
    "activity",
    "walking_minutes",
    "medicine",
    "medicine_times",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """
    One press of Save.

    Attributes:
        report: The answers.
        expected_version: Version of the entry the form was filled from; 0 for none.
        idempotency_key: Made when the form was drawn; the same for a second press. Other answers
            under it are another press: what came of the first one may not have been known.
        today: The patient's own day.
        now: The instant (UTC).
        rules: How recoveries from the patient's procedure are judged.
    """

    report: DailyReport
    expected_version: int
    idempotency_key: UUID
    today: date
    now: datetime
    rules: ProcedureRules

    @property
    def key(self) -> UUID:
        """What the press is known by: its own key and what it says."""
        said = json.dumps(answers_of(self.report), sort_keys=True, default=str)
        return uuid5(self.idempotency_key, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswers:
    """Answers as they stood before a correction, with who had saved them and when."""

    report: DailyReport
    version: int
    saved_at: datetime
    saved_by_name: str


def save_report(session: Session, access: PatientAccess, saving: Saving) -> StoredReport:
    """
    Store the answers about one day, as new or as a correction; the caller commits.

    The same press sent twice is stored once and answered twice. Unchanged answers are
    no correction.

    Raises:
        InvalidEntry: If the day cannot be entered.
        ConsentMissing: If the patient does not agree to the log.
        StaleEntry: If somebody saved the day since the form was drawn.
    """
    episode = current_episode(session, access)
    require_consent(session, access)
    day = saving.report.day
    check_reportable(day, procedure_date=episode.procedure_date, today=saving.today)
    row = _find_row(session, episode, day, lock=True)
    if row is None:
        row = _insert(session, access, episode, saving)
    elif row.idempotency_key != saving.key:
        _correct(session, access, row, saving)
    return _to_stored(row)


def find_report(session: Session, access: PatientAccess, day: date) -> StoredReport | None:
    """Return the current answers about *day*, or None when it was not logged."""
    row = _find_row(session, current_episode(session, access), day)
    return None if row is None else _to_stored(row)


def list_reports(
    session: Session, access: PatientAccess, since: date = date.min
) -> list[StoredReport]:
    """Return the current answers of the current episode from *since* on, oldest day first."""
    episode = current_episode(session, access)
    # What this transaction saved before is to be found, too.
    session.flush()
    whose = {"of_clinic": episode.clinic_id, "of_episode": episode.id, "since": since}
    # Columns and not rows: a year of them is read for every chart.
    return [_to_stored(row) for row in session.connection().execute(_SINCE, whose)]


def list_past_answers(session: Session, access: PatientAccess) -> list[PastAnswers]:
    """Return every replaced version of the current episode, newest day and version first."""
    episode = current_episode(session, access)
    rows = session.exec(
        select(DailyReportRevisionRow, AccountRow.display_name)
        .join(AccountRow, col(AccountRow.id) == col(DailyReportRevisionRow.saved_by))
        .where(*_of_episode(DailyReportRevisionRow, episode))
        .order_by(
            col(DailyReportRevisionRow.day).desc(), col(DailyReportRevisionRow.version).desc()
        )
    )
    return [
        PastAnswers(
            report=_to_report(row), version=row.version, saved_at=row.saved_at, saved_by_name=name
        )
        for row, name in rows
    ]


def answers_of(report: DailyReport) -> dict[str, Any]:
    """Return the answers as column values."""
    signs = report.warning_signs
    columns = {name: getattr(report, name) for name in _ANSWERS}
    return columns | {"warning_signs": None if signs is None else sorted(signs)}


_STORED = ("version", "is_late", "created_at", "created_by", "updated_at", "updated_by")
_SINCE = (
    sa.select(
        *(
            col(getattr(DailyReportRow, name))
            for name in ("day", "warning_signs", *_ANSWERS, *_STORED, "is_by_proxy")
        )
    )
    .where(
        col(DailyReportRow.clinic_id) == sa.bindparam("of_clinic"),
        col(DailyReportRow.episode_id) == sa.bindparam("of_episode"),
        col(DailyReportRow.day) >= sa.bindparam("since"),
    )
    .order_by(col(DailyReportRow.day))
)


def _of_episode(table: Any, episode: EpisodeRow) -> tuple[Any, Any]:
    return table.clinic_id == episode.clinic_id, table.episode_id == episode.id


def _find_row(
    session: Session, episode: EpisodeRow, day: date, *, lock: bool = False
) -> DailyReportRow | None:
    return session.get(
        DailyReportRow,
        (episode.clinic_id, episode.id, day),
        with_for_update=lock or None,
        populate_existing=lock,
    )


def _insert(
    session: Session, access: PatientAccess, episode: EpisodeRow, saving: Saving
) -> DailyReportRow:
    if saving.expected_version != 0:
        raise _stale()
    by = access.actor.account_id
    row = DailyReportRow(
        clinic_id=episode.clinic_id,
        episode_id=episode.id,
        day=saving.report.day,
        is_late=is_late(saving.report.day, saving.today),
        idempotency_key=saving.key,
        created_at=saving.now,
        created_by=by,
        updated_at=saving.now,
        updated_by=by,
        is_by_proxy=access.is_proxy,
        **answers_of(saving.report),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another press came in between; if it was the same one, it is already stored.
        winner = _find_row(session, episode, saving.report.day, lock=True)
        if winner is None:
            raise
        if winner.idempotency_key == saving.key:
            return winner
        raise _stale() from error
    _judge(session, episode, saving)
    note_patient_act(session, access, "report.saved", saving.report.day.isoformat())
    return row


def _correct(session: Session, access: PatientAccess, row: DailyReportRow, saving: Saving) -> None:
    if row.version != saving.expected_version:
        raise _stale()
    answers = answers_of(saving.report)
    before = answers_of(_to_report(row))
    if answers == before:
        return
    session.add(
        DailyReportRevisionRow(
            clinic_id=row.clinic_id,
            episode_id=row.episode_id,
            day=row.day,
            version=row.version,
            idempotency_key=row.idempotency_key,
            saved_at=row.updated_at,
            saved_by=row.updated_by,
            is_by_proxy=row.is_by_proxy,
            **before,
        )
    )
    row.sqlmodel_update(answers)
    row.version += 1
    row.idempotency_key = saving.key
    row.updated_at = saving.now
    row.updated_by = access.actor.account_id
    row.is_by_proxy = access.is_proxy
    session.add(row)
    _judge(session, current_episode(session, access), saving)
    note_patient_act(session, access, "report.corrected", row.day.isoformat())


def _judge(session: Session, episode: EpisodeRow, saving: Saving) -> None:
    judging = Judging(rules=saving.rules, now=saving.now)
    # A day entered late or corrected may change what the days after it say.
    late = (saving.today - saving.report.day).days
    touched = [saving.report.day + timedelta(days=each) for each in range(late + 1)]
    judge_days(session, episode, judging, touched)


def _stale() -> StaleEntry:
    return StaleEntry(
        tr(
            "This day was saved from another place in the meantime. "
            "Compare both below, then save again to replace it."
        )
    )


def _to_report(row: Any) -> DailyReport:
    signs = row.warning_signs
    return DailyReport(
        day=row.day,
        warning_signs=None if signs is None else frozenset(signs),
        **{name: getattr(row, name) for name in _ANSWERS},
    )


def _to_stored(row: Any) -> StoredReport:
    return StoredReport(
        report=_to_report(row),
        version=row.version,
        is_late=row.is_late,
        created_at=row.created_at,
        created_by=row.created_by,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        is_by_proxy=row.is_by_proxy,
    )
