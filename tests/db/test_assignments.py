"""Who sees whom where a clinic says that only those who look after a patient do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import Session

from db.accounts import set_active
from db.assignments import assign, list_colleagues
from db.clinics import change_settings, clinic_settings
from db.emergencies import (
    NOBODY,
    Asked,
    count_unreviewed,
    list_emergencies,
    open_in_emergency,
    review_emergency,
)
from db.engine import Database, writing
from db.models import utc_now
from db.patients import authorize, get_patient, own_access
from db.review import list_episodes
from recovery.access import Actor, grant_admin, grant_clinic
from recovery.emergency import EMERGENCY_LASTS, EmergencyReason
from recovery.errors import AccessDenied, InvalidEntry
from recovery.review import ReviewQuery
from tests.db.acts import acts
from tests.factories import NOW, make_assistant_actor, make_clinician_actor, make_patient
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def sealed(database: Database, clinic: SmallClinic, other_clinic: SmallClinic) -> SmallClinic:
    """Return the clinic after its administrator chose that only assigned patients are seen."""
    running = grant_admin(clinic.administrator)
    with writing(database) as session:
        settings = clinic_settings(session, clinic.administrator)
        change_settings(session, running, replace(settings, only_assigned=True))
    return clinic


def _listed(session: Session, actor: Actor) -> list[str]:
    rows = list_episodes(session, grant_clinic(actor), ReviewQuery(), NOW).rows
    return sorted(row.name for row in rows)


def _asked(**changes: object) -> Asked:
    asked = Asked(
        patient_name="Rowan Elm",
        date_of_birth=date(1948, 3, 9),
        reason=EmergencyReason.URGENT_CALL,
        words="Daughter called",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def test_unless_the_clinic_says_so_everybody_treating_sees_everybody(
    session: Session, clinic: SmallClinic
) -> None:
    """The assistant did not enrol the patient."""
    assert _listed(session, clinic.assistant) == ["Rowan Elm"]
    assert not authorize(session, clinic.assistant, clinic.own.patient_id).is_emergency


def test_only_those_who_look_after_a_patient_see_them(
    sealed: SmallClinic, session: Session
) -> None:
    """Whoever enrolled does, others do not, neither on the list nor by the patient's key."""
    assert _listed(session, sealed.clinician) == ["Rowan Elm"]
    assert _listed(session, sealed.assistant) == []
    with pytest.raises(AccessDenied):
        authorize(session, sealed.assistant, sealed.own.patient_id)

    assert own_access(session, sealed.patient).is_own
    assert own_access(session, sealed.carer).is_proxy


def test_colleagues_are_let_in_and_out(sealed: SmallClinic, session: Session) -> None:
    """Each change is noted; the list and the way in follow at once."""
    treating = authorize(session, sealed.clinician, sealed.own.patient_id)
    both = {sealed.clinician.account_id, sealed.assistant.account_id}

    assign(session, treating, both, NOW)
    assert _listed(session, sealed.assistant) == ["Rowan Elm"]
    colleagues = list_colleagues(session, treating)
    assert [(each.display_name, each.is_assigned) for each in colleagues] == [
        ("Assistant", True),
        ("Clinician", True),
    ]

    assign(session, treating, {sealed.assistant.account_id}, NOW)
    with pytest.raises(AccessDenied):
        authorize(session, sealed.clinician, sealed.own.patient_id)
    assert acts(session)["assignment.made"] == 1
    assert acts(session)["assignment.ended"] == 1


def test_a_patient_keeps_somebody(
    sealed: SmallClinic, session: Session, other_clinic: SmallClinic
) -> None:
    """Not nobody, nobody elsewhere, not the administrator; a patient assigns nobody."""
    treating = authorize(session, sealed.clinician, sealed.own.patient_id)

    with pytest.raises(InvalidEntry, match="at least one"):
        assign(session, treating, set(), NOW)
    for stranger in (other_clinic.clinician, sealed.administrator, sealed.patient):
        with pytest.raises(AccessDenied):
            assign(session, treating, {stranger.account_id}, NOW)
    with pytest.raises(AccessDenied):
        assign(session, sealed.own, {sealed.clinician.account_id}, NOW)


