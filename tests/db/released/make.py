"""
Make what a release would have left behind: its schema on both engines, and data of its own.

Run from a checkout of the release, so that every import below is the release's own code:

    python PATH/make.py 0004 FOLDER

See README.md beside this file.
"""

import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path.cwd()))

# Of the release: of the folder that this runs in.
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

import db.demo
from db.auth_sessions import start_session
from db.drafts import keep_draft
from db.engine import Database, open_engine, reading, serve, writing
from db.events import add_event, list_events, withdraw_event
from db.reports import save_report
from db.schema import upgrade
from db.visit_notes import NotePress, add_visit_note
from recovery.access import PatientAccess, Role
from recovery.reports import ActivityLevel, Event, EventKind, PainMedicine, PartialReport
from tests import postgres
from tests.factories import NOW, TODAY, saving
from tests.small_clinic import SmallClinic, make_small_clinic

PEOPLE = (0, 9, 20, 30, 37)
"""Which of the demo's people are kept: enough kinds of course, few enough to stay small."""

KINDS: list[tuple[type, str]] = [
    (sa.Uuid, "uuid"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.JSON, "json"),
    (sa.Boolean, "bool"),
    (sa.LargeBinary, "bytes"),
]


def main(revision: str, folder: Path) -> None:
    """Write the two schemas and the data of *revision* to *folder*."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "released.db"
        database = serve(Database(open_engine(f"sqlite:///{file}")))
        upgrade(database.engine)
        _write(folder / f"{revision}.sqlite.sql.gz", _sqlite_schema(file))
        _fill_demo(database)
        _act(database, revision)
        data = _rows(database)
        database.engine.dispose()
    _write(folder / f"{revision}.json.gz", json.dumps(data, ensure_ascii=False))
    _write(folder / f"{revision}.postgresql.sql.gz", _postgresql_schema())


def _write(file: Path, text: str) -> None:
    # No name and no time in the head, so that the same content is the same file.
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _sqlite_schema(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        made = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type <> 'table', rowid"
        )
        return ";\n".join(sql for (sql,) in made) + ";\n"


def _postgresql_schema() -> str:
    binaries = postgres.find_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is missing")
    with postgres.running(binaries) as cluster:
        engine = open_engine(cluster.create("released"))
        upgrade(engine)
        engine.dispose()
        dumped = subprocess.run(
            [binaries / "pg_dump", "-s", "-O", "-h", cluster.folder, "-U", "postgres", "released"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    lines = (line for line in dumped.splitlines() if line and not line.startswith(("--", "\\")))
    return "\n".join(lines) + "\n"


def _fill_demo(database: Database) -> None:
    for plain in ("TREES", "KINDS"):
        name = plain if hasattr(db.demo, plain) else f"_{plain}"
        whole = getattr(db.demo, name)
        setattr(db.demo, name, [whole[number] for number in PEOPLE])
    db.demo.fill_demo(database, TODAY)


def _act(database: Database, revision: str) -> None:
    """Do what people of a clinic do, each act in its own transaction, by the release's functions."""
    clinic = make_small_clinic(database, prefix="small-")
    acts: list[Callable[[Session], Any]] = [
        *(_report(clinic.own, days) for days in (2, 1, 0)),
        _correction(clinic),
        _draft(clinic),
        _event(clinic, EventKind.SUDDEN_PAIN, 9),
        _event(clinic, EventKind.FALL, None),
        _withdrawal(clinic),
        _note(clinic),
        _sign_in(clinic),
    ]
    if revision >= "0002":
        acts.append(_invitation(clinic))
    if revision >= "0004":
        acts += [_opening(clinic), _teach_back(clinic), _questionnaire(clinic)]
    for act in acts:
        with writing(database) as session:
            act(session)
    if revision >= "0005":
        _act_on_alerts(database, clinic)


def _report(own: PatientAccess, days: int) -> Callable[[Session], Any]:
    pressed = saving(
        day=TODAY - timedelta(days=days),
        worst_pain_nrs=10 - days,
        average_pain_nrs=days,
        brace_hours=7.5 if days else None,
        activity=ActivityLevel.OUT_A_LITTLE if days else None,
        walking_minutes=20 * days if days else None,
        medicine=PainMedicine.PRESCRIBED if days == 1 else PainMedicine.NONE,
        medicine_times=2 if days == 1 else 0,
        warning_signs=frozenset({"fever"}) if days == 1 else frozenset(),
        note="Not much sleep. Llovía, 痛い, naïve 😀 'quoted' \"twice\"" if days else "",
    )
    return lambda session: save_report(session, own, pressed)


def _correction(clinic: SmallClinic) -> Callable[[Session], Any]:
    def correct(session: Session) -> None:
        for version in (1, 2):
            pressed = saving(
                expected_version=version, worst_pain_nrs=8 - version, average_pain_nrs=version
            )
            save_report(session, clinic.own, pressed)

    return correct


