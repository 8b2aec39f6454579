"""The demo clinic: the same for a day, different between days, and possible in every detail."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import Session, SQLModel, select

from content.consent import CONSENT_VERSION
from content.shelf import find_procedure
from db.demo import DEMO_CONSENT, DEMO_USERNAMES, fill_demo, find_demo_account
from db.demo_courses import CourseKind
from db.demo_people import DEMO_ZONE, KINDS, TREES
from db.demo_questionnaires import DEMO_MILESTONES
from db.engine import Database, open_engine, reading
from db.models import (
    AccountRow,
    DailyReportRow,
    EpisodeRow,
    EpisodeStatusRow,
    EventRow,
    PatientRow,
    QuestionnaireResponseRow,
    VisitNoteRow,
)
from db.passwords import verify_password
from db.reports import answers_of
from recovery.access import Role
from recovery.block_log import block_log
from recovery.days import post_procedure_day, today_in
from recovery.errors import InvalidEntry
from recovery.questionnaires import Instrument, due, score
from recovery.reports import DailyReport, Event, EventKind
from tests.factories import NOW, TODAY

LEAP_DAY = date(2028, 2, 29)


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return one demo clinic of ``TODAY`` that the tests of this module only read."""
    opened = _copy(sqlite_template, tmp_path_factory.mktemp("demo"))
    fill_demo(opened, TODAY)
    yield opened
    opened.engine.dispose()


def _copy(template: Path, folder: Path) -> Database:
    file = folder / "demo.db"
    file.write_bytes(template.read_bytes())
    return Database(open_engine(f"sqlite:///{file}"), is_demo=True)


