"""The floor that benchmarks compare with sends what the app sends, and stores what it stores."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from benchmarks.scale.bare import once_each, statements_of, time_act, time_bare
from db.audit_check import find_break
from db.engine import Database, reading
from db.models import CohortCountRow, DailyReportRow
from db.reports import save_report
from tests.factories import saving
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("frozen_clock")


def _saved(clinic: SmallClinic) -> Callable[[Session], object]:
    press = saving()
    return lambda session: save_report(session, clinic.own, press)


def test_what_is_noted_is_undone_and_can_be_sent_alone(
    database: Database, clinic: SmallClinic
) -> None:
    """A report saved by the driver alone stands in the log, the counts and the audit's chain."""
    sent = statements_of(database, _saved(clinic), writes=True)
    with reading(database) as session:
        assert session.exec(select(DailyReportRow)).all() == []

    time_bare(database, once_each(sent), writes=True)

    with reading(database) as session:
        [report] = session.exec(select(DailyReportRow)).all()
        [count] = session.exec(select(CohortCountRow)).all()
        assert (report.average_pain_nrs, count.number) == (3, 1)
    with reading(database) as session:
        assert find_break(session).broken is None


def test_what_is_asked_twice_is_sent_once(database: Database, clinic: SmallClinic) -> None:
    """The floor has no savepoints and asks nothing it knows."""
    sent = statements_of(database, _saved(clinic), writes=True)
    once = once_each([*sent, *sent])

    assert len(once) <= len(sent)
    assert not any("SAVEPOINT" in each.statement for each in once)


def test_the_app_stores_what_is_timed(database: Database, clinic: SmallClinic) -> None:
    """Timing an act does it."""
    assert time_act(database, _saved(clinic), writes=True) > 0
    with reading(database) as session:
        assert len(session.exec(select(DailyReportRow)).all()) == 1
