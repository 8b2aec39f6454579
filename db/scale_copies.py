"""
Copies of people who are stored and judged already, made inside the database.

A copy has a name, keys and a clinician of its own; days, answers and what follows from them are
those of the person it is a copy of, so that everything that was judged and counted stays true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from db.bulk import load
from db.models import (
    AccountRow,
    AlertActRow,
    AlertRow,
    AssignmentRow,
    ConsentRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EpisodeOutcomeRow,
    EpisodeReasonRow,
    EpisodeRow,
    EpisodeStatusRow,
    EventRow,
    PatientNameWordRow,
    PatientRow,
    PlannedVisitRow,
    QuestionnaireResponseRow,
    VisitNoteRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """
    One copy that is to be made.

    Attributes:
        batch: Copies of one batch are made together.
        clinic_id: Of the person and of the copy.
        of_patient: Whose copy it is; ``of_episode``, ``of_account`` and ``of_clinician`` go with it.
        patient_id: Key of the copy; the same for the other keys without ``of_``.
        name: Its name, and as it is sorted by.
        words: The folded words of the name.
        username: Of its account.
        reasons: What the review row gives as reasons, with the keys of the copied alerts.
        alerts: Key of each alert that is copied, and of the copy.
    """

    batch: int
    clinic_id: UUID
    of_patient: UUID
    of_episode: UUID
    of_account: UUID
    of_clinician: UUID
    patient_id: UUID
    episode_id: UUID
    account_id: UUID
    clinician_id: UUID
    name: str
    sort_name: str
    words: tuple[str, ...]
    username: str
    reasons: Sequence[Any]
    alerts: Sequence[tuple[UUID, UUID]]


_meta = sa.MetaData()
_COPY = sa.Table(
    "scale_copy",
    _meta,
    sa.Column("batch", sa.Integer, primary_key=True),
    sa.Column("patient_id", sa.Uuid, primary_key=True),
    *(
        sa.Column(name, sa.Uuid, nullable=False)
        for name in (
            "clinic_id",
            "of_patient",
            "of_episode",
            "of_account",
            "of_clinician",
            "episode_id",
            "account_id",
            "clinician_id",
        )
    ),
    *(sa.Column(name, sa.String, nullable=False) for name in ("name", "sort_name", "username")),
    sa.Column("reasons", sa.JSON, nullable=False),
    prefixes=["TEMPORARY"],
)
_ALERT = sa.Table(
    "scale_alert",
    _meta,
    sa.Column("episode_id", sa.Uuid, primary_key=True),
    sa.Column("of_alert", sa.Uuid, primary_key=True),
    sa.Column("alert_id", sa.Uuid, nullable=False),
    prefixes=["TEMPORARY"],
)


def prepare(connection: sa.Connection) -> None:
    """Make the tables, gone with the connection, that say which copies are wanted."""
    _meta.create_all(connection)


def copy_people(connection: sa.Connection, batch: int, copies: Sequence[Copy]) -> int:
    """
    Make the copies of one batch in the transaction of *connection*.

    Returns:
        How many daily reports were added.
    """
    load(connection, _COPY, (_row(each) for each in copies))
    load(connection, _ALERT, _alerts(copies))
    if connection.dialect.name == "postgresql":
        # A temporary table has no statistics of its own accord, and these decide the plans.
        connection.execute(sa.text("ANALYZE scale_copy, scale_alert"))
    added = {table: _multiply(connection, table, batch) for table in _IN_ORDER}
    words = (
        {"clinic_id": each.clinic_id, "word": word, "patient_id": each.patient_id}
        for each in copies
        for word in each.words
    )
    load(connection, _table(PatientNameWordRow), words)
    return added[DailyReportRow]


def _row(each: Copy) -> dict[str, Any]:
    return {name: getattr(each, name) for name in _COPY.c.keys()}  # noqa: SIM118 - no mapping


def _alerts(copies: Iterable[Copy]) -> Iterable[dict[str, Any]]:
    return (
        {"episode_id": each.episode_id, "of_alert": old, "alert_id": new}
        for each in copies
        for old, new in each.alerts
    )


_IN_ORDER: tuple[type[SQLModel], ...] = (
    PatientRow,
    AccountRow,
    AssignmentRow,
    ConsentRow,
    EpisodeRow,
    EpisodeStatusRow,
    EpisodeReasonRow,
    EpisodeOutcomeRow,
    DailyReportRow,
    DailyReportRevisionRow,
    EventRow,
    AlertRow,
    AlertActRow,
    QuestionnaireResponseRow,
    PlannedVisitRow,
    VisitNoteRow,
)
"""What is copied; a table comes after those that it refers to."""

_OWN: dict[type[SQLModel], dict[str, sa.ColumnElement[Any]]] = {
    PatientRow: {"id": _COPY.c.patient_id, "name": _COPY.c.name},
    AccountRow: {
        "id": _COPY.c.account_id,
        "username": _COPY.c.username,
        "display_name": _COPY.c.username,
    },
    EpisodeRow: {"id": _COPY.c.episode_id},
    EpisodeStatusRow: {
        "name": _COPY.c.name,
        "sort_name": _COPY.c.sort_name,
        "reasons": _COPY.c.reasons,
    },
    AlertRow: {"id": _ALERT.c.alert_id},
    AlertActRow: {"alert_id": _ALERT.c.alert_id},
}
"""Columns of some tables whose values are the copy's own."""

