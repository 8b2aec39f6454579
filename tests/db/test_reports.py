"""Daily reports in the database: saved, corrected with their past, listed, and never lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from db.engine import Database, reading, writing
from db.models import DailyReportRow
from db.reports import find_report, list_past_answers, list_reports, save_report
from recovery.errors import AccessDenied, InvalidEntry, StaleEntry
from recovery.reports import ActivityLevel, PainMedicine
from tests.db.acts import acts
from tests.factories import NOW, PROCEDURE_DATE, TODAY, saving
from tests.small_clinic import SmallClinic

LATER = NOW + timedelta(hours=3)
FULL: dict[str, Any] = {
    "worst_pain_nrs": 10,
    "average_pain_nrs": 0,
    "brace_hours": 6.5,
    "activity": ActivityLevel.OUT_A_LITTLE,
    "walking_minutes": 1_440,
    "medicine": PainMedicine.BOTH,
    "medicine_times": 24,
    "warning_signs": frozenset({"fever", "new_back_pain"}),
    "note": "Slept well.",
}
NAUGHTY = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1",
    "<b onmouseover=alert(1)>&amp;</b>",
    "'; DROP TABLE daily_report; --",
    "%s %(name)s {0} :name ? \\x41 \\",
    "שלום \u202e123\u202c مرحبا",
    "\U0001f9b4\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f",
    "\U0001d56c\U00020000",
    "tab\tand\nlines",
    "null",
    '{"json": [true]}',
]


def test_a_day_outside_the_window_is_not_stored(database: Database, clinic: SmallClinic) -> None:
    """Neither the report nor an audit entry is left."""
    for days in (-1, 3, 10_000):
        with pytest.raises(InvalidEntry), writing(database) as session:
            save_report(session, clinic.own, saving(day=TODAY - timedelta(days=days)))
    ahead = saving(day=PROCEDURE_DATE - timedelta(days=1), today=PROCEDURE_DATE)
    with pytest.raises(InvalidEntry, match="before the procedure"), writing(database) as session:
        save_report(session, clinic.own, ahead)

    with reading(database) as session:
        assert list_reports(session, clinic.own) == []
        assert not acts(session)


def test_a_version_that_was_never_saved_cannot_be_replaced(
    session: Session, clinic: SmallClinic
) -> None:
    """A form filled from an entry that is not there is stale."""
    with pytest.raises(StaleEntry):
        save_report(session, clinic.own, saving(expected_version=1))

    assert find_report(session, clinic.own, TODAY) is None


def test_a_patient_without_an_episode_has_nothing_to_save_to(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """An access that points nowhere is refused like any other record."""
    nowhere = replace(clinic.own, clinic_id=other_clinic.clinic_id)
    with pytest.raises(AccessDenied):
        save_report(session, nowhere, saving())


def test_a_first_report_is_kept_whole(session: Session, clinic: SmallClinic) -> None:
    """Every answer comes back as it was given, with author and time."""
    press = saving(**FULL)

    stored = save_report(session, clinic.own, press)
    session.expire_all()

    assert find_report(session, clinic.own, TODAY) == stored
    assert stored.report == press.report
    assert (stored.version, stored.is_late, stored.is_corrected) == (1, False, False)
    assert (stored.created_at, stored.updated_at) == (NOW, NOW)
    assert {stored.created_by, stored.updated_by} == {clinic.patient.account_id}
    assert acts(session) == {"report.saved": 1}


def test_skipped_questions_stay_unanswered(session: Session, clinic: SmallClinic) -> None:
    """Missing is missing: no zero and no empty list takes its place."""
    save_report(session, clinic.own, saving())
    none_ticked = saving(day=TODAY - timedelta(days=1), warning_signs=frozenset())
    save_report(session, clinic.own, none_ticked)
    session.expire_all()

    earlier, later = (each.report for each in list_reports(session, clinic.own))
    assert (later.brace_hours, later.activity, later.warning_signs) == (None, None, None)
    assert earlier.warning_signs == frozenset()


def test_a_day_entered_on_a_later_day_is_late_for_good(
    session: Session, clinic: SmallClinic
) -> None:
    """A correction does not change when the day was first entered."""
    day = TODAY - timedelta(days=2)

    assert save_report(session, clinic.own, saving(day=day)).is_late
    corrected = saving(day=day, worst_pain_nrs=6, expected_version=1)
    assert save_report(session, clinic.own, corrected).is_late


def test_a_correction_keeps_value_author_and_time(session: Session, clinic: SmallClinic) -> None:
    """The old answers stay with who had saved them, the new ones name who corrected."""
    first = saving(**FULL)
    save_report(session, clinic.own, first)

    second = saving(worst_pain_nrs=4, note="Mistyped.", expected_version=1, now=LATER)
    stored = save_report(session, clinic.treating, second)
    session.expire_all()

    assert (stored.version, stored.is_corrected) == (2, True)
    assert (stored.created_at, stored.updated_at) == (NOW, LATER)
    assert stored.created_by == clinic.patient.account_id
    assert stored.updated_by == clinic.clinician.account_id
    [past] = list_past_answers(session, clinic.own)
    assert (past.report, past.version) == (first.report, 1)
    assert (past.saved_at, past.saved_by_name) == (NOW, "Patient")
    assert acts(session) == {"report.saved": 1, "report.corrected": 1}


def test_versions_count_on_and_are_listed_newest_first(
    session: Session, clinic: SmallClinic
) -> None:
    """Each correction keeps the one before it."""
    for version, worst in enumerate((5, 6, 7)):
        save_report(session, clinic.own, saving(worst_pain_nrs=worst, expected_version=version))

    past = list_past_answers(session, clinic.own)
    assert [(each.version, each.report.worst_pain_nrs) for each in past] == [(2, 6), (1, 5)]


def test_unchanged_answers_are_no_correction(session: Session, clinic: SmallClinic) -> None:
    """Saving what is stored already changes neither version nor time."""
    stored = save_report(session, clinic.own, saving(**FULL))

    again = save_report(session, clinic.own, saving(**FULL, expected_version=1, now=LATER))

    assert again == stored
    assert list_past_answers(session, clinic.own) == []
    assert acts(session) == {"report.saved": 1}


def test_reports_are_listed_by_day_from_a_day_on(session: Session, clinic: SmallClinic) -> None:
    """Whatever the order of entry; the first day asked for is included."""
    days = [TODAY - timedelta(days=back) for back in (0, 2, 1)]
    for day in days:
        save_report(session, clinic.own, saving(day=day))

    def listed(since: date) -> list[date]:
        return [each.report.day for each in list_reports(session, clinic.own, since)]

    assert listed(date.min) == sorted(days)
    assert listed(days[2]) == [days[2], TODAY]
    assert listed(TODAY + timedelta(days=1)) == []


def test_other_clinics_reports_are_not_listed(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """A report belongs to one episode of one clinic."""
    save_report(session, other_clinic.own, saving())

    assert list_reports(session, clinic.own) == []
    assert find_report(session, clinic.own, TODAY) is None


def test_what_people_write_comes_back_as_it_was(session: Session, clinic: SmallClinic) -> None:
    """Formulas, markup, other scripts, quotes and emoji survive every correction."""
    for version, note in enumerate(NAUGHTY):
        signs = frozenset({note})
        press = saving(note=note, warning_signs=signs, expected_version=version)
        save_report(session, clinic.own, press)
        session.expire_all()
        found = find_report(session, clinic.own, TODAY)
        assert found is not None
        assert (found.report.note, found.report.warning_signs) == (note, signs)

    past = [each.report.note for each in list_past_answers(session, clinic.own)]
    assert past == NAUGHTY[-2::-1]


def test_a_refused_transaction_leaves_nothing(database: Database, clinic: SmallClinic) -> None:
    """Report, review row and audit entry are stored together or not at all."""

    class Stopped(Exception):
        """What ends a script in the middle."""

    def stopped_halfway() -> None:
        with writing(database) as session:
            save_report(session, clinic.own, saving())
            raise Stopped

    with pytest.raises(Stopped):
        stopped_halfway()

    with reading(database) as session:
        assert session.exec(select(DailyReportRow)).all() == []
        assert not acts(session)
