"""Counting outcomes anew: what somebody changed past the app is found and set right."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from db.__main__ import main
from db.engine import Database, open_engine, reading, writing
from db.models import CohortCountRow, OutcomeCountRow
from db.recount import recount
from db.reports import save_report
from db.schema import upgrade
from tests.factories import NOW, TODAY, saving
from tests.small_clinic import SmallClinic, make_small_clinic


def test_counts_of_nothing_are_right(database: Database) -> None:
    """Before the first report."""
    with writing(database) as session:
        found = recount(session)

    assert (found.counts, found.wrong) == (0, 0)


def test_counts_that_are_right_stay(database: Database, clinic: SmallClinic) -> None:
    _log(database, clinic)
    before = _stored(database)

    with writing(database) as session:
        found = recount(session)

    assert (found.counts, found.wrong) == (len(before), 0)
    assert _stored(database) == before
    assert before


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (sa.update(CohortCountRow).values(number=CohortCountRow.number + 1), 3),
        (sa.delete(CohortCountRow), 3),
        (sa.update(CohortCountRow).values(score=CohortCountRow.score + 3), 6),
        (sa.delete(OutcomeCountRow), 3),
    ],
    ids=["another number", "missing", "of another level", "outcomes are missing"],
)
def test_what_was_changed_past_the_app_is_set_right(
    database: Database, clinic: SmallClinic, change: sa.Executable, wrong: int
) -> None:
    """A count of another level is one too many and one missing."""
    _log(database, clinic)
    before = _stored(database)
    with writing(database) as session:
        session.connection().execute(change)

    with writing(database) as session:
        found = recount(session)

    assert found.wrong == wrong
    assert _stored(database) == before


def test_the_command_says_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'mendline.db'}"
    database = Database(open_engine(url))
    upgrade(database.engine)
    _log(database, make_small_clinic(database, "elm-"))
    with writing(database) as session:
        session.connection().execute(sa.delete(CohortCountRow))
    database.engine.dispose()
    monkeypatch.setenv("MENDLINE_DATABASE_URL", url)

    assert main(["recount"]) == 0
    assert "3 counts were wrong" in capsys.readouterr().out
    assert main(["recount"]) == 0
    assert "counts were right" in capsys.readouterr().out


def _log(database: Database, clinic: SmallClinic) -> None:
    for days in range(3):
        with writing(database) as session:
            pressed = saving(day=TODAY - timedelta(days=days), today=TODAY, now=NOW)
            save_report(session, clinic.own, pressed)


def _stored(database: Database) -> set[str]:
    with reading(database) as session:
        return {
            repr(row.model_dump())
            for table in (CohortCountRow, OutcomeCountRow)
            for row in session.exec(select(table))
        }
