"""Filters of the review list: who is left, in which order, and counted how."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from db.alerts import act_on_alert, list_alerts
from db.assignments import assign
from db.demo import fill_demo
from db.engine import Database, writing
from db.models import ClinicRow, EpisodeReasonRow, EpisodeStatusRow, PlannedVisitRow
from db.reports import save_report
from db.review import export_episodes, list_episodes, note_list_export
from db.review_counts import count_reasons
from recovery.access import Actor, PatientAccess, grant_clinic
from recovery.alerts import AlertActKind, AlertPress, CloseReason
from recovery.judgement.reasons import ReasonKind
from recovery.review import MAX_COUNTED, DayRange, ReviewOrder, ReviewQuery
from tests.db.acts import acts
from tests.db.reviewing import names_in
from tests.factories import NOW, TODAY, make_clinician_actor, make_patient, saving
from tests.small_clinic import SmallClinic

SIGN = ReasonKind.WARNING_SIGN
MONDAY = TODAY - timedelta(days=6)
"""The week of ``TODAY``, a Sunday, begins on it."""


def _warn(session: Session, access: PatientAccess, day: date = TODAY) -> None:
    save_report(session, access, saving(day=day, warning_signs=frozenset({"fever"})))


def _visit(session: Session, access: PatientAccess, day: date) -> None:
    episode = session.exec(
        select(EpisodeStatusRow.episode_id).where(EpisodeStatusRow.patient_id == access.patient_id)
    ).one()
    session.add(
        PlannedVisitRow(
            clinic_id=access.clinic_id,
            episode_id=episode,
            visit_date=day,
            created_by=access.actor.account_id,
        )
    )
    session.flush()


def _close(session: Session, access: PatientAccess, kind: AlertActKind, **more: Any) -> None:
    for alert in list_alerts(session, access):
        press = AlertPress(
            alert_id=alert.alert_id, expected_version=alert.version, kind=kind, **more
        )
        act_on_alert(session, access, press, today=TODAY, now=NOW)


@pytest.fixture
def others(session: Session, clinic: SmallClinic, other_clinic: SmallClinic) -> list[PatientAccess]:
    """Add people who differ in all that is filtered by, and the same to another clinic."""
    made = [
        make_patient(session, clinic.clinician, name="Ash Grove", procedure="vertebroplasty"),
        make_patient(
            session,
            clinic.clinician,
            name="Birch Hill",
            procedure_date=TODAY - timedelta(days=20),
        ),
    ]
    for access in (made[0], other_clinic.treating):
        _warn(session, access)
        _visit(session, access, MONDAY)
        _visit(session, access, TODAY)
    _visit(session, made[1], MONDAY - timedelta(days=1))
    _visit(session, made[1], TODAY + timedelta(days=1))
    return made


LEFT_BY: list[tuple[dict[str, Any], set[str]]] = [
    ({"procedure": "vertebroplasty"}, {"Ash Grove"}),
    ({"procedure": "kyphoplasty"}, {"Birch Hill", "Rowan Elm"}),
    ({"procedure": "unknown"}, set()),
    ({"reason": SIGN}, {"Ash Grove"}),
    ({"reason": ReasonKind.FALL}, set()),
    ({"days": DayRange(first=10, last=10)}, {"Ash Grove", "Rowan Elm"}),
    ({"days": DayRange(first=11)}, {"Birch Hill"}),
    ({"days": DayRange(last=-1)}, set()),
    ({"has_visit": True}, {"Ash Grove"}),
    ({"search": "h"}, {"Birch Hill"}),
    ({"reason": SIGN, "procedure": "kyphoplasty"}, set()),
    (
        {"reason": SIGN, "procedure": "vertebroplasty", "has_visit": True, "search": "ash"},
        {"Ash Grove"},
    ),
    ({"has_visit": True, "days": DayRange(first=11)}, set()),
]


@pytest.mark.usefixtures("few", "others")
def test_filters_leave_whom_they_say(session: Session, clinic: SmallClinic) -> None:
    """Alone and together, in either way of asking, and nobody of another clinic."""
    for query, left in LEFT_BY:
        for order in (ReviewOrder.NEED, ReviewOrder.NAME):
            names = names_in(session, clinic.clinician, order=order, **query)
            assert (query, sorted(names)) == (query, sorted(left))


@pytest.mark.usefixtures("few")
def test_mine_are_those_whom_i_look_after_by_name(
    session: Session, clinic: SmallClinic, others: list[PatientAccess]
) -> None:
    """Also where everybody is seen, and whether or not a colleague looks after them, too."""
    colleague = make_clinician_actor(session, clinic.clinic_id, "colleague")
    assign(session, others[0], {colleague.account_id}, NOW)
    assign(session, others[1], {colleague.account_id, clinic.clinician.account_id}, NOW)

    assert sorted(names_in(session, colleague, is_mine=True)) == ["Ash Grove", "Birch Hill"]
    assert sorted(names_in(session, clinic.clinician, is_mine=True)) == ["Birch Hill", "Rowan Elm"]
    assert names_in(session, clinic.assistant, is_mine=True) == []
    assert count_reasons(session, grant_clinic(colleague), is_mine=True) == {SIGN: 1}
    assert count_reasons(session, grant_clinic(clinic.clinician), is_mine=True) == {}
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {SIGN: 1}


@pytest.mark.usefixtures("few")
def test_filters_show_nobody_who_is_not_theirs_to_see(
    session: Session, clinic: SmallClinic, others: list[PatientAccess]
) -> None:
    """Where staff sees their own patients alone, no filter, count or table shows another's."""
    session.get_one(ClinicRow, clinic.clinic_id).only_assigned = True
    colleague = make_clinician_actor(session, clinic.clinic_id, "colleague")
    assign(session, others[0], {colleague.account_id}, NOW)
    queries: list[dict[str, Any]] = [
        {},
        {"reason": SIGN},
        {"procedure": "vertebroplasty"},
        {"has_visit": True},
        {"search": "ash"},
        {"days": DayRange(first=0)},
    ]

    for query in queries:
        assert "Ash Grove" not in names_in(session, clinic.clinician, **query)
        assert "Ash Grove" in names_in(session, colleague, **query)
        access = grant_clinic(clinic.clinician)
        taken = export_episodes(session, access, ReviewQuery(**query), NOW)
        assert "Ash Grove" not in {row.name for row in taken}
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {}
    assert count_reasons(session, grant_clinic(colleague)) == {SIGN: 1}


