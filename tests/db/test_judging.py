"""Judging in the transaction of a report: what opens an alert, and what leaves it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlmodel import Session

from db.alerts import list_alerts
from db.engine import Database, writing
from db.events import add_event, list_events, withdraw_event
from db.judgement_settings import save_judgement_settings
from db.models import NOT_AGAIN
from db.reports import Saving, save_report
from recovery.access import grant_admin
from recovery.alerts import AlertState
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import JudgementSettings
from recovery.reports import Event, EventKind
from tests.db.acts import all_at_once
from tests.db.judged import judge, row_of
from tests.factories import NOW, PROCEDURE_DATE, RULES, TODAY, saving
from tests.small_clinic import SmallClinic

FEVER = frozenset({"fever"})
DAY = timedelta(days=1)


def test_a_calm_report_opens_nothing(session: Session, clinic: SmallClinic) -> None:
    """A single day without a sign is no reason to look."""
    save_report(session, clinic.own, saving())

    assert list_alerts(session, clinic.treating) == []
    row = row_of(session, clinic.own)
    assert (row.need, row.reasons, row.last_day) == (0, [], TODAY)
    assert row.spark[-1] == "3"


def test_a_ticked_sign_opens_an_alert_with_what_made_it(
    session: Session, clinic: SmallClinic
) -> None:
    """In the same transaction, with day, sign and the version of the thresholds in force."""
    changed = replace(JudgementSettings(), higher_days=4)
    save_judgement_settings(session, grant_admin(clinic.administrator), changed, NOW)

    save_report(session, clinic.own, saving(warning_signs=FEVER))

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.reason.last_day) == (ReasonKind.WARNING_SIGN, TODAY)
    assert alert.reason.values["signs"] == ["fever"]
    assert (alert.state, alert.holds, alert.settings_version) == (AlertState.NEW, True, 1)
    row = row_of(session, clinic.own)
    assert (row.need > 0, row.need_day) == (True, TODAY)
    assert [each["kind"] for each in row.reasons] == ["warning_sign"]


def test_a_sign_corrected_away_stays_and_says_so(session: Session, clinic: SmallClinic) -> None:
    """Nothing disappears by itself; the clinician sees that it was there and is not any more."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=frozenset(), expected_version=1))

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.holds) == (AlertState.NEW, False)
    assert alert.reason.values["signs"] == ["fever"]
    assert row_of(session, clinic.own).need > 0


def test_signs_of_one_day_add_up(session: Session, clinic: SmallClinic) -> None:
    """A correction that swaps one sign for another shows both."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=frozenset({"legs"}), expected_version=1))

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.values["signs"], alert.holds) == (["fever", "legs"], True)


def test_a_fall_taken_back_and_recorded_again_stands(session: Session, clinic: SmallClinic) -> None:
    """The alert says what holds now."""
    fall = Event(kind=EventKind.FALL, occurred_at=NOW)
    add_event(session, clinic.own, fall, idempotency_key=uuid4(), now=NOW)
    [event] = list_events(session, clinic.own)
    assert event.event_id is not None
    withdraw_event(session, clinic.own, event.event_id, NOW)
    assert [each.holds for each in list_alerts(session, clinic.treating)] == [False]

    add_event(session, clinic.own, fall, idempotency_key=uuid4(), now=NOW)

    assert [each.holds for each in list_alerts(session, clinic.treating)] == [True]


def test_judging_that_finds_nothing_new_changes_nothing(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever looked at the list before sees nothing marked as changed."""
    save_report(session, clinic.own, saving())
    before = row_of(session, clinic.own).changed_at

    judge(session, clinic, 1)
    assert row_of(session, clinic.own).changed_at == before

    judge(session, clinic, 6)
    assert row_of(session, clinic.own).changed_at > before


def test_a_late_report_is_judged_for_its_day(session: Session, clinic: SmallClinic) -> None:
    """Entered two days later, behind a newer report, its sign is found all the same."""
    save_report(session, clinic.own, saving())
    save_report(session, clinic.own, saving(day=TODAY - 2 * DAY, warning_signs=FEVER))

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.first_day == TODAY - 2 * DAY
    row = row_of(session, clinic.own)
    assert (row.last_day, row.last_worst_pain_nrs) == (TODAY, 5)


def test_silence_is_found_on_its_day_and_once(session: Session, clinic: SmallClinic) -> None:
    """Not a day before; found again the next day it is the same alert; a report ends it."""
    save_report(session, clinic.own, saving())
    days = RULES.silence_days or 0

    judge(session, clinic, days - 1)
    assert list_alerts(session, clinic.treating) == []
    assert row_of(session, clinic.own).judge_on == TODAY + timedelta(days=days)

    judge(session, clinic, days)
    judge(session, clinic, days + 1)
    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.holds) == (ReasonKind.SILENCE, True)
    assert alert.reason.last_day == TODAY + timedelta(days=days + 1)

    later = TODAY + timedelta(days=days + 2)
    save_report(
        session, clinic.own, saving(day=later, today=later, now=NOW + timedelta(days=days + 2))
    )
    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.holds) == (AlertState.NEW, False)


def test_who_never_logged_is_silent_too(session: Session, clinic: SmallClinic) -> None:
    """Counted from the procedure on, with nothing to show."""
    judge(session, clinic, 0)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.kind is ReasonKind.SILENCE
    assert (TODAY - PROCEDURE_DATE).days >= (RULES.silence_days or 0)
    row = row_of(session, clinic.own)
    assert row.spark == ""
    assert row.judge_on > TODAY


def test_without_rules_only_what_was_recorded_counts(session: Session, clinic: SmallClinic) -> None:
    """A procedure that this version does not know is never judged, its signs are."""
    unknown = replace(RULES, first_status_day=None, judging_day=None, silence_days=None)

    pressed: Saving = replace(saving(warning_signs=FEVER), rules=unknown)
    save_report(session, clinic.own, pressed)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.kind is ReasonKind.WARNING_SIGN
    assert row_of(session, clinic.own).judge_on == NOT_AGAIN


def test_twenty_presses_and_a_fall_at_once_open_one_alert_each(
    database: Database, clinic: SmallClinic
) -> None:
    """However they interleave, the row and the alerts agree."""
    press = saving(warning_signs=FEVER)
    fall = Event(kind=EventKind.FALL, occurred_at=NOW)
    key = uuid4()

    def do(which: int) -> None:
        with writing(database) as session:
            if which % 2:
                save_report(session, clinic.own, press)
            else:
                add_event(session, clinic.own, fall, idempotency_key=key, now=NOW)

    assert [each for each in all_at_once(do) if each is not None] == []

    with writing(database) as session:
        kinds = [each.reason.kind for each in list_alerts(session, clinic.treating)]
        row = row_of(session, clinic.own)
        assert kinds == [ReasonKind.WARNING_SIGN, ReasonKind.FALL]
        assert [each["kind"] for each in row.reasons] == ["warning_sign", "fall"]
