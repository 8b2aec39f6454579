"""Open sign-ins: seen and ended by their owner and by the clinic's administrator."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from db.auth_sessions import IDLE_LIMIT, resolve, start_session
from db.models import AuthSessionRow
from db.open_sessions import (
    end_clinic_session,
    end_other_sessions,
    end_own_session,
    list_clinic_sessions,
    list_own_sessions,
)
from recovery.access import Actor, Role, grant_admin
from recovery.errors import AccessDenied
from tests.db.acts import acts
from tests.factories import NOW
from tests.small_clinic import SmallClinic


def _start(session: Session, actor: Actor, device: str = "Firefox on Linux") -> tuple[str, UUID]:
    token = start_session(session, actor.account_id, actor.role, NOW, device=device)
    newest = select(AuthSessionRow.id).where(AuthSessionRow.account_id == actor.account_id)
    return token, max(session.exec(newest).all())


def test_nobody_signed_in_is_an_empty_list(session: Session, clinic: SmallClinic) -> None:
    """The state before the first sign-in."""
    assert list_own_sessions(session, clinic.patient, NOW) == []
    assert list_clinic_sessions(session, grant_admin(clinic.administrator), NOW) == []


@pytest.mark.parametrize("key", ["unknown", "carer", "other"])
def test_others_sign_ins_cannot_be_ended(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic, key: str
) -> None:
    """Neither the carer's of the own record, nor one elsewhere, nor one that is not."""
    actors = {"carer": clinic.carer, "other": other_clinic.clinician}
    token, session_id = _start(session, actors[key]) if key in actors else ("", uuid4())

    with pytest.raises(AccessDenied):
        end_own_session(session, clinic.patient, session_id, NOW)
    if key != "carer":
        with pytest.raises(AccessDenied):
            end_clinic_session(session, grant_admin(clinic.administrator), session_id, NOW)
    assert key == "unknown" or resolve(session, token, NOW) is not None


def test_a_person_sees_and_ends_the_own_sign_ins(session: Session, clinic: SmallClinic) -> None:
    """The newest first, with the device; ended, its token opens nothing."""
    _, here = _start(session, clinic.patient, "Safari on iOS")
    token, there = _start(session, clinic.patient)
    _start(session, clinic.carer)
    present = Actor(
        account_id=clinic.patient.account_id,
        clinic_id=clinic.clinic_id,
        role=Role.PATIENT,
        display_name="Patient",
        patient_id=clinic.patient.patient_id,
        session_id=here,
    )
    listed = list_own_sessions(session, present, NOW)
    assert [(each.session_id, each.device, each.is_present) for each in listed] == [
        (there, "Firefox on Linux", False),
        (here, "Safari on iOS", True),
    ]

    end_own_session(session, present, there, NOW)

    assert resolve(session, token, NOW) is None
    assert [each.session_id for each in list_own_sessions(session, present, NOW)] == [here]
    assert acts(session)["session.ended"] == 1


def test_all_others_end_at_once(session: Session, clinic: SmallClinic) -> None:
    """The one that asks stays, and nobody else's ends."""
    tokens = [_start(session, clinic.patient)[0] for _ in range(3)]
    theirs, _ = _start(session, clinic.carer)
    info = resolve(session, tokens[1], NOW)
    assert info is not None

    end_other_sessions(session, info.actor, NOW)

    assert [resolve(session, token, NOW) is not None for token in tokens] == [False, True, False]
    assert resolve(session, theirs, NOW) is not None


def test_what_is_idle_expired_or_closed_is_not_open(session: Session, clinic: SmallClinic) -> None:
    """The list says what opens something now."""
    _start(session, clinic.patient)
    idle = NOW + IDLE_LIMIT[Role.PATIENT]

    assert list_own_sessions(session, clinic.patient, idle) == []
    assert len(list_own_sessions(session, clinic.patient, idle - timedelta(seconds=1))) == 1


def test_an_administrator_ends_the_clinics_sign_ins(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Staff's and patients' of the own clinic alone."""
    token, session_id = _start(session, clinic.patient)
    _start(session, clinic.clinician)
    _start(session, other_clinic.clinician)
    running = grant_admin(clinic.administrator)
    listed = list_clinic_sessions(session, running, NOW)
    assert {each.role for each in listed} == {Role.PATIENT, Role.CLINICIAN}

    end_clinic_session(session, running, session_id, NOW)

    assert resolve(session, token, NOW) is None
