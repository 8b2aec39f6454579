"""Everything about one patient, as the patient may take it away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from db.audit import note_patient_act
from db.consents import list_consents
from db.looks import list_looks
from db.models import (
    AccountRow,
    AlertActRow,
    AlertRow,
    AssignmentRow,
    AuditRow,
    AuthSessionRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EmergencyAccessRow,
    EpisodeRow,
    ErasureRequestRow,
    EventRow,
    InvitationRow,
    PageOpeningRow,
    PasskeyRow,
    PatientRow,
    PlannedVisitRow,
    QuestionnaireResponseRow,
    ReportDraftRow,
    TeachBackAnswerRow,
    VisitNoteRow,
    VisitQuestionRow,
)
from recovery.access import PatientAccess, Role
from recovery.errors import AccessDenied

Record = dict[str, Any]
FORM = "mendline-record-1"
# Keys that tie rows together and mean nothing outside.
_LEFT_OUT = {
    "clinic_id",
    "patient_id",
    "episode_id",
    "idempotency_key",
    "id",
    "code_hash",
    "alert_id",
    "is_rearmed",
}
_TIES = {"alert": ("id",), "alert_act": ("alert_id",)}
"""Keys that are read all the same, to put acts beside their alerts."""

_AUTHORS = (
    "created_by",
    "updated_by",
    "saved_by",
    "withdrawn_by",
    "account_id",
    "used_by",
    "revoked_by",
    "requested_by",
    "reviewed_by",
    "actor_id",
    "seen_by",
    "acted_by",
    "closed_by",
    "escalated_to",
)
_BESIDE: dict[str, tuple[type[SQLModel], str]] = {
    "looked_after_by": (AssignmentRow, "created_at"),
    "emergencies": (EmergencyAccessRow, "started_at"),
    "invitations": (InvitationRow, "created_at"),
    "wish_to_be_erased": (ErasureRequestRow, "requested_at"),
}
_ENTRY = ("at", "actor_id", "action", "reason")
_SIGN_IN = ("device", "way", "created_at", "last_seen_at", "revoked_at")
_PASSKEY = ("name", "created_at", "last_used_at")
_ACTS = "alert_acts"
_LOG: dict[str, tuple[type[SQLModel], str]] = {
    "daily_reports": (DailyReportRow, "day"),
    "changed_answers": (DailyReportRevisionRow, "saved_at"),
    "events": (EventRow, "occurred_at"),
    "unsaved_answers": (ReportDraftRow, "day"),
    "visit_notes": (VisitNoteRow, "visit_date"),
    "pages_opened": (PageOpeningRow, "first_opened_at"),
    "page_answers": (TeachBackAnswerRow, "answered_at"),
    "questionnaires": (QuestionnaireResponseRow, "created_at"),
    "alerts": (AlertRow, "opened_at"),
    _ACTS: (AlertActRow, "created_at"),
    "planned_visits": (PlannedVisitRow, "visit_date"),
    "visit_questions": (VisitQuestionRow, "created_at"),
}


def own_data(session: Session, access: PatientAccess, now: datetime) -> Record:
    """
    Return all that is stored about the patient; it is noted that it was taken. The caller commits.

    Instants are in UTC, pain is on the 0-10 scale, None is a question that was not answered.

    Raises:
        AccessDenied: If somebody else than the patient asks.
    """
    if not access.is_own:
        raise AccessDenied
    patient = session.get_one(PatientRow, (access.clinic_id, access.patient_id))
    episodes = session.exec(
        select(EpisodeRow)
        .where(EpisodeRow.clinic_id == access.clinic_id, EpisodeRow.patient_id == access.patient_id)
        .order_by(col(EpisodeRow.procedure_date))
    ).all()
    whose = {"clinic_id": access.clinic_id, "patient_id": access.patient_id}
    logs = [
        (
            row,
            {
                name: _rows(session, *source, clinic_id=row.clinic_id, episode_id=row.id)
                for name, source in _LOG.items()
            },
        )
        for row in episodes
    ]
    beside = {
        name: _rows(session, table, order, **whose) for name, (table, order) in _BESIDE.items()
    }
    acts = _rows(session, AuditRow, "at", **whose)
    known = [row.model_dump() for row in (patient, *episodes)]
    kinds = [*(rows for _, log in logs for rows in log.values()), *beside.values()]
    names = _names(session, [*known, *acts, *(row for rows in kinds for row in rows)])
    note_patient_act(session, access, "data.exported")
    account = session.get_one(AccountRow, access.actor.account_id)
    return {
        "form": FORM,
        "taken_at": now,
        "patient": _plain(patient.model_dump(), names),
        "account": {
            "user_name": account.username,
            "made_at": account.created_at,
            "language": account.language,
        },
        "helpers": _helpers(session, access),
        "sign_ins": _of_account(session, account.id, AuthSessionRow, _SIGN_IN),
        "passkeys": _of_account(session, account.id, PasskeyRow, _PASSKEY),
        "agreements": [
            {
                "text": each.text_version,
                "given_at": each.given_at,
                "withdrawn_at": each.withdrawn_at,
            }
            for each in list_consents(session, access)
        ],
        "episodes": [_plain(row.model_dump(), names) | _plain_log(log, names) for row, log in logs],
        **{name: [_plain(row, names) for row in rows] for name, rows in beside.items()},
        "acts": [{name: _plain(row, names)[name] for name in _ENTRY} for row in acts],
        "looked_at_by": [
            {
                "name": look.by_name,
                "role": look.role.value,
                "at": look.at,
                "in_emergency": look.in_emergency,
            }
            for look in list_looks(session, access, limit=None)
        ],
    }


def _helpers(session: Session, access: PatientAccess) -> list[Record]:
    """Return the helpers, former ones too."""
    rows = session.exec(
        select(AccountRow)
        .where(
            AccountRow.clinic_id == access.clinic_id,
            AccountRow.patient_id == access.patient_id,
            AccountRow.role == Role.CARER,
        )
        .order_by(col(AccountRow.created_at))
    )
    return [
        {"name": row.display_name, "since": row.created_at, "may_help_now": row.is_active}
        for row in rows
    ]


def _of_account(
    session: Session, account_id: UUID, table: type[SQLModel], names: tuple[str, ...]
) -> list[Record]:
    rows = _rows(session, table, "created_at", account_id=account_id)
    return [{name: row[name] for name in names} for row in rows]


def _rows(session: Session, model: type[SQLModel], order: str, **where: UUID) -> list[Record]:
    """Return what the rows of a table say whose columns hold these keys, by the column *order*."""
    table = cast(sa.Table, sa.inspect(model).local_table)
    matching = (table.c[name] == key for name, key in where.items())
    # Columns and not rows, and those alone that are used: a year of reports is among them.
    found = session.connection().execute(
        sa.select(*_used(model)).where(*matching).order_by(table.c[order])
    )
    return [dict(row) for row in found.mappings()]


@cache
def _used(model: type[SQLModel]) -> tuple[sa.Column[Any], ...]:
    table = cast(sa.Table, sa.inspect(model).local_table)
    ties = _TIES.get(table.name, ())
    return tuple(each for each in table.c if each.name not in _LEFT_OUT or each.name in ties)


def _plain_log(log: Mapping[str, Sequence[Any]], names: dict[UUID, str]) -> Record:
    """Return the entries by their kind; what was done with an alert stands with the alert."""
    plain = {name: [_plain(each, names) for each in rows] for name, rows in log.items()}
    done: defaultdict[UUID, list[Record]] = defaultdict(list)
    for act, kept in zip(log[_ACTS], plain.pop(_ACTS), strict=True):
        done[act["alert_id"]].append(kept)
    for alert, kept in zip(log["alerts"], plain["alerts"], strict=True):
        kept["acts"] = done[alert["id"]]
    return plain


def _plain(row: Record, names: dict[UUID, str]) -> Record:
    kept = {name: value for name, value in row.items() if name not in _LEFT_OUT}
    for name in _AUTHORS:
        if name in kept:
            kept[name] = names.get(kept[name])
    return kept


def _names(session: Session, rows: list[Record]) -> dict[UUID, str]:
    """Return the names of whoever wrote any of *rows*."""
    authors = {row[name] for row in rows for name in _AUTHORS if row.get(name) is not None}
    found = session.exec(
        select(AccountRow.id, AccountRow.display_name).where(col(AccountRow.id).in_(authors))
    )
    return dict(found.all())