def _draft(clinic: SmallClinic) -> Callable[[Session], Any]:
    answers = PartialReport(worst_pain_nrs=4, note="half typed")
    return lambda session: keep_draft(session, clinic.own, TODAY, answers, NOW)


def _event(clinic: SmallClinic, kind: EventKind, pain: int | None) -> Callable[[Session], Any]:
    event = Event(kind=kind, occurred_at=NOW - timedelta(hours=2), pain_nrs=pain, note="stairs")
    return lambda session: add_event(session, clinic.own, event, idempotency_key=uuid4(), now=NOW)


def _withdrawal(clinic: SmallClinic) -> Callable[[Session], Any]:
    def withdraw(session: Session) -> None:
        fall = next(
            each for each in list_events(session, clinic.own) if each.kind is EventKind.FALL
        )
        assert fall.event_id is not None
        withdraw_event(session, clinic.own, fall.event_id, NOW)

    return withdraw


def _note(clinic: SmallClinic) -> Callable[[Session], Any]:
    press = NotePress(
        visit_date=TODAY, text="Walks well.", today=TODAY, idempotency_key=uuid4(), now=NOW
    )
    return lambda session: add_visit_note(session, clinic.treating, press)


def _sign_in(clinic: SmallClinic) -> Callable[[Session], Any]:
    return lambda session: start_session(session, clinic.patient.account_id, Role.PATIENT, NOW)


def _invitation(clinic: SmallClinic) -> Callable[[Session], Any]:
    from db.invitations import invite  # noqa: PLC0415 - not there in the first release

    return lambda session: invite(session, clinic.own, Role.CARER, NOW)


def _opening(clinic: SmallClinic) -> Callable[[Session], Any]:
    from db.learning import note_opening  # noqa: PLC0415 - not there in the first releases

    return lambda session: note_opening(session, clinic.own, "first-days", NOW)


def _teach_back(clinic: SmallClinic) -> Callable[[Session], Any]:
    from db.learning import AnswerPress, answer_question  # noqa: PLC0415
    from recovery.wording import Language  # noqa: PLC0415

    press = AnswerPress(
        slug="first-days",
        answer=2,
        is_right=False,
        language=Language.SPANISH,
        idempotency_key=uuid4(),
        now=NOW,
    )
    return lambda session: answer_question(session, clinic.own, press)


def _questionnaire(clinic: SmallClinic) -> Callable[[Session], Any]:
    from db.questionnaires import Answering, save_response  # noqa: PLC0415
    from recovery.questionnaires import Instrument  # noqa: PLC0415
    from recovery.wording import Language  # noqa: PLC0415

    answering = Answering(
        instrument=Instrument.PEG,
        due_pod=7,
        answers=(3, 4, 5),
        milestone_days=(14, 30),
        language=Language.ENGLISH,
        today=TODAY - timedelta(days=3),
        now=NOW - timedelta(days=3),
    )
    return lambda session: save_response(session, clinic.own, answering)


def _act_on_alerts(database: Database, clinic: SmallClinic) -> None:
    from db.alerts import act_on_alert, list_alerts  # noqa: PLC0415
    from db.visit_questions import add_question  # noqa: PLC0415
    from db.visits import plan_visit  # noqa: PLC0415
    from recovery.alerts import AlertActKind, AlertPress, CloseReason  # noqa: PLC0415

    with reading(database) as session:
        alerts = list_alerts(session, clinic.treating)
    presses = [
        AlertPress(
            alert_id=alerts[0].alert_id,
            expected_version=alerts[0].version,
            kind=AlertActKind.CLOSED,
            words="Asked by telephone.",
            reason=next(iter(CloseReason)),
        ),
        AlertPress(
            alert_id=alerts[1].alert_id,
            expected_version=alerts[1].version,
            kind=AlertActKind.SNOOZED,
            words="Look after the weekend.",
            until=TODAY + timedelta(days=3),
        ),
    ]
    for press in presses:
        with writing(database) as session:
            act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)
    with writing(database) as session:
        plan_visit(session, clinic.treating, TODAY + timedelta(days=9), today=TODAY, now=NOW)
        add_question(session, clinic.own, "When may I swim?", NOW)


def _rows(database: Database) -> dict[str, Any]:
    with database.engine.connect() as connection:
        return {
            table.name: {
                "columns": {column.name: _kind(column) for column in table.columns},
                "rows": [
                    [_plain(value) for value in row]
                    for row in connection.execute(table.select().order_by(*table.primary_key))
                ],
            }
            for table in SQLModel.metadata.sorted_tables
        }


def _kind(column: sa.Column[Any]) -> str:
    # Instants have a type of SQLModel's own, around SQLAlchemy's.
    stored_as = getattr(column.type, "impl_instance", column.type)
    return next((name for kind, name in KINDS if isinstance(stored_as, kind)), "plain")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Enum):
        return value.value
    return value.hex() if isinstance(value, bytes) else value


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
