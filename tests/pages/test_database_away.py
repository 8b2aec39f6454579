"""A database that is busy, read-only or gone: one sentence, and nothing typed is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, refusals
from tests.pages.report import (
    TODAY_PAGE,
    answer_pain,
    events,
    is_thanked,
    save,
    shown_answers,
    stored_answers,
    write_note,
)
from tests.small_clinic import SmallClinic

NOTE = "canary: kept in the form"
BUSY = "The database is busy. Nothing was lost: try again in a moment."
LONG_NOTE = f"canary: {'word ' * 300}end"
FULL = "The disk of the server is full. Tell the clinic, and try again later."
READ_ONLY = "The database can only be read now. Tell the clinic, and try again later."


@contextmanager
def _each_connection(database: Database, statement: str) -> Iterator[None]:
    """Run *statement* on each connection that is taken from now on, until the end."""

    def prepare(connection: object, *_: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(statement)
        cursor.close()

    database.engine.dispose()
    sa.event.listen(database.engine, "connect", prepare)
    yield
    sa.event.remove(database.engine, "connect", prepare)
    database.engine.dispose()


@pytest.fixture
def filled(visit: Visit, clinic: SmallClinic) -> AppTest:
    """Return the page of the clinic's patient with pain and a note, not saved."""
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=6, average=4)
    write_note(app, NOTE)
    return app


def _assert_kept(app: AppTest) -> None:
    assert shown_answers(app) == (6, 4)
    assert app.text_area[0].value == NOTE


@on_one_engine
def test_a_busy_database_loses_nothing(
    filled: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """While another writer holds the database, Save says so; later it saves the same."""
    with _each_connection(database, "PRAGMA busy_timeout=20"):
        with writing(database) as holder:
            holder.connection()
            save(filled)

        assert refusals(filled) == [BUSY]
        _assert_kept(filled)
        assert stored_answers(database, clinic.own) == []

        save(filled)

    assert is_thanked(filled)
    [kept] = stored_answers(database, clinic.own)
    assert (kept.worst_pain_nrs, kept.note) == (6, NOTE)


@on_one_engine
def test_a_database_that_can_only_be_read_loses_nothing(
    filled: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """Save says that the clinic has to be told, and the answers stay."""
    with _each_connection(database, "PRAGMA query_only=ON"):
        save(filled)

    assert refusals(filled) == [READ_ONLY]
    _assert_kept(filled)
    assert stored_answers(database, clinic.own) == []


@on_one_engine
def test_a_full_disk_loses_nothing(
    filled: AppTest, database: Database, clinic: SmallClinic, database_url: str
) -> None:
    """Save says that the clinic has to be told; when there is room it saves the same."""
    write_note(filled, LONG_NOTE)
    _keep_in_small_pages(database, Path(database_url.removeprefix("sqlite:///")))
    with _each_connection(database, "PRAGMA max_page_count=1"):
        save(filled)

        assert refusals(filled) == [FULL]
        assert shown_answers(filled) == (6, 4)
        assert filled.text_area[0].value == LONG_NOTE
        assert stored_answers(database, clinic.own) == []

    save(filled)

    assert is_thanked(filled)
    [kept] = stored_answers(database, clinic.own)
    assert (kept.worst_pain_nrs, kept.note) == (6, LONG_NOTE)


def _keep_in_small_pages(database: Database, file: Path) -> None:
    """Leave no page half empty into which a report would still fit."""
    database.engine.dispose()
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in ("PRAGMA journal_mode=DELETE", "PRAGMA page_size=512", "VACUUM"):
        connection.execute(statement).fetchall()
    connection.close()


@on_one_engine
def test_answers_that_no_draft_could_keep_stand_after_another_page(
    filled: AppTest, database: Database
) -> None:
    """Even with nowhere to keep a draft, a look at the chart empties nothing."""
    with _each_connection(database, "PRAGMA query_only=ON"):
        filled.run()
        filled.switch_page("patient/progress.py").run()
        filled.switch_page(TODAY_PAGE).run()

    _assert_kept(filled)


@on_one_engine
def test_an_event_says_when_it_could_not_be_recorded(
    filled: AppTest, database: Database, clinic: SmallClinic
) -> None:
    """A press that recorded nothing is never thanked for."""
    with _each_connection(database, "PRAGMA query_only=ON"):
        press(filled, "A fall")

    assert refusals(filled) == [f"{READ_ONLY} It is not recorded yet."]
    assert not filled.success
    assert events(database, clinic.own) == []


@on_one_engine
def test_a_page_that_needs_to_write_says_why_it_cannot(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Reading another person's record leaves an audit entry; without it, nothing is shown."""
    app = visit(clinic.clinician)

    with _each_connection(database, "PRAGMA query_only=ON"):
        app.switch_page("clinician/review.py").run()

    assert refusals(app) == [READ_ONLY]
    assert not app.exception


@pytest.mark.parametrize("page", ["patient/home.py", TODAY_PAGE, "patient/progress.py"])
@on_one_engine
def test_a_database_that_is_gone_shows_a_sentence(
    visit: Visit, database: Database, clinic: SmallClinic, page: str
) -> None:
    """A missing table or file is one plain sentence on every page, and no traceback."""
    app = visit(clinic.patient, page)
    with writing(database) as session:
        session.connection().execute(sa.text("ALTER TABLE auth_session RENAME TO gone"))

    app.run()

    assert refusals(app) == [
        "The database cannot be reached now. Nothing was lost: try again in a moment."
    ]
    assert not app.exception
    assert len(app.main.children) == 1
