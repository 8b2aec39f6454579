"""One report a day, the person's own day: around midnight, clock changes, travel and leap days."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from db.alerts import list_alerts
from db.consents import give_consent, withdraw_consent
from db.drafts import find_draft, keep_draft
from db.engine import Database, reading, writing
from db.events import add_event, list_events, withdraw_event
from db.models import EpisodeStatusRow, PatientRow
from db.patients import get_patient
from db.reports import find_report, list_reports, save_report
from db.review import list_episodes
from db.sweep import Swept, sweep
from recovery.access import PatientAccess, grant_clinic
from recovery.days import today_in
from recovery.errors import InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.reports import Event, EventKind, PartialReport
from recovery.review import ReviewQuery, ReviewRow
from tests.clock_changes import CHANGES, at
from tests.factories import RULES, saving
from tests.small_clinic import SmallClinic, make_small_clinic

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SILENT = timedelta(days=RULES.silence_days or 0)
QUIET = replace(RULES, judging_day=None)
"""Without a milestone, which would be due between."""

SQLITE_ALONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what rests on the rules alone; the same days are saved and read on both engines."""


def _rules(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
    assert (procedure_id, shares_augmentation_curve) == ("kyphoplasty", True)
    return QUIET


def _clinic_in(database: Database, place: str, procedure_date: date) -> SmallClinic:
    return make_small_clinic(
        database, time_zone=place, procedure_date=procedure_date, brace_plan=None
    )


def _save(database: Database, own: PatientAccess, day: date, now: datetime, **more: Any) -> None:
    """Save as the page does: today is asked of the person's own zone when Save is pressed."""
    with writing(database) as session:
        today = today_in(get_patient(session, own).time_zone, now)
        pressed = saving(day=day, today=today, now=now, rules=QUIET, **more)
        save_report(session, own, pressed)


def _days(database: Database, own: PatientAccess) -> dict[date, bool]:
    """Return the logged days, and whether each was entered late."""
    with reading(database) as session:
        return {each.report.day: each.is_late for each in list_reports(session, own)}


def _listed(database: Database, clinic: SmallClinic, now: datetime) -> ReviewRow:
    with writing(database) as session:
        page = list_episodes(session, grant_clinic(clinic.clinician), ReviewQuery(), now)
    return page.rows[0]


@pytest.mark.parametrize(("place", "day"), CHANGES)
def test_the_day_of_a_clock_change_is_one_day_with_one_report(
    database: Database, place: str, day: date
) -> None:
    """
    Saved at 23:59 of the day before, at 00:01 and 23:59 of it and at 00:01 of the day after.

    The first of each pair is its own day's report, the day after midnight is another one, and what
    is entered for the day that is over is late.
    """
    clinic = _clinic_in(database, place, day - DAY)
    _save(database, clinic.own, day - DAY, at(place, day - DAY, 23, 59))
    _save(database, clinic.own, day, at(place, day, 0, 1))
    with pytest.raises(InvalidEntry, match="not come yet"):
        _save(database, clinic.own, day + DAY, at(place, day, 23, 59, again=True))
    _save(database, clinic.own, day, at(place, day, 23, 59, again=True), expected_version=1)
    assert _days(database, clinic.own) == {day - DAY: False, day: False}

    after = at(place, day + DAY, 0, 1)
    _save(database, clinic.own, day + DAY, after, worst_pain_nrs=7)
    assert _days(database, clinic.own) == {day - DAY: False, day: False, day + DAY: False}
    row = _listed(database, clinic, after)
    assert (row.today, row.days_logged, row.days_counted) == (day + DAY, 3, 3)
    assert (row.post_procedure_day, row.last_worst_pain_nrs) == (2, 7)


@SQLITE_ALONE
@pytest.mark.parametrize(("place", "day"), CHANGES)
def test_what_happened_around_a_change_belongs_to_the_day_on_the_persons_clock(
    database: Database, place: str, day: date
) -> None:
    """A fall a minute before and after each midnight; the alert of each is of its own day."""
    clinic = _clinic_in(database, place, day - DAY)
    own_day = {
        at(place, day - DAY, 23, 59): day - DAY,
        at(place, day, 0, 1): day,
        at(place, day, 23, 59, again=True): day,
        at(place, day + DAY, 0, 1): day + DAY,
    }
    for number, instant in enumerate(own_day):
        with writing(database) as session:
            fell = Event(kind=EventKind.FALL, occurred_at=instant)
            key = saving().idempotency_key
            add_event(session, clinic.own, fell, idempotency_key=key, now=instant + MINUTE)
            last = list_events(session, clinic.own)
            if number == 2:
                # Taken back, its day keeps the alert: the other fall of that day still stands.
                taken = next(each for each in last if each.occurred_at == instant)
                assert taken.event_id is not None
                withdraw_event(session, clinic.own, taken.event_id, instant + MINUTE)

    with reading(database) as session:
        alerts = {
            each.reason.first_day: each.holds for each in list_alerts(session, clinic.treating)
        }
    assert alerts == dict.fromkeys(own_day.values(), True)


@SQLITE_ALONE
@pytest.mark.parametrize(("place", "day"), CHANGES)
def test_silence_is_found_on_its_own_day_and_not_a_minute_before(
    database: Database, place: str, day: date
) -> None:
    """Across the change too: five days are five days, although they last an hour more or less."""
    first = day - SILENT + DAY
    clinic = _clinic_in(database, place, first)
    _save(database, clinic.own, first, at(place, first, 23, 59))
    due = day + DAY
    assert sweep(database, _rules, at(place, day, 23, 59, again=True)) == Swept()

    assert sweep(database, _rules, at(place, due, 0, 1)) == Swept(judged=1)
    with reading(database) as session:
        (alert,) = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.reason.last_day) == (ReasonKind.SILENCE, due)
    assert alert.reason.values["days"] == SILENT.days