@pytest.mark.usefixtures("few")
def test_what_changed_is_told_against_an_instant(session: Session, clinic: SmallClinic) -> None:
    """A report saved later is new, one of that very instant is not."""
    _warn(session, clinic.own)

    changed = [
        names_in(session, clinic.clinician, changed_since=NOW - timedelta(seconds=back))
        for back in (1, 0)
    ]
    assert changed == [["Rowan Elm"], []]


@pytest.mark.usefixtures("few")
def test_what_i_did_myself_is_not_told_as_changed(session: Session, clinic: SmallClinic) -> None:
    """A colleague is told of it; what the patient reports next is told to both."""
    colleague = make_clinician_actor(session, clinic.clinic_id, "colleague")

    def told(actor: Actor) -> tuple[list[str], list[bool]]:
        query = ReviewQuery(changed_since=NOW - timedelta(seconds=1))
        everybody = list_episodes(session, grant_clinic(actor), ReviewQuery(), NOW).rows
        changed = list_episodes(session, grant_clinic(actor), query, NOW).rows
        return [row.name for row in changed], [row.is_own_change for row in everybody]

    _warn(session, clinic.own)
    _close(session, clinic.treating, AlertActKind.SEEN)
    assert told(clinic.clinician) == ([], [True])
    assert told(colleague) == (["Rowan Elm"], [False])

    _warn(session, clinic.own, TODAY - timedelta(days=1))
    assert told(clinic.clinician) == told(colleague) == (["Rowan Elm"], [False])