def test_whoever_leaves_leaves_no_patient_unseen(sealed: SmallClinic, session: Session) -> None:
    """A patient nobody looks after any more is everybody's, until somebody is assigned."""
    newcomer = make_clinician_actor(session, sealed.clinic_id, "newcomer")
    make_patient(session, newcomer, name="Ash Grove")

    set_active(
        session, grant_admin(sealed.administrator), sealed.clinician.account_id, is_active=False
    )

    assert _listed(session, newcomer) == ["Ash Grove", "Rowan Elm"]
    assert _listed(session, sealed.assistant) == ["Rowan Elm"]


def test_an_emergency_opens_one_record_for_an_hour(sealed: SmallClinic, session: Session) -> None:
    """Loud in the audit, for whoever opened it alone, and over by itself."""
    second = make_assistant_actor(session, sealed.clinic_id, "second")
    opened = open_in_emergency(
        session, grant_clinic(sealed.assistant), _asked(patient_name="elm  rowan"), utc_now()
    )
    assert opened == sealed.own.patient_id

    access = authorize(session, sealed.assistant, sealed.own.patient_id)
    assert access.is_emergency
    get_patient(session, access)
    with pytest.raises(AccessDenied):
        authorize(session, second, sealed.own.patient_id)
    with pytest.raises(AccessDenied):
        assign(session, access, {sealed.assistant.account_id}, NOW)
    assert acts(session)["emergency.opened"] == 1
    assert acts(session)["chart.read_in_emergency"] == 1


def test_an_emergency_ends(
    sealed: SmallClinic, session: Session, frozen_clock: time_machine.Traveller
) -> None:
    """The last second is open, the hour itself is not."""
    open_in_emergency(session, grant_clinic(sealed.assistant), _asked(), NOW)

    frozen_clock.move_to(NOW + EMERGENCY_LASTS - timedelta(seconds=1))
    assert authorize(session, sealed.assistant, sealed.own.patient_id).is_emergency
    frozen_clock.move_to(NOW + EMERGENCY_LASTS)
    with pytest.raises(AccessDenied):
        authorize(session, sealed.assistant, sealed.own.patient_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"patient_name": "Rowan"},
        {"patient_name": ""},
        {"patient_name": "\x00"},
        {"date_of_birth": date(1948, 3, 10)},
    ],
)
def test_a_guess_opens_nothing_and_is_noted(
    sealed: SmallClinic, session: Session, changes: dict[str, object]
) -> None:
    """Part of a name, none, or another birthday."""
    access = grant_clinic(sealed.assistant)

    assert open_in_emergency(session, access, _asked(**changes), NOW) is None
    assert acts(session)["emergency.not_found"] == 1
    assert "Check both" in NOBODY


def test_an_emergency_needs_words_and_stays_in_its_clinic(
    sealed: SmallClinic, session: Session, other_clinic: SmallClinic
) -> None:
    """Without a reason it is refused; another clinic's patient of the same name stays closed."""
    with pytest.raises(InvalidEntry):
        open_in_emergency(session, grant_clinic(sealed.assistant), _asked(words=" "), NOW)

    opened = open_in_emergency(session, grant_clinic(other_clinic.assistant), _asked(), NOW)

    assert opened == other_clinic.own.patient_id
    assert count_unreviewed(session, grant_admin(sealed.administrator)) == 0


def test_every_emergency_is_reviewed(
    sealed: SmallClinic, session: Session, other_clinic: SmallClinic
) -> None:
    """By the own administrator, once; who, whom, when and why can be read."""
    open_in_emergency(session, grant_clinic(sealed.assistant), _asked(), NOW)
    running = grant_admin(sealed.administrator)
    [emergency] = list_emergencies(session, running)
    assert (emergency.patient_name, emergency.by_name) == ("Rowan Elm", "Assistant")
    assert (emergency.words, emergency.reviewed_at) == ("Daughter called", None)
    assert count_unreviewed(session, running) == 1
    with pytest.raises(AccessDenied):
        review_emergency(
            session, grant_admin(other_clinic.administrator), emergency.emergency_id, NOW
        )

    review_emergency(session, running, emergency.emergency_id, NOW)
    review_emergency(session, running, emergency.emergency_id, NOW)

    assert count_unreviewed(session, running) == 0
    assert acts(session)["emergency.reviewed"] == 1