_KEYS = {"patient_id": _COPY.c.patient_id, "episode_id": _COPY.c.episode_id}
_BY = [
    "account_id",
    "created_by",
    "updated_by",
    "given_by",
    "saved_by",
    "withdrawn_by",
    "seen_by",
    "acted_by",
    "closed_by",
    "changed_by",
]
"""Columns that hold the account of a person or of whoever looks after them."""


def _multiply(connection: sa.Connection, model: type[SQLModel], batch: int) -> int:
    table = _table(model)
    source = _joined(table)
    values = [_value(connection, model, column) for column in table.c]
    chosen = sa.select(*values).select_from(source).where(_COPY.c.batch == batch)
    return connection.execute(sa.insert(table).from_select(table.c.keys(), chosen)).rowcount


def _joined(table: sa.Table) -> sa.FromClause:
    """Return the copies beside the rows of *table* that they are copies of."""
    of = table.c.clinic_id == _COPY.c.clinic_id
    if table.name in {"patient", "account"}:
        key = _COPY.c.of_patient if table.name == "patient" else _COPY.c.of_account
        return _COPY.join(table, sa.and_(of, table.c.id == key))
    if table.name == "episode":
        return _COPY.join(table, sa.and_(of, table.c.id == _COPY.c.of_episode))
    if "episode_id" not in table.c:
        return _COPY.join(table, sa.and_(of, table.c.patient_id == _COPY.c.of_patient))
    found = _COPY.join(table, sa.and_(of, table.c.episode_id == _COPY.c.of_episode))
    if table.name not in {"alert", "alert_act"}:
        return found
    key = table.c.id if table.name == "alert" else table.c.alert_id
    same = sa.and_(_ALERT.c.episode_id == _COPY.c.episode_id, _ALERT.c.of_alert == key)
    return found.join(_ALERT, same)


def _value(
    connection: sa.Connection, model: type[SQLModel], column: sa.Column[Any]
) -> sa.ColumnElement[Any]:
    own = _OWN.get(model, {}).get(column.name)
    if own is not None:
        return own
    if column.name in _KEYS:
        return _KEYS[column.name]
    if column.name == "id":
        return _new_key(connection)
    if column.name in _BY:
        return sa.case(
            (column == _COPY.c.of_account, _COPY.c.account_id),
            (column == _COPY.c.of_clinician, _COPY.c.clinician_id),
            else_=column,
        )
    return column


def _new_key(connection: sa.Connection) -> sa.ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        return sa.func.gen_random_uuid()
    return sa.func.lower(sa.func.hex(sa.func.randomblob(16)))


def _table(model: type[SQLModel]) -> sa.Table:
    return cast(sa.Table, sa.inspect(model).local_table)
