"""Alerts as the staff works them off: each act, its refusals, two at once, and what stays."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from db.alerts import CHANGED_MEANWHILE, act_on_alert, list_alerts
from db.assignments import assign
from db.clinics import change_settings, clinic_settings
from db.engine import Database, reading, writing
from db.judging import open_recorded
from db.models import AlertActRow, AlertRow, EpisodeRow, EpisodeStatusRow
from db.patients import authorize, current_episode, renewed
from recovery.access import PatientAccess, grant_admin
from recovery.alerts import (
    MAX_SNOOZE_DAYS,
    Alert,
    AlertActKind,
    AlertPress,
    AlertState,
    CloseReason,
)
from recovery.errors import AccessDenied, InvalidEntry, RecoveryError, StaleEntry
from recovery.judgement.reasons import Reason, ReasonKind
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, TODAY, make_patient
from tests.small_clinic import SmallClinic

SEEN, ACTED, SNOOZED, CLOSED = (
    AlertActKind.SEEN,
    AlertActKind.ACTED,
    AlertActKind.SNOOZED,
    AlertActKind.CLOSED,
)
WORDS = "=cmd <b>canary</b> \U0001f9b4 مرحبا"
LATER = NOW + timedelta(minutes=5)


def _open(session: Session, clinic: SmallClinic, kind: ReasonKind, day: date = TODAY) -> UUID:
    """Open an alert of what was recorded on a day, and return its key."""
    episode = current_episode(session, clinic.treating)
    row = session.get_one(EpisodeRow, (clinic.clinic_id, episode.id))
    open_recorded(session, row, Reason(kind=kind, first_day=day, last_day=day), NOW)
    [alert_id] = session.exec(
        select(AlertRow.id).where(AlertRow.kind == kind, AlertRow.first_day == day)
    )
    return alert_id


@pytest.fixture
def fall(database: Database, clinic: SmallClinic) -> UUID:
    """Return the key of a new alert about a fall."""
    with writing(database) as session:
        return _open(session, clinic, ReasonKind.FALL)


def _press(alert_id: UUID, kind: AlertActKind, **changes: Any) -> AlertPress:
    usual: dict[AlertActKind, dict[str, Any]] = {
        ACTED: {"words": WORDS},
        SNOOZED: {"until": TODAY + timedelta(days=3)},
        CLOSED: {"reason": CloseReason.SPOKE},
    }
    fields = {"alert_id": alert_id, "expected_version": 1, "kind": kind, **usual.get(kind, {})}
    return AlertPress(**fields | changes)


def _act(session: Session, access: PatientAccess, press: AlertPress) -> Alert:
    return act_on_alert(session, access, press, today=TODAY, now=LATER)


def _only(session: Session, clinic: SmallClinic) -> Alert:
    [alert] = list_alerts(session, clinic.treating)
    return alert


def _status(session: Session, clinic: SmallClinic) -> EpisodeStatusRow:
    episode = current_episode(session, clinic.treating)
    return session.get_one(EpisodeStatusRow, (clinic.clinic_id, episode.id), populate_existing=True)


def test_nobody_but_the_staff_reads_alerts(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """The patient reads sentences instead, and acts on nothing."""
    for call in (
        lambda: list_alerts(session, clinic.own),
        lambda: _act(session, clinic.own, _press(fall, SEEN)),
    ):
        with pytest.raises(AccessDenied):
            call()

    assert _only(session, clinic).state is AlertState.NEW


def test_an_opening_in_an_emergency_reads_only(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Whoever opened the record for an hour sees the alert and leaves it as it is."""
    access = replace(clinic.treating, is_emergency=True)

    with pytest.raises(AccessDenied):
        _act(session, access, _press(fall, SEEN))

    assert [each.state for each in list_alerts(session, access)] == [AlertState.NEW]
    assert not acts(session)["alert.seen"]