def test_visits_are_told_where_they_are_asked_for(
    session: Session, clinic: SmallClinic, others: list[PatientAccess]
) -> None:
    """Those of this week alone, in order, and of this clinic; a file tells them always."""
    _visit(session, others[0], TODAY + timedelta(days=1))
    access = grant_clinic(clinic.clinician)

    def told(query: ReviewQuery) -> list[tuple[date, ...]]:
        return [row.visits for row in list_episodes(session, access, query, NOW).rows]

    assert told(ReviewQuery(has_visit=True)) == [(MONDAY, TODAY)]
    assert told(ReviewQuery()) == [()] * 3
    taken = export_episodes(session, access, ReviewQuery(order=ReviewOrder.NAME), NOW)
    assert [row.visits for row in taken] == [(MONDAY, TODAY), (), ()]


def _reasons(session: Session) -> dict[UUID, set[tuple[ReasonKind, int, date]]]:
    session.flush()
    kept: dict[UUID, set[tuple[ReasonKind, int, date]]] = {}
    for row in session.exec(select(EpisodeReasonRow)):
        kept.setdefault(row.episode_id, set()).add((row.kind, row.need, row.need_day))
    return kept


def _in_rows(session: Session) -> dict[UUID, set[tuple[ReasonKind, int, date]]]:
    rows = session.exec(select(EpisodeStatusRow)).all()
    return {
        row.episode_id: {(ReasonKind(each["kind"]), row.need, row.need_day) for each in row.reasons}
        for row in rows
        if row.reasons
    }


def test_reasons_are_kept_as_the_rows_say_them(
    session: Session, clinic: SmallClinic, others: list[PatientAccess]
) -> None:
    """After each report and act, in the same order of need; what is closed or snoozed is gone."""
    assert _reasons(session) == _in_rows(session)
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {SIGN: 1}

    _warn(session, clinic.own)
    _warn(session, clinic.own, TODAY - timedelta(days=1))
    assert _reasons(session) == _in_rows(session)
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {SIGN: 2}

    _close(session, others[0], AlertActKind.SEEN)
    assert _reasons(session) == _in_rows(session)
    assert names_in(session, clinic.clinician, reason=SIGN) == ["Rowan Elm", "Ash Grove"]

    _close(session, others[0], AlertActKind.SNOOZED, until=TODAY + timedelta(days=2))
    _close(session, clinic.treating, AlertActKind.CLOSED, reason=CloseReason.SPOKE)
    assert _reasons(session) == _in_rows(session)
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {}
    assert names_in(session, clinic.clinician, reason=SIGN) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demos_reasons_are_kept_as_its_rows_say_them(database: Database) -> None:
    """Its falls are entered by hand, before the clock is looked at for the first time."""
    fill_demo(database, TODAY)

    with writing(database) as session:
        assert _in_rows(session)
        assert _reasons(session) == _in_rows(session)


def test_counting_ends_at_its_bound(
    session: Session, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says "more" instead of a number that would grow with the clinic."""
    [episode] = session.exec(select(EpisodeStatusRow)).all()
    monkeypatch.setattr("db.review_counts.MAX_COUNTED", -1)
    _warn(session, clinic.own)

    assert episode.reasons
    assert count_reasons(session, grant_clinic(clinic.clinician)) == {SIGN: 0}
    assert MAX_COUNTED > 0


@pytest.mark.usefixtures("others")
def test_the_list_is_taken_away_whole_and_leaves_a_trace(
    session: Session, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its order and up to its bound, with one row more to tell that it was cut."""
    access = grant_clinic(clinic.clinician)
    note_list_export(session, access)
    taken = export_episodes(session, access, ReviewQuery(order=ReviewOrder.NAME), NOW)
    monkeypatch.setattr("db.review.MAX_LISTED", 1)

    assert [row.name for row in taken] == ["Ash Grove", "Birch Hill", "Rowan Elm"]
    assert len(export_episodes(session, access, ReviewQuery(), NOW)) == 2
    assert acts(session)["review.exported"] == 1