def test_a_draft_stays_with_its_day_over_midnight(database: Database) -> None:
    """Half typed at 23:59 and finished at 00:01, it is the day that was asked about."""
    (place, day) = CHANGES[0]
    clinic = _clinic_in(database, place, day)
    answers = PartialReport(worst_pain_nrs=4)
    with writing(database) as session:
        keep_draft(session, clinic.own, day, answers, at(place, day, 23, 59))

    with reading(database) as session:
        assert find_draft(session, clinic.own, day) == answers
        assert find_draft(session, clinic.own, day + DAY) is None
    _save(database, clinic.own, day, at(place, day + DAY, 0, 1))
    assert _days(database, clinic.own) == {day: True}


def _travel(database: Database, clinic: SmallClinic, place: str) -> None:
    """Change the person's zone, where it is kept: with the person, and beside the review row."""
    with writing(database) as session:
        for row in (
            *session.exec(select(PatientRow).where(PatientRow.id == clinic.own.patient_id)),
            *session.exec(
                select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == clinic.own.patient_id)
            ),
        ):
            row.time_zone = place
            session.add(row)


def test_travelling_west_repeats_a_day_and_stores_it_once(database: Database) -> None:
    """
    Logged in Kiritimati, then in Pago Pago, 25 hours behind.

    What was logged stays; while its day lies ahead there it can be neither entered nor lost, and
    nobody is told that a day is missing. Once the day comes again, it can be corrected.
    """
    start = date(2026, 11, 20)
    clinic = _clinic_in(database, "Pacific/Kiritimati", start)
    for number in range(3):
        day = start + number * DAY
        _save(database, clinic.own, day, at("Pacific/Kiritimati", day, 0, 1))
    newest = start + 2 * DAY
    now = at("Pacific/Kiritimati", newest, 0, 2)
    _travel(database, clinic, "Pacific/Pago_Pago")
    assert today_in("Pacific/Pago_Pago", now) == newest - 2 * DAY

    row = _listed(database, clinic, now)
    assert (row.last_day, row.days_logged, row.days_counted) == (newest, 1, 1)
    assert row.recent_pains() == [3]
    with pytest.raises(InvalidEntry, match="not come yet"):
        _save(database, clinic.own, newest, now, expected_version=1)
    assert sweep(database, _rules, now) == Swept()
    _save(database, clinic.own, start, now, expected_version=1, worst_pain_nrs=9)
    assert list(_days(database, clinic.own)) == [start, start + DAY, newest]

    again = at("Pacific/Pago_Pago", newest, 0, 1)
    _save(database, clinic.own, newest, again, expected_version=1, worst_pain_nrs=8)
    row = _listed(database, clinic, again)
    assert (row.days_logged, row.days_counted, row.last_worst_pain_nrs) == (3, 3, 8)
    with reading(database) as session:
        corrected = find_report(session, clinic.own, newest)
    assert corrected is not None
    assert corrected.version == 2


