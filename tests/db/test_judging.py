"""Judging in the transaction of a report: what opens an alert, and what leaves it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from db.alerts import act_on_alert, list_alerts
from db.engine import Database, writing
from db.events import add_event, list_events, withdraw_event
from db.judgement_settings import save_judgement_settings
from db.judging import Judging, judge_days
from db.models import NOT_AGAIN, EpisodeStatusRow
from db.patients import current_episode
from db.reports import Saving, save_report
from recovery.access import PatientAccess, grant_admin
from recovery.alerts import Alert, AlertActKind, AlertPress, AlertState, CloseReason
from recovery.errors import StaleEntry
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.settings import JudgementSettings
from recovery.reports import Event, EventKind
from tests.db.acts import all_at_once
from tests.factories import NOW, PROCEDURE_DATE, RULES, TODAY, saving
from tests.small_clinic import SmallClinic

FEVER = frozenset({"fever"})
DAY = timedelta(days=1)


def _row(session: Session, access: PatientAccess) -> EpisodeStatusRow:
    session.flush()
    statement = select(EpisodeStatusRow).where(EpisodeStatusRow.patient_id == access.patient_id)
    return session.exec(statement).one()


def _act(session: Session, clinic: SmallClinic, alert: Alert, **what: Any) -> None:
    press = AlertPress(alert_id=alert.alert_id, expected_version=alert.version, **what)
    act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)


def _close(session: Session, clinic: SmallClinic, alert: Alert) -> None:
    _act(session, clinic, alert, kind=AlertActKind.CLOSED, reason=CloseReason.SPOKE)


def _judge(session: Session, clinic: SmallClinic, days_ahead: int) -> None:
    """Judge as the sweep does, some days from now."""
    today = TODAY + timedelta(days=days_ahead)
    judging = Judging(rules=RULES, now=NOW + timedelta(days=days_ahead))
    judge_days(session, current_episode(session, clinic.treating), judging, [today])


def test_a_calm_report_opens_nothing(session: Session, clinic: SmallClinic) -> None:
    """A single day without a sign is no reason to look."""
    save_report(session, clinic.own, saving())

    assert list_alerts(session, clinic.treating) == []
    row = _row(session, clinic.own)
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
    row = _row(session, clinic.own)
    assert (row.need > 0, row.need_day) == (True, TODAY)
    assert [each["kind"] for each in row.reasons] == ["warning_sign"]


def test_a_sign_corrected_away_stays_and_says_so(session: Session, clinic: SmallClinic) -> None:
    """Nothing disappears by itself; the clinician sees that it was there and is not any more."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=frozenset(), expected_version=1))

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.holds) == (AlertState.NEW, False)
    assert alert.reason.values["signs"] == ["fever"]
    assert _row(session, clinic.own).need > 0


def test_signs_of_one_day_add_up(session: Session, clinic: SmallClinic) -> None:
    """A correction that swaps one sign for another shows both."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=frozenset({"legs"}), expected_version=1))

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.values["signs"], alert.holds) == (["fever", "legs"], True)


def test_a_new_sign_on_a_day_that_was_closed_opens_another(
    session: Session, clinic: SmallClinic
) -> None:
    """What somebody closed was not about the sign that came later; the same sign stays closed."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    again = saving(warning_signs=FEVER, worst_pain_nrs=6, expected_version=1)
    save_report(session, clinic.own, again)
    assert [each.state for each in list_alerts(session, clinic.treating)] == [AlertState.CLOSED]

    save_report(session, clinic.own, saving(warning_signs=FEVER | {"legs"}, expected_version=2))
    states = [each.state for each in list_alerts(session, clinic.treating)]
    assert states == [AlertState.NEW, AlertState.CLOSED]


DECIDED: list[dict[str, Any]] = [
    {"kind": AlertActKind.SEEN},
    {"kind": AlertActKind.ACTED, "words": "Called."},
    {"kind": AlertActKind.SNOOZED, "until": TODAY + 5 * DAY},
    {"kind": AlertActKind.CLOSED, "reason": CloseReason.SPOKE},
]


