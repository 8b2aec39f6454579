"""Alerts as the staff works them off: what each act leaves, two at once, and what stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from db.alerts import CHANGED_MEANWHILE, list_alerts
from db.assignments import assign
from db.engine import Database, reading, writing
from db.models import EpisodeStatusRow
from db.patients import authorize, current_episode
from recovery.alerts import (
    MAX_SNOOZE_DAYS,
    AlertState,
    CloseReason,
)
from recovery.errors import RecoveryError, StaleEntry
from recovery.judgement.reasons import ReasonKind
from tests.db.acts import acts, all_at_once, entries
from tests.db.alerting import (
    ACTED,
    CLOSED,
    LATER,
    SEEN,
    SNOOZED,
    WORDS,
    act,
    only_alert,
    open_alert,
    press_on,
)
from tests.factories import NOW, TODAY
from tests.small_clinic import SmallClinic


def status_of(session: Session, clinic: SmallClinic) -> EpisodeStatusRow:
    episode = current_episode(session, clinic.treating)
    return session.get_one(EpisodeStatusRow, (clinic.clinic_id, episode.id), populate_existing=True)


@pytest.mark.parametrize("until", [1, MAX_SNOOZE_DAYS])
def test_a_snooze_takes_an_alert_off_the_list_and_keeps_it(
    session: Session, clinic: SmallClinic, fall: UUID, until: int
) -> None:
    """From tomorrow up to the longest; it asks for no look until then, and nothing is lost."""
    day = TODAY + timedelta(days=until)

    alert = act(session, clinic.treating, press_on(fall, SNOOZED, until=day, words=WORDS))

    assert (alert.state, alert.snoozed_until) == (AlertState.SEEN, day)
    assert (status_of(session, clinic).need, status_of(session, clinic).reasons) == (0, [])
    assert status_of(session, clinic).snoozed_until == day
    assert only_alert(session, clinic).acts[0].until == day


def test_acting_on_a_snoozed_alert_ends_its_snooze(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Somebody took it up again, so it stands on the list again."""
    act(session, clinic.treating, press_on(fall, SNOOZED))

    alert = act(session, clinic.treating, press_on(fall, ACTED, expected_version=2))

    assert (alert.state, alert.snoozed_until) == (AlertState.ACTED, None)
    assert status_of(session, clinic).need > 0
    assert status_of(session, clinic).snoozed_until is None