def test_travelling_east_jumps_over_a_day_that_can_still_be_entered(database: Database) -> None:
    """From Pago Pago to Kiritimati the day after tomorrow begins at once; both days are open."""
    day = date(2026, 11, 20)
    clinic = _clinic_in(database, "Pacific/Pago_Pago", day - DAY)
    now = at("Pacific/Pago_Pago", day, 23, 30)
    _save(database, clinic.own, day - DAY, now)
    _travel(database, clinic, "Pacific/Kiritimati")
    assert today_in("Pacific/Kiritimati", now) == day + 2 * DAY

    for each in (day, day + DAY, day + 2 * DAY):
        _save(database, clinic.own, each, now)
    assert _days(database, clinic.own) == {
        day - DAY: True,
        day: True,
        day + DAY: True,
        day + 2 * DAY: False,
    }
    row = _listed(database, clinic, now)
    assert (row.today, row.days_logged, row.days_counted) == (day + 2 * DAY, 4, 4)


def test_silence_is_told_by_the_zone_that_the_person_is_in(database: Database) -> None:
    """Gone west, it is due when the day comes there, and not when it would have come at home."""
    start = date(2026, 11, 12)
    clinic = _clinic_in(database, "Pacific/Kiritimati", start)
    _save(database, clinic.own, start, at("Pacific/Kiritimati", start, 12, 0))
    due = start + SILENT
    _travel(database, clinic, "Pacific/Pago_Pago")

    assert sweep(database, _rules, at("Pacific/Kiritimati", due, 0, 1)) == Swept()
    assert sweep(database, _rules, at("Pacific/Pago_Pago", due - DAY, 23, 59)) == Swept()
    assert sweep(database, _rules, at("Pacific/Pago_Pago", due, 0, 1)) == Swept(judged=1)


@pytest.mark.parametrize("place", ["Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati"])
def test_what_is_to_be_looked_at_anew_is_looked_at_in_the_same_hour(
    database: Database, place: str
) -> None:
    """In the evening of the far west UTC has the next day; nobody waits for midnight there."""
    start = date(2026, 11, 12)
    clinic = _clinic_in(database, place, start)
    now = at(place, start + SILENT, 23, 30)
    sweep(database, _rules, now)
    with writing(database) as session:
        withdraw_consent(session, clinic.own, now)

    assert sweep(database, _rules, now + MINUTE) == Swept(judged=1)
    with writing(database) as session:
        give_consent(session, clinic.own, "2026-11-25", now + 2 * MINUTE)
    assert sweep(database, _rules, now + 3 * MINUTE) == Swept(judged=1)


def test_a_leap_day_is_logged_like_any_other(database: Database) -> None:
    """Every day from 27 February to 2 March of a leap year is one of five, without a gap."""
    place, start = "America/New_York", date(2024, 2, 27)
    clinic = _clinic_in(database, place, start)
    days = [start + number * DAY for number in range(5)]
    assert date(2024, 2, 29) in days
    for day in days:
        _save(database, clinic.own, day, at(place, day, 23, 59))

    assert _days(database, clinic.own) == dict.fromkeys(days, False)
    row = _listed(database, clinic, at(place, days[-1], 23, 59))
    assert (row.post_procedure_day, row.days_logged, row.days_counted) == (4, 5, 5)
    assert row.recent_pains() == [3] * 5


@pytest.fixture(params=["Pacific/Kiritimati", "America/Los_Angeles"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Set the zone of the process, as a server's own might be, and set it back."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_servers_own_zone_changes_nothing(server_zone: str, database: Database) -> None:
    """Days, instants and silence are the same when the server's clock is set to another place."""
    place, day = "America/New_York", date(2026, 11, 20)
    now = at(place, day, 23, 59)
    assert datetime.now().astimezone().utcoffset() == now.astimezone().utcoffset() != timedelta()
    clinic = _clinic_in(database, place, day)
    _save(database, clinic.own, day, now)
    fell = Event(kind=EventKind.FALL, occurred_at=now)
    with writing(database) as session:
        add_event(session, clinic.own, fell, idempotency_key=saving().idempotency_key, now=now)

    with reading(database) as session:
        stored = find_report(session, clinic.own, day)
        (event,) = list_events(session, clinic.own)
        raw = session.connection().execute(sa.text("SELECT occurred_at FROM event")).scalar()
    assert stored is not None
    assert (stored.created_at, stored.is_late) == (now, False)
    assert event.occurred_at == now
    if database.engine.dialect.name == "sqlite":
        assert str(raw).startswith(now.astimezone(UTC).strftime("%Y-%m-%d %H:%M"))
    assert _listed(database, clinic, now).today == day
    assert sweep(database, _rules, at(place, day + SILENT - DAY, 23, 59)) == Swept()
    assert sweep(database, _rules, at(place, day + SILENT, 0, 1)) == Swept(judged=1)