@pytest.mark.parametrize("whose", ["other patient", "other clinic", "nobody"])
def test_an_alert_that_is_not_this_patients_is_refused(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic, whose: str
) -> None:
    """A key of another record opens nothing, and the other record stays."""
    other = make_patient(session, clinic.clinician, name="Ash Birch")
    there = {"other patient": replace(clinic, treating=other), "other clinic": other_clinic}
    key = _open(session, there[whose], ReasonKind.FALL) if whose in there else uuid4()

    with pytest.raises(AccessDenied):
        _act(session, clinic.treating, _press(key, CLOSED))

    rows = session.exec(select(AlertRow)).all()
    assert {row.state for row in rows} <= {AlertState.NEW}
    assert session.exec(select(AlertActRow)).all() == []


REFUSED: list[tuple[AlertActKind, dict[str, Any], str]] = [
    (ACTED, {"words": ""}, "Write what you did, then press it again"),
    (ACTED, {"words": " \n\t "}, "Write what you did, then press it again"),
    (ACTED, {"words": "x" * 2_001}, "2,001 characters"),
    (ACTED, {"words": "nul\x00"}, "cannot be stored"),
    (SNOOZED, {"until": None}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY - timedelta(days=1)}, "last day of the snooze"),
    (SNOOZED, {"until": TODAY + timedelta(days=MAX_SNOOZE_DAYS + 1)}, "up to 30 days ahead"),
    (CLOSED, {"reason": None}, "Say why"),
    (CLOSED, {"reason": None, "words": WORDS}, "Say why"),
    (CLOSED, {"reason": CloseReason.OTHER}, "in a few words"),
    (CLOSED, {"reason": CloseReason.OTHER, "words": "  "}, "in a few words"),
]