def _everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with reading(database) as session:
        return {
            table.name: sorted(map(tuple, session.connection().execute(sa.select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.exec(select(table)).all())


def test_a_second_demo_is_refused(demo: Database) -> None:
    """In one sentence, and what is there stays as it was."""
    before = _everything(demo)

    with pytest.raises(InvalidEntry, match="holds a demo clinic already"):
        fill_demo(demo, TODAY + timedelta(days=1))

    assert _everything(demo) == before


def test_the_same_day_gives_the_same_rows_on_both_engines(
    database: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    """Every table, every column; only the clock that stamps rows is held."""
    again = _copy(sqlite_template, tmp_path)
    with time_machine.travel(NOW, tick=False):
        made, made_again = fill_demo(database, TODAY), fill_demo(again, TODAY)

    assert made == made_again
    assert _everything(database) == _everything(again)
    again.engine.dispose()


def test_another_day_gives_other_people(
    demo: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    """Tomorrow's demo is not today's moved by a day; the leap day is a day like others."""
    for name, day in (("tomorrow", TODAY + timedelta(days=1)), ("leap", LEAP_DAY)):
        (tmp_path / name).mkdir()
        other = _copy(sqlite_template, tmp_path / name)
        fill_demo(other, day)
        theirs, ours = _everything(other), _everything(demo)
        with reading(other) as session:
            newest = max(report.day for report in _all(session, DailyReportRow))
        other.engine.dispose()

        assert theirs["daily_report"] != ours["daily_report"]
        assert theirs["patient"] != ours["patient"]
        assert newest == day - timedelta(days=1)


def test_nobody_signs_in_to_a_demo_account_with_a_password(demo: Database) -> None:
    """Their hash is none, so that no guess opens one."""
    with reading(demo) as session:
        hashes = {account.password_hash for account in _all(session, AccountRow)}
        roles = {role: find_demo_account(session, role) for role in Role}

    assert not any(verify_password(guess, each) for each in hashes for guess in ("", "!", "demo"))
    assert None not in roles.values()
    assert len(set(roles.values())) == len(DEMO_USERNAMES)


def test_there_are_forty_people_of_one_clinic(demo: Database) -> None:
    """Each with an account, an episode and a row on the review list."""
    with reading(demo) as session:
        tables = (PatientRow, EpisodeRow, EpisodeStatusRow)
        assert [len(_all(session, table)) for table in tables] == [40, 40, 40]
        accounts = Counter(account.role for account in _all(session, AccountRow))
        assert accounts == {
            Role.PATIENT: 40,
            Role.CARER: 1,
            Role.ASSISTANT: 1,
            Role.CLINICIAN: 2,
            Role.ADMINISTRATOR: 1,
        }
        assert len({row.name for row in _all(session, PatientRow)}) == 40
        assert {row.time_zone for row in _all(session, PatientRow)} == {DEMO_ZONE}


def test_the_made_up_people_agreed_to_the_words_of_today() -> None:
    """Else the demo would begin with a form in place of the log."""
    assert DEMO_CONSENT == CONSENT_VERSION


def test_every_kind_of_course_is_drawn() -> None:
    """And somebody ordinary between them."""
    assert set(KINDS) == set(CourseKind)
    assert len(KINDS) == len(TREES)
    assert sum(kind.is_ordinary for kind in KINDS) == 19


def test_the_kinds_show_in_what_is_logged(demo: Database) -> None:
    """Some stopped, some recorded something, some log little, some got well."""
    with reading(demo) as session:
        rows = _all(session, EpisodeStatusRow)
        episodes = {row.id: row for row in _all(session, EpisodeRow)}
        reports = _all(session, DailyReportRow)
        events = {row.kind for row in _all(session, EventRow)}
    logged = Counter(report.episode_id for report in reports)
    newest: dict[Any, DailyReportRow] = {}
    for report in sorted(reports, key=lambda each: each.day):
        newest[report.episode_id] = report

    share = [logged[key] / (TODAY - row.procedure_date).days for key, row in episodes.items()]
    assert {EventKind.FALL, EventKind.SUDDEN_PAIN} <= events
    assert any(report.warning_signs for report in reports)
    assert any((TODAY - report.day).days > 10 for report in newest.values())
    assert min(share) < 0.5 < max(share)
    assert any(report.worst_pain_nrs <= 2 for report in newest.values())
    assert any(report.worst_pain_nrs >= 7 for report in newest.values())
    assert any(row.baseline_nrs is None for row in episodes.values())
    assert any(row.brace_hours_per_day is None for row in episodes.values())
    assert {row.need > 0 for row in rows} == {True, False}


def test_nothing_is_entered_today_or_later_or_before_the_procedure(demo: Database) -> None:
    """Today stays open for whoever looks around."""
    with reading(demo) as session:
        begun = {row.id: row.procedure_date for row in _all(session, EpisodeRow)}
        for report in _all(session, DailyReportRow):
            assert begun[report.episode_id] <= report.day < TODAY
            assert today_in(DEMO_ZONE, report.created_at) < TODAY
            entered = today_in(DEMO_ZONE, report.created_at)
            assert 0 <= (entered - report.day).days <= 2
            assert report.is_late == (entered > report.day)
        for event in _all(session, EventRow):
            assert begun[event.episode_id] <= today_in(DEMO_ZONE, event.occurred_at) < TODAY
        for note in _all(session, VisitNoteRow):
            assert begun[note.episode_id] <= note.visit_date < TODAY


def test_one_person_had_a_test_block_yesterday(demo: Database) -> None:
    """With relief in the first hours, pain that came back, and one rating missing."""
    with reading(demo) as session:
        [episode] = [
            row for row in _all(session, EpisodeRow) if row.procedure == "medial_branch_block"
        ]
        rows = [row for row in _all(session, EventRow) if row.episode_id == episode.id]
        log = block_log(
            [
                Event(kind=row.kind, occurred_at=row.occurred_at, pain_nrs=row.pain_nrs)
                for row in rows
            ],
            episode.baseline_nrs,
        )

    assert episode.procedure_date == TODAY - timedelta(days=1)
    assert log is not None
    assert (len(log.rated), log.relief_points) == (10, 6)
    procedure = find_procedure(episode.procedure)
    assert procedure is not None
    assert procedure.hourly_day_0


def test_questionnaires_were_answered_while_they_were_open(demo: Database) -> None:
    """Both kinds, on their days, scored by the rule; what is open today waits for an answer."""
    with reading(demo) as session:
        begun = {row.id: row for row in _all(session, EpisodeRow)}
        rows = _all(session, QuestionnaireResponseRow)
        first = session.get_one(AccountRow, find_demo_account(session, Role.PATIENT))
        mine = {row.id for row in begun.values() if row.patient_id == first.patient_id}

    for row in rows:
        episode = begun[row.episode_id]
        pod = post_procedure_day(episode.procedure_date, row.answered_on)
        days = DEMO_MILESTONES[episode.procedure]
        assert due(row.instrument, pod, days, ()) == row.due_pod
        assert score(row.instrument, row.answers) == row.score
        today = post_procedure_day(episode.procedure_date, TODAY)
        assert due(row.instrument, today, days, ()) != row.due_pod
        assert today_in(DEMO_ZONE, row.created_at) == row.answered_on < TODAY
    assert {row.instrument for row in rows} == set(Instrument)
    assert len({row.score for row in rows if row.instrument is Instrument.PGIC}) > 3
    assert {row.instrument for row in rows if row.episode_id in mine} == set(Instrument)


def test_the_demo_asks_what_the_content_asks() -> None:
    """The database does not read the content, so it holds its days a second time."""
    for procedure_id, days in DEMO_MILESTONES.items():
        procedure = find_procedure(procedure_id)
        assert procedure is not None
        assert procedure.milestone_days == days
        assert set(procedure.instruments) == set(Instrument)


def test_every_answer_could_have_been_given(demo: Database) -> None:
    """Each stored report passes the checks of a typed one, and a brace is worn by its wearers."""
    names = answers_of(DailyReport(day=TODAY, worst_pain_nrs=0, average_pain_nrs=0))
    with reading(demo) as session:
        plans = {row.id: row.brace_hours_per_day for row in _all(session, EpisodeRow)}
        for row in _all(session, DailyReportRow):
            answers = {name: getattr(row, name) for name in names} | {
                "warning_signs": frozenset(row.warning_signs)
            }
            report = DailyReport(day=row.day, **answers)
            assert row.brace_hours is None or plans[row.episode_id] is not None
            assert report.note == row.note