@pytest.mark.parametrize("what", DECIDED, ids=lambda what: what["kind"].value)
def test_a_graver_sign_of_a_day_that_was_decided_on_asks_anew(
    session: Session, clinic: SmallClinic, what: dict[str, Any]
) -> None:
    """Whatever was done about the fever was not about the legs."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    _act(session, clinic, list_alerts(session, clinic.treating)[0], **what)

    more = FEVER | {"legs"}
    save_report(session, clinic.own, saving(warning_signs=more, expected_version=1))
    save_report(
        session, clinic.own, saving(warning_signs=more, worst_pain_nrs=9, expected_version=2)
    )

    alerts = list_alerts(session, clinic.treating)
    asking = [each for each in alerts if each.state is AlertState.NEW]
    assert [each.reason.values["signs"] for each in asking] == [["fever", "legs"]]
    assert len(alerts) == 2
    assert _row(session, clinic.own).need > 0


def test_nobody_closes_a_sign_that_came_after_the_page(
    session: Session, clinic: SmallClinic
) -> None:
    """A sign ticked meanwhile makes another version, so the press is refused."""
    save_report(session, clinic.own, saving(warning_signs=FEVER))
    [looked_at] = list_alerts(session, clinic.treating)
    more = FEVER | {"legs"}
    save_report(session, clinic.own, saving(warning_signs=more, expected_version=1))

    with pytest.raises(StaleEntry):
        _close(session, clinic, looked_at)

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.reason.values["signs"]) == (AlertState.NEW, ["fever", "legs"])


def _pain(session: Session, clinic: SmallClinic, nrs: int) -> None:
    event = Event(kind=EventKind.SUDDEN_PAIN, occurred_at=NOW, pain_nrs=nrs)
    add_event(session, clinic.own, event, idempotency_key=uuid4(), now=NOW)


def test_a_second_sudden_pain_of_a_day_is_added_or_asks_anew(
    session: Session, clinic: SmallClinic
) -> None:
    """Added to an alert that nobody decided on, the higher pain shown; else an alert of its own."""
    _pain(session, clinic, 8)
    _pain(session, clinic, 10)
    _pain(session, clinic, 9)
    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.values["pain_nrs"] == 10

    _act(session, clinic, alert, kind=AlertActKind.SNOOZED, until=TODAY + 5 * DAY)
    assert _row(session, clinic.own).need == 0
    _pain(session, clinic, 7)

    assert len(list_alerts(session, clinic.treating)) == 2
    assert _row(session, clinic.own).need > 0


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


def test_what_lasted_until_it_was_closed_stays_closed(
    session: Session, clinic: SmallClinic
) -> None:
    """One quiet day long ago does not bring a closed alert back at the next report."""
    save_report(session, clinic.own, saving())
    _judge(session, clinic, 6)
    back = TODAY + timedelta(days=7)
    report = saving(day=back, today=back, now=NOW + timedelta(days=7))
    save_report(session, clinic.own, report)
    _judge(session, clinic, 13)
    _judge(session, clinic, 26)
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    _judge(session, clinic, 27)

    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.state) == (ReasonKind.SILENCE, AlertState.CLOSED)


def test_judging_that_finds_nothing_new_changes_nothing(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever looked at the list before sees nothing marked as changed."""
    save_report(session, clinic.own, saving())
    before = _row(session, clinic.own).changed_at

    _judge(session, clinic, 1)
    assert _row(session, clinic.own).changed_at == before

    _judge(session, clinic, 6)
    assert _row(session, clinic.own).changed_at > before


def test_a_sign_of_the_next_day_is_an_alert_of_its_own(
    session: Session, clinic: SmallClinic
) -> None:
    """Acted on yesterday, it asks for a look again today."""
    save_report(session, clinic.own, saving(day=TODAY - DAY, warning_signs=FEVER))
    save_report(session, clinic.own, saving(warning_signs=FEVER))

    days = [each.reason.last_day for each in list_alerts(session, clinic.treating)]
    assert days == [TODAY, TODAY - DAY]


def test_a_late_report_is_judged_for_its_day(session: Session, clinic: SmallClinic) -> None:
    """Entered two days later, behind a newer report, its sign is found all the same."""
    save_report(session, clinic.own, saving())
    save_report(session, clinic.own, saving(day=TODAY - 2 * DAY, warning_signs=FEVER))

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.first_day == TODAY - 2 * DAY
    row = _row(session, clinic.own)
    assert (row.last_day, row.last_worst_pain_nrs) == (TODAY, 5)


def test_silence_is_found_on_its_day_and_once(session: Session, clinic: SmallClinic) -> None:
    """Not a day before; found again the next day it is the same alert; a report ends it."""
    save_report(session, clinic.own, saving())
    days = RULES.silence_days or 0

    _judge(session, clinic, days - 1)
    assert list_alerts(session, clinic.treating) == []
    assert _row(session, clinic.own).judge_on == TODAY + timedelta(days=days)

    _judge(session, clinic, days)
    _judge(session, clinic, days + 1)
    [alert] = list_alerts(session, clinic.treating)
    assert (alert.reason.kind, alert.holds) == (ReasonKind.SILENCE, True)
    assert alert.reason.last_day == TODAY + timedelta(days=days + 1)

    later = TODAY + timedelta(days=days + 2)
    save_report(
        session, clinic.own, saving(day=later, today=later, now=NOW + timedelta(days=days + 2))
    )
    [alert] = list_alerts(session, clinic.treating)
    assert (alert.state, alert.holds) == (AlertState.NEW, False)


def test_a_closed_silence_does_not_open_anew_while_it_lasts(
    session: Session, clinic: SmallClinic
) -> None:
    """Somebody spoke with the person; the same silence is not told again every day."""
    save_report(session, clinic.own, saving())
    _judge(session, clinic, 6)
    _close(session, clinic, list_alerts(session, clinic.treating)[0])

    _judge(session, clinic, 7)
    _judge(session, clinic, 20)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.state is AlertState.CLOSED
    assert _row(session, clinic.own).need == 0


def test_who_never_logged_is_silent_too(session: Session, clinic: SmallClinic) -> None:
    """Counted from the procedure on, with nothing to show."""
    _judge(session, clinic, 0)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.kind is ReasonKind.SILENCE
    assert (TODAY - PROCEDURE_DATE).days >= (RULES.silence_days or 0)
    row = _row(session, clinic.own)
    assert row.spark == ""
    assert row.judge_on > TODAY


def test_without_rules_only_what_was_recorded_counts(session: Session, clinic: SmallClinic) -> None:
    """A procedure that this version does not know is never judged, its signs are."""
    unknown = replace(RULES, first_status_day=None, judging_day=None, silence_days=None)

    pressed: Saving = replace(saving(warning_signs=FEVER), rules=unknown)
    save_report(session, clinic.own, pressed)

    [alert] = list_alerts(session, clinic.treating)
    assert alert.reason.kind is ReasonKind.WARNING_SIGN
    assert _row(session, clinic.own).judge_on == NOT_AGAIN


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
        row = _row(session, clinic.own)
        assert kinds == [ReasonKind.WARNING_SIGN, ReasonKind.FALL]
        assert [each["kind"] for each in row.reasons] == ["warning_sign", "fall"]