def test_an_act_that_cannot_be_is_refused(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Each names what is missing; the alert, its history and the audit stay as they were."""
    before = acts(session)
    for kind, changes, words in REFUSED:
        with pytest.raises(InvalidEntry, match=words):
            _act(session, clinic.treating, _press(fall, kind, **changes))

    alert = _only(session, clinic)
    assert (alert.state, alert.version, alert.acts) == (AlertState.NEW, 1, ())
    assert acts(session) == before


def test_what_time_does_nobody_presses(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A person neither passes on nor ends a snooze by this way."""
    for kind in (AlertActKind.ESCALATED, AlertActKind.RETURNED):
        with pytest.raises(ValueError, match="time alone"):
            _act(session, clinic.treating, _press(fall, kind))


def test_seen_twice_is_refused(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """Who looks later is told that it was seen, not that they were first."""
    _act(session, clinic.treating, _press(fall, SEEN))

    with pytest.raises(InvalidEntry, match="seen already"):
        _act(session, clinic.treating, _press(fall, SEEN, expected_version=2))


def test_nothing_is_done_with_a_closed_alert(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """It stays closed, with who closed it and why."""
    _act(session, clinic.treating, _press(fall, CLOSED))

    for kind in (SEEN, ACTED, SNOOZED, CLOSED):
        press = _press(fall, kind, expected_version=2, words="other")
        with pytest.raises(InvalidEntry, match="already"):
            _act(session, clinic.treating, press)

    assert [each.kind for each in _only(session, clinic).acts] == [CLOSED]


@pytest.mark.parametrize("until", [1, MAX_SNOOZE_DAYS])
def test_a_snooze_takes_an_alert_off_the_list_and_keeps_it(
    session: Session, clinic: SmallClinic, fall: UUID, until: int
) -> None:
    """From tomorrow up to the longest; it asks for no look until then, and nothing is lost."""
    day = TODAY + timedelta(days=until)

    alert = _act(session, clinic.treating, _press(fall, SNOOZED, until=day, words=WORDS))

    assert (alert.state, alert.snoozed_until) == (AlertState.SEEN, day)
    assert (_status(session, clinic).need, _status(session, clinic).reasons) == (0, [])
    assert _status(session, clinic).snoozed_until == day
    assert _only(session, clinic).acts[0].until == day


def test_acting_on_a_snoozed_alert_ends_its_snooze(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Somebody took it up again, so it stands on the list again."""
    _act(session, clinic.treating, _press(fall, SNOOZED))

    alert = _act(session, clinic.treating, _press(fall, ACTED, expected_version=2))

    assert (alert.state, alert.snoozed_until) == (AlertState.ACTED, None)
    assert _status(session, clinic).need > 0
    assert _status(session, clinic).snoozed_until is None


def test_the_list_names_the_snooze_that_ends_first(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Of two; and when the alert of the first is closed, the other's."""
    pain = _open(session, clinic, ReasonKind.SUDDEN_PAIN)
    days = [TODAY + timedelta(days=ahead) for ahead in (5, 2)]
    for alert_id, day in zip((fall, pain), days, strict=True):
        _act(session, clinic.treating, _press(alert_id, SNOOZED, until=day))
    assert _status(session, clinic).snoozed_until == days[1]

    _act(session, clinic.treating, _press(pain, CLOSED, expected_version=2))
    assert _status(session, clinic).snoozed_until == days[0]


def test_each_act_is_kept_with_who_when_and_why(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """The history holds every step in order, in the person's own words."""
    _act(session, clinic.treating, _press(fall, SEEN))
    _act(session, clinic.treating, _press(fall, ACTED, expected_version=2))
    closing = _press(fall, CLOSED, expected_version=3, reason=CloseReason.OTHER, words=WORDS)
    _act(session, clinic.treating, closing)

    alert = _only(session, clinic)

    assert (alert.state, alert.version) == (AlertState.CLOSED, 4)
    assert [(each.kind, each.words, each.reason) for each in alert.acts] == [
        (SEEN, "", None),
        (ACTED, WORDS, None),
        (CLOSED, WORDS, CloseReason.OTHER),
    ]
    assert {(each.by_name, each.at) for each in alert.acts} == {("Clinician", LATER)}


def test_need_falls_with_each_act(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """New goes before seen, seen before acted on, and closed asks for nothing."""
    needs = [_status(session, clinic).need]
    for version, kind in enumerate((SEEN, ACTED, CLOSED), start=1):
        _act(session, clinic.treating, _press(fall, kind, expected_version=version))
        needs.append(_status(session, clinic).need)

    assert needs == sorted(set(needs), reverse=True)
    assert needs[-1] == 0
    assert _status(session, clinic).changed_at == LATER


def test_another_alert_keeps_the_recovery_on_the_list(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Closing one of two leaves the other, listed before the closed one."""
    pain = _open(session, clinic, ReasonKind.SUDDEN_PAIN, TODAY - timedelta(days=2))

    _act(session, clinic.treating, _press(fall, CLOSED))

    assert [each.alert_id for each in list_alerts(session, clinic.treating)] == [pain, fall]
    [reason] = _status(session, clinic).reasons
    assert reason["kind"] == "sudden_pain"


def test_the_same_press_again_is_one_act(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A double click adds nothing, is not refused, and gives back what stands."""
    press = _press(fall, ACTED)
    first = _act(session, clinic.treating, press)

    again = _act(session, clinic.treating, press)

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
    _act(session, clinic.treating, _press(fall, ACTED))

    with pytest.raises(StaleEntry, match="changed in the meantime"):
        _act(session, clinic.treating, replace(_press(fall, ACTED), **changes))

    assert [each.words for each in _only(session, clinic).acts] == [WORDS]


def test_equal_words_of_a_colleague_are_another_press(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """Only the own press is taken as done; the colleague sees what happened meanwhile."""
    assign(
        session, clinic.treating, {clinic.clinician.account_id, clinic.assistant.account_id}, NOW
    )
    colleague = authorize(session, clinic.assistant, clinic.treating.patient_id)
    _act(session, clinic.treating, _press(fall, ACTED))

    with pytest.raises(StaleEntry):
        _act(session, colleague, _press(fall, ACTED))


def test_twenty_equal_presses_at_once_are_one_act(
    database: Database, clinic: SmallClinic, fall: UUID
) -> None:
    """None is refused, and the history has one line."""

    def press(_which: int) -> AlertState:
        with writing(database) as session:
            return _act(session, clinic.treating, _press(fall, CLOSED)).state

    assert all_at_once(press) == [AlertState.CLOSED] * 20
    with reading(database) as session:
        assert len(_only(session, clinic).acts) == 1
        assert acts(session)["alert.closed"] == 1


def test_of_twenty_who_act_differently_at_once_one_wins(
    database: Database, clinic: SmallClinic, fall: UUID
) -> None:
    """The others are told, nothing of theirs is stored, and nothing of the winner is lost."""

    def press(which: int) -> str:
        with writing(database) as session:
            _act(session, clinic.treating, _press(fall, ACTED, words=f"by {which}"))
            return f"by {which}"

    came_of = all_at_once(press)

    [winner] = [each for each in came_of if isinstance(each, str)]
    refused = [each for each in came_of if isinstance(each, RecoveryError)]
    assert {str(each) for each in refused} == {CHANGED_MEANWHILE}
    assert len(refused) == 19
    with reading(database) as session:
        assert [each.words for each in _only(session, clinic).acts] == [winner]


def test_the_audit_names_acts_and_no_health_facts(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """What was done and to which key; neither the words, nor the kind, nor a day."""
    _act(session, clinic.treating, _press(fall, SEEN))
    _act(session, clinic.treating, _press(fall, ACTED, expected_version=2))
    _act(session, clinic.treating, _press(fall, SNOOZED, expected_version=3, words=WORDS))
    _act(session, clinic.treating, _press(fall, CLOSED, expected_version=4, words=WORDS))

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


def test_access_that_ended_acts_no_more(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """A colleague took the patient over while the page stood open."""
    settings = replace(clinic_settings(session, clinic.administrator), only_assigned=True)
    change_settings(session, grant_admin(clinic.administrator), settings)
    assign(session, clinic.treating, {clinic.assistant.account_id}, NOW)

    with pytest.raises(AccessDenied):
        _act(session, renewed(session, clinic.treating), _press(fall, SEEN))


BROKEN: list[dict[str, Any]] = [
    {"state": "closed"},
    {"closed_at": NOW},
    {"close_reason": "spoke"},
    {"seen_at": NOW},
    {"acted_at": NOW},
    {"escalated_at": NOW},
    {"state": "forgotten"},
    {"kind": "mood"},
    {"last_day": TODAY - timedelta(days=1)},
]


def test_the_database_keeps_an_alert_whole(
    session: Session, clinic: SmallClinic, fall: UUID
) -> None:
    """No state without who and when, no closing without why, no days in the wrong order."""
    for values in BROKEN:
        columns: list[Any] = [sa.column(name) for name in values]
        table = sa.table("alert", sa.column("id", sa.Uuid()), *columns)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.connection().execute(sa.update(table).where(table.c.id == fall).values(values))

    assert _only(session, clinic).state is AlertState.NEW


def test_one_kind_is_open_once_a_day(session: Session, clinic: SmallClinic, fall: UUID) -> None:
    """Two of one day cannot both be open; after a closing another may be."""
    row = session.get_one(AlertRow, (clinic.clinic_id, fall))
    twin = AlertRow(**row.model_dump(exclude={"id"}))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(twin)

    _act(session, clinic.treating, _press(fall, CLOSED))
    session.add(AlertRow(**twin.model_dump(exclude={"id"})))
    session.flush()

    states = [each.state for each in list_alerts(session, clinic.treating)]
    assert states == [AlertState.NEW, AlertState.CLOSED]
