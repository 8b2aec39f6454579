"""What a clinic advises: stored by its administrators alone, one decision after another."""

import json
import math

import pytest
from sqlmodel import Session

from db.clinic_values import CHANGED_MEANWHILE, change_clinic_values, clinic_values
from db.engine import Database, reading, writing
from recovery.access import grant_admin
from recovery.errors import InvalidEntry, StaleEntry
from recovery.settings import MAX_CLINIC_VALUE
from tests.db.acts import acts, all_at_once, entries
from tests.small_clinic import SmallClinic

PROCEDURE = "kyphoplasty"
DRIVING, LIFTING, VISIT = "driving_days", "lifting_limit_lb", "follow_up_days"
NOTHING: dict[str, float | None] = {DRIVING: None, LIFTING: None}


def _change(
    session: Session,
    clinic: SmallClinic,
    values: dict[str, float | None],
    drawn_from: dict[str, float | None] | None = None,
) -> None:
    access = grant_admin(clinic.administrator)
    change_clinic_values(session, access, PROCEDURE, values, drawn_from=drawn_from or NOTHING)


@pytest.mark.parametrize(
    "value", [-0.01, -1.0, MAX_CLINIC_VALUE + 0.01, 1e300, math.inf, -math.inf, math.nan]
)
def test_what_cannot_be_is_refused_whole(
    session: Session, clinic: SmallClinic, value: float
) -> None:
    """One wrong number keeps the others of the same press out too."""
    with pytest.raises(InvalidEntry, match="from 0 to 1,000"):
        _change(session, clinic, {DRIVING: 3, LIFTING: value})
    session.flush()

    assert clinic_values(session, clinic.patient, PROCEDURE) == {}
    assert not acts(session)


@pytest.mark.parametrize("value", [0, 0.5, MAX_CLINIC_VALUE])
def test_the_limits_themselves_are_stored(
    session: Session, clinic: SmallClinic, value: float
) -> None:
    """Nothing and the most are values like others."""
    _change(session, clinic, {DRIVING: value})
    session.flush()
    session.expire_all()

    assert clinic_values(session, clinic.patient, PROCEDURE) == {DRIVING: value}


def test_values_are_the_own_clinics_alone(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Everybody of the clinic reads them; another clinic keeps and reads its own."""
    _change(session, other_clinic, {DRIVING: 14, VISIT: 10})
    _change(session, clinic, {DRIVING: 3})
    _change(session, clinic, {DRIVING: None}, {DRIVING: 3})
    _change(session, clinic, {LIFTING: 8})
    session.flush()
    session.expire_all()

    for actor in (clinic.patient, clinic.carer, clinic.clinician, clinic.administrator):
        assert clinic_values(session, actor, PROCEDURE) == {LIFTING: 8}
        assert clinic_values(session, actor, "vertebroplasty") == {}
    assert clinic_values(session, other_clinic.patient, PROCEDURE) == {DRIVING: 14, VISIT: 10}


def test_a_decision_is_taken_back(session: Session, clinic: SmallClinic) -> None:
    """None leaves no row behind; what was left out of the press stays; what is none stays none."""
    _change(session, clinic, {DRIVING: 3, LIFTING: 8})

    _change(session, clinic, {DRIVING: None, VISIT: None}, {DRIVING: 3, LIFTING: 8, VISIT: None})
    session.flush()
    session.expire_all()

    assert clinic_values(session, clinic.patient, PROCEDURE) == {LIFTING: 8}


def test_every_change_is_noted_with_both_values(session: Session, clinic: SmallClinic) -> None:
    """One entry for each press that changed something, and none for one that did not."""
    _change(session, clinic, {DRIVING: 3, LIFTING: None})
    _change(session, clinic, {DRIVING: 3})
    _change(session, clinic, {DRIVING: 4, LIFTING: 8}, {DRIVING: 3, LIFTING: None})

    noted = [each for each in entries(session) if each.action == "clinic.values_changed"]

    assert [json.loads(each.old) for each in noted] == [
        {f"{PROCEDURE}.{DRIVING}": None},
        {f"{PROCEDURE}.{DRIVING}": 3, f"{PROCEDURE}.{LIFTING}": None},
    ]
    assert [json.loads(each.new) for each in noted] == [
        {f"{PROCEDURE}.{DRIVING}": 3},
        {f"{PROCEDURE}.{DRIVING}": 4, f"{PROCEDURE}.{LIFTING}": 8},
    ]
    assert {each.actor_id for each in noted} == {clinic.administrator.account_id}
    assert {each.clinic_id for each in noted} == {clinic.clinic_id}


@pytest.mark.parametrize("values", [{DRIVING: 5.0}, {LIFTING: 8.0}, {DRIVING: None}])
def test_an_old_form_is_refused(
    session: Session, clinic: SmallClinic, values: dict[str, float | None]
) -> None:
    """Also where the form changes another value than the one that changed meanwhile."""
    _change(session, clinic, {DRIVING: 3})

    with pytest.raises(StaleEntry, match="Somebody else saved") as refused:
        _change(session, clinic, values)

    assert str(refused.value) == CHANGED_MEANWHILE
    assert clinic_values(session, clinic.patient, PROCEDURE) == {DRIVING: 3}


def test_a_press_that_comes_twice_changes_once(session: Session, clinic: SmallClinic) -> None:
    """What it wants is stored already, so it is not stale and not noted again."""
    for _ in range(2):
        _change(session, clinic, {DRIVING: 3})

    assert acts(session) == {"clinic.values_changed": 1}


def test_of_many_at_once_the_first_is_stored(database: Database, clinic: SmallClinic) -> None:
    """Administrators who press at the same time do not write over each other unseen."""

    def press(which: int) -> float:
        with writing(database) as session:
            _change(session, clinic, {DRIVING: which, LIFTING: which})
        return which

    outcomes = all_at_once(press, 8)

    [kept] = [each for each in outcomes if not isinstance(each, Exception)]
    assert {type(each) for each in outcomes if each != kept} == {StaleEntry}
    with reading(database) as session:
        assert clinic_values(session, clinic.patient, PROCEDURE) == {DRIVING: kept, LIFTING: kept}
