"""What an administrator reads: the audit, open invitations, the state of the machine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from db.audit import note_act
from db.audit_log import LOG_PAGE, LogQuery, export_entries, list_actions, list_entries, note_export
from db.clinic_invitations import list_clinic_invitations, revoke_clinic_invitation
from db.clinics import change_settings, clinic_settings
from db.engine import Database, writing
from db.invitations import LIFETIME, find_offer, invite
from db.patients import get_patient
from db.schema import head
from db.system_state import system_state
from recovery.access import Role, grant_admin
from recovery.errors import AccessDenied
from tests.db.acts import acts
from tests.factories import NOW, make_patient
from tests.small_clinic import SmallClinic


@pytest.fixture
def filled(database: Database, clinic: SmallClinic, other_clinic: SmallClinic) -> SmallClinic:
    """Return a clinic with a few acts in its audit, beside another with one of its own."""
    with writing(database) as session:
        get_patient(session, clinic.treating)
        settings = replace(clinic_settings(session, clinic.administrator), phone="555-0199")
        change_settings(session, grant_admin(clinic.administrator), settings)
        get_patient(session, other_clinic.treating)
    return clinic


def test_a_new_clinic_has_an_empty_audit(session: Session, clinic: SmallClinic) -> None:
    """A name that acted nowhere, and a time before everything, find nothing."""
    running = grant_admin(clinic.administrator)

    assert list_entries(session, running, LogQuery(by_name="nobody")) == ([], False)
    assert list_entries(session, running, LogQuery(until=NOW - timedelta(days=900))) == ([], False)


def test_the_own_clinics_entries_the_newest_first(filled: SmallClinic, session: Session) -> None:
    """With names in place of keys, old and new values, and nothing of another clinic."""
    entries, has_next = list_entries(session, grant_admin(filled.administrator), LogQuery())

    assert [(each.action, each.by_name) for each in entries] == [
        ("clinic.changed", "Administrator"),
        ("chart.read", "Clinician"),
        ("patient.enrolled", "Clinician"),
    ]
    assert (entries[0].old, entries[0].new) == ('{"phone": "555-0100"}', '{"phone": "555-0199"}')
    assert not has_next


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        (LogQuery(action="chart"), ["chart.read"]),
        (LogQuery(action="%"), []),
        (LogQuery(by_name=" CLIN "), ["chart.read", "patient.enrolled"]),
        (LogQuery(by_name="clinician", action="patient"), ["patient.enrolled"]),
    ],
)
def test_it_is_filtered(
    filled: SmallClinic, session: Session, query: LogQuery, actions: list[str]
) -> None:
    """By the beginning of an action and of a name; signs of a pattern are letters."""
    entries, _ = list_entries(session, grant_admin(filled.administrator), query)

    assert [each.action for each in entries] == actions


def test_it_is_filtered_by_time(filled: SmallClinic, session: Session) -> None:
    """From an instant on, and up to but without one."""
    running = grant_admin(filled.administrator)
    newest, *older = list_entries(session, running, LogQuery())[0]

    since = list_entries(session, running, LogQuery(since=newest.at))[0]
    until = list_entries(session, running, LogQuery(until=newest.at))[0]

    assert [each.number for each in since] == [newest.number]
    assert [each.number for each in until] == [each.number for each in older]


def test_it_is_read_a_page_at_a_time(database: Database, clinic: SmallClinic) -> None:
    """One more than a page holds makes a second page."""
    with writing(database) as session:
        for number in range(LOG_PAGE):
            note_act(session, clinic.clinician, "test.act", subject=str(number))
    running = grant_admin(clinic.administrator)
    with writing(database) as session:
        first, has_next = list_entries(session, running, LogQuery())
        second, has_more = list_entries(session, running, LogQuery(page=1))

    assert (len(first), has_next) == (LOG_PAGE, True)
    assert ([each.action for each in second], has_more) == (["patient.enrolled"], False)


def test_an_export_holds_all_and_is_noted(filled: SmallClinic, session: Session) -> None:
    """The actions to filter by are those that stand in it."""
    running = grant_admin(filled.administrator)
    note_export(session, running)
    exported = export_entries(session, running, LogQuery())

    assert [each.action for each in exported] == list(
        reversed(["patient.enrolled", "chart.read", "clinic.changed"])
    )
    assert list_actions(session, running) == ["chart.read", "clinic.changed", "patient.enrolled"]
    assert acts(session)["audit.exported"] == 1


def test_open_invitations_are_seen_and_taken_back(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """With whose they are, until they are used, expired or taken back; of the own clinic alone."""
    running = grant_admin(clinic.administrator)
    with writing(database) as session:
        newcomer = make_patient(session, clinic.clinician, name="Ash Grove")
        made = invite(session, newcomer, Role.PATIENT, NOW)
        invite(session, other_clinic.own, Role.CARER, NOW)
    with writing(database) as session:
        [listed] = list_clinic_invitations(session, running, NOW)
        assert (listed.patient_name, listed.role) == ("Ash Grove", Role.PATIENT)
        late = NOW + LIFETIME[Role.PATIENT]
        assert list_clinic_invitations(session, running, late) == []
        with pytest.raises(AccessDenied):
            revoke_clinic_invitation(
                session, grant_admin(other_clinic.administrator), listed.invitation_id, NOW
            )

        revoke_clinic_invitation(session, running, listed.invitation_id, NOW)
        revoke_clinic_invitation(session, running, listed.invitation_id, NOW)

        assert find_offer(session, made.code, NOW) is None
        assert list_clinic_invitations(session, running, NOW) == []
        assert acts(session)["invitation.revoked"] == 1


def test_the_state_of_the_machine(database: Database, clinic: SmallClinic) -> None:
    """Versions, schema, engine and sizes; room on the disk where the disk is ours."""
    state = system_state(database, grant_admin(clinic.administrator))

    assert state.schema == head()
    assert state.engine.startswith(database.engine.dialect.name)
    assert state.versions["streamlit"] == "1.67.0"
    assert state.size_bytes > 0
    is_file = database.engine.dialect.name == "sqlite"
    assert (state.free_bytes is not None) is is_file