def test_the_list_names_the_snooze_that_ends_first(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Of two; and when the alert of the first is closed, the other's."""
    pain = open_alert(session, clinic, ReasonKind.SUDDEN_PAIN)
    days = [TODAY + timedelta(days=ahead) for ahead in (5, 2)]
    for alert_id, day in zip((fall, pain), days, strict=True):
        act(session, clinic.treating, press_on(alert_id, SNOOZED, until=day))
    assert status_of(session, clinic).snoozed_until == days[1]

    act(session, clinic.treating, press_on(pain, CLOSED, expected_version=2))
    assert status_of(session, clinic).snoozed_until == days[0]


def test_each_act_is_kept_with_who_when_and_why(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """The history holds every step in order, in the person's own words."""
    act(session, clinic.treating, press_on(fall, SEEN))
    act(session, clinic.treating, press_on(fall, ACTED, expected_version=2))
    closing = press_on(fall, CLOSED, expected_version=3, reason=CloseReason.OTHER, words=WORDS)
    act(session, clinic.treating, closing)

    alert = only_alert(session, clinic)

    assert (alert.state, alert.version) == (AlertState.CLOSED, 4)
    assert [(each.kind, each.words, each.reason) for each in alert.acts] == [
        (SEEN, "", None),
        (ACTED, WORDS, None),
        (CLOSED, WORDS, CloseReason.OTHER),
    ]
    assert {(each.by_name, each.at) for each in alert.acts} == {("Clinician", LATER)}


def test_need_falls_with_each_act(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """New goes before seen, seen before acted on, and closed asks for nothing."""
    needs = [status_of(session, clinic).need]
    for version, kind in enumerate((SEEN, ACTED, CLOSED), start=1):
        act(session, clinic.treating, press_on(fall, kind, expected_version=version))
        needs.append(status_of(session, clinic).need)

    assert needs == sorted(set(needs), reverse=True)
    assert needs[-1] == 0
    assert status_of(session, clinic).changed_at == LATER


def test_another_alert_keeps_the_recovery_on_the_list(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Closing one of two leaves the other, listed before the closed one."""
    pain = open_alert(session, clinic, ReasonKind.SUDDEN_PAIN, TODAY - timedelta(days=2))

    act(session, clinic.treating, press_on(fall, CLOSED))

    assert [each.alert_id for each in list_alerts(session, clinic.treating)] == [pain, fall]
    [reason] = status_of(session, clinic).reasons
    assert reason["kind"] == "sudden_pain"


def test_the_same_press_again_is_one_act(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A double click adds nothing, is not refused, and gives back what stands."""
    press = press_on(fall, ACTED)
    first = act(session, clinic.treating, press)

    again = act(session, clinic.treating, press)

    assert again == first
    assert len(again.acts) == 1
    assert acts(session)["alert.acted"] == 1


@pytest.mark.parametrize(
    "changes", [{"words": "others"}, {"kind": CLOSED, "reason": CloseReason.VISIT}]
)
def test_another_press_on_an_old_state_is_stale(
    session: Session, clinic: SmallClinic, fall: UUID, changes: dict[str, Any]
) -> None:
    """Decided on what does not stand any more: refused, and the first act stays."""
    act(session, clinic.treating, press_on(fall, ACTED))

    with pytest.raises(StaleEntry, match="changed in the meantime"):
        act(session, clinic.treating, replace(press_on(fall, ACTED), **changes))

    assert [each.words for each in only_alert(session, clinic).acts] == [WORDS]


def test_equal_words_of_a_colleague_are_another_press(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Only the own press is taken as done; the colleague sees what happened meanwhile."""
    assign(
        session, clinic.treating, {clinic.clinician.account_id, clinic.assistant.account_id}, NOW
    )
    colleague = authorize(session, clinic.assistant, clinic.treating.patient_id)
    act(session, clinic.treating, press_on(fall, ACTED))

    with pytest.raises(StaleEntry):
        act(session, colleague, press_on(fall, ACTED))


def test_twenty_equal_presses_at_once_are_one_act(
    database: Database, clinic: SmallClinic, fall: UUID
) -> None:
    """None is refused, and the history has one line."""

    def press(_which: int) -> AlertState:
        with writing(database) as session:
            return act(session, clinic.treating, press_on(fall, CLOSED)).state

    assert all_at_once(press) == [AlertState.CLOSED] * 20
    with reading(database) as session:
        assert len(only_alert(session, clinic).acts) == 1
        assert acts(session)["alert.closed"] == 1


def test_of_twenty_who_act_differently_at_once_one_wins(
    database: Database, clinic: SmallClinic, fall: UUID
) -> None:
    """The others are told, nothing of theirs is stored, and nothing of the winner is lost."""

    def press(which: int) -> str:
        with writing(database) as session:
            act(session, clinic.treating, press_on(fall, ACTED, words=f"by {which}"))
            return f"by {which}"

    came_of = all_at_once(press)

    [winner] = [each for each in came_of if isinstance(each, str)]
    refused = [each for each in came_of if isinstance(each, RecoveryError)]
    assert {str(each) for each in refused} == {CHANGED_MEANWHILE}
    assert len(refused) == 19
    with reading(database) as session:
        assert [each.words for each in only_alert(session, clinic).acts] == [winner]


def test_the_audit_names_acts_and_no_health_facts(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """What was done and to which key; neither the words, nor the kind, nor a day."""
    act(session, clinic.treating, press_on(fall, SEEN))
    act(session, clinic.treating, press_on(fall, ACTED, expected_version=2))
    act(session, clinic.treating, press_on(fall, SNOOZED, expected_version=3, words=WORDS))
    act(session, clinic.treating, press_on(fall, CLOSED, expected_version=4, words=WORDS))

    noted = [each for each in entries(session) if each.action.startswith("alert.")]
    assert [each.action for each in noted] == [
        "alert.seen",
        "alert.acted",
        "alert.snoozed",
        "alert.closed",
    ]
    assert {each.patient_id for each in noted} == {clinic.treating.patient_id}
    said = {(each.subject, each.old, each.new, each.reason) for each in noted}
    assert said == {(str(fall), "", "", "")}
