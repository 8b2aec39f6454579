"""My data: everything about oneself, who looked, and erasure that leaves nothing but a tombstone."""

import json
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from db.alerts import act_on_alert, list_alerts
from db.audit_check import find_break
from db.auth_sessions import start_session
from db.drafts import keep_draft
from db.emergencies import Asked, open_in_emergency
from db.engine import Database, reading, writing
from db.erasure import (
    erase_patient,
    find_erasure_request,
    list_erasure_requests,
    request_erasure,
    scrub,
    withdraw_erasure_request,
)
from db.events import add_event
from db.invitations import invite
from db.looks import list_looks
from db.models import AuditRow, PatientRow
from db.own_data import own_data
from db.patients import get_patient
from db.questionnaires import Answering, save_response
from db.reports import save_report
from db.sign_in import begin_sign_in
from db.visit_notes import NotePress, add_visit_note
from recovery.access import Role, grant_admin, grant_clinic, grant_patient
from recovery.alerts import AlertActKind, AlertPress
from recovery.emergency import EmergencyReason
from recovery.errors import AccessDenied, InvalidEntry
from recovery.judgement.reasons import ReasonKind
from recovery.questionnaires import Instrument
from recovery.reports import Event, EventKind, PartialReport
from recovery.wording import Language
from tests.db.acts import acts, all_at_once, entries
from tests.factories import NOW, TODAY, make_patient, saving
from tests.small_clinic import SmallClinic

CANARY = "canary-7f3a"
HOUR = timedelta(hours=1)


def _fill(session: Session, clinic: SmallClinic) -> None:
    """Leave a trace of the patient in every table that can hold one."""
    own = clinic.own
    carer = grant_patient(clinic.carer, patient_id=own.patient_id, clinic_id=clinic.clinic_id)
    save_report(session, own, saving(note=f"{CANARY} first"))
    save_report(session, own, saving(note=f"{CANARY} second", expected_version=1))
    fall = Event(kind=EventKind.FALL, occurred_at=NOW, note=f"{CANARY} fall")
    add_event(session, own, fall, idempotency_key=uuid4(), now=NOW)
    keep_draft(session, carer, TODAY, PartialReport(note=f"{CANARY} draft"), NOW)
    visit = NotePress(
        visit_date=TODAY, text=f"{CANARY} visit", today=TODAY, idempotency_key=uuid4(), now=NOW
    )
    add_visit_note(session, clinic.treating, visit)
    answering = Answering(
        instrument=Instrument.PGIC,
        due_pod=10,
        answers=(3,),
        milestone_days=(10,),
        language=Language.ENGLISH,
        today=TODAY,
        now=NOW,
    )
    save_response(session, carer, answering)
    invite(session, own, Role.CARER, NOW)
    for actor in (clinic.patient, clinic.carer):
        start_session(session, actor.account_id, actor.role, NOW, device=CANARY)
        begin_sign_in(session, username=actor.display_name, address="192.0.2.1", now=NOW)
    asked = Asked(
        patient_name="Rowan Elm",
        date_of_birth=date(1948, 3, 9),
        reason=EmergencyReason.OTHER,
        words=f"{CANARY} why",
    )
    assert open_in_emergency(session, grant_clinic(clinic.assistant), asked, NOW) is not None


@pytest.mark.parametrize("person", ["carer", "clinician", "assistant"])
def test_nobody_else_takes_the_data(session: Session, clinic: SmallClinic, person: str) -> None:
    """Neither the whole record nor the list of who looked."""
    access = grant_patient(
        getattr(clinic, person), patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    with pytest.raises(AccessDenied):
        own_data(session, access, NOW)
    with pytest.raises(AccessDenied):
        list_looks(session, access)


def test_an_empty_record_can_be_taken(session: Session, clinic: SmallClinic) -> None:
    """Before the first report there is who one is, what was agreed to, and the plan."""
    taken = own_data(session, clinic.own, NOW)

    assert taken["patient"]["name"] == "Rowan Elm"
    assert taken["episodes"][0]["daily_reports"] == []
    assert taken["looked_at_by"] == []
    assert acts(session)["data.exported"] == 1


def test_everything_about_the_person_is_in_it(session: Session, clinic: SmallClinic) -> None:
    """Every text that was entered, with who entered it by name and no key of another row."""
    _fill(session, clinic)
    taken = own_data(session, clinic.own, NOW)
    spelled = json.dumps(taken, default=str)

    for words in ("first", "second", "fall", "draft", "visit", "why"):
        assert f"{CANARY} {words}" in spelled
    assert [helper["name"] for helper in taken["helpers"]] == ["Carer"]
    assert [each["account_id"] for each in taken["looked_after_by"]] == ["Clinician"]
    assert [each["device"] for each in taken["sign_ins"]] == [CANARY]
    assert len(taken["invitations"]) == 1
    assert taken["episodes"][0]["visit_notes"][0]["created_by"] == "Clinician"
    [answered] = taken["episodes"][0]["questionnaires"]
    assert (answered["instrument"], answered["answers"], answered["score"]) == ("pgic", [3], 3)
    assert (answered["created_by"], answered["is_by_proxy"]) == ("Carer", True)
    assert str(clinic.clinic_id) not in spelled
    assert "hash" not in spelled
    assert "password_hash" not in spelled


def test_what_was_done_stands_with_its_alert(session: Session, clinic: SmallClinic) -> None:
    """By whom and why, and nothing that only ties rows together."""
    fall = Event(kind=EventKind.FALL, occurred_at=NOW)
    add_event(session, clinic.own, fall, idempotency_key=uuid4(), now=NOW)
    save_report(session, clinic.own, saving(warning_signs=frozenset({"fever"})))
    [fell] = [
        each
        for each in list_alerts(session, clinic.treating)
        if each.reason.kind is ReasonKind.FALL
    ]
    press = AlertPress(
        alert_id=fell.alert_id,
        expected_version=fell.version,
        kind=AlertActKind.ACTED,
        words="called",
    )
    act_on_alert(session, clinic.treating, press, today=TODAY, now=NOW)

    [episode] = own_data(session, clinic.own, NOW)["episodes"]

    done = {each["kind"]: [act["words"] for act in each["acts"]] for each in episode["alerts"]}
    assert done == {ReasonKind.FALL: ["called"], ReasonKind.WARNING_SIGN: []}
    [act] = [act for each in episode["alerts"] for act in each["acts"]]
    assert act["created_by"] == "Clinician"
    assert "alert_acts" not in episode
    assert not {"alert_id", "is_rearmed"} & {*episode["alerts"][0], *act}


def test_the_patient_sees_who_looked(session: Session, clinic: SmallClinic) -> None:
    """Staff by name and time, an emergency as one; the own and the carer's reading is no look."""
    get_patient(session, clinic.own)
    get_patient(session, clinic.treating)
    urgent = grant_patient(
        clinic.assistant,
        patient_id=clinic.own.patient_id,
        clinic_id=clinic.clinic_id,
        is_theirs=False,
        is_emergency=True,
    )
    get_patient(session, urgent)
    entries(session)

    looks = list_looks(session, clinic.own)

    assert {(look.by_name, look.in_emergency) for look in looks} == {
        ("Clinician", False),
        ("Assistant", True),
    }


def test_a_carer_asks_for_no_erasure(session: Session, clinic: SmallClinic) -> None:
    """It is the patient's to wish."""
    carer = grant_patient(
        clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id
    )

    with pytest.raises(AccessDenied):
        request_erasure(session, carer, NOW)
    with pytest.raises(AccessDenied):
        withdraw_erasure_request(session, carer)


def test_a_wish_is_seen_by_the_own_administrator_and_can_be_taken_back(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Asked twice it is one; nobody is erased without it."""
    running = grant_admin(clinic.administrator)
    with pytest.raises(AccessDenied):
        erase_patient(session, running, clinic.own.patient_id)
    request_erasure(session, clinic.own, NOW)
    request_erasure(session, clinic.treating, NOW + HOUR)
    assert [each.patient_name for each in list_erasure_requests(session, running)] == ["Rowan Elm"]
    assert find_erasure_request(session, clinic.own) == NOW
    with pytest.raises(AccessDenied):
        erase_patient(session, grant_admin(other_clinic.administrator), clinic.own.patient_id)

    withdraw_erasure_request(session, clinic.own)

    assert list_erasure_requests(session, running) == []
    assert session.get(PatientRow, (clinic.clinic_id, clinic.own.patient_id)) is not None


def test_erasure_leaves_a_tombstone_and_nothing_else(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """No row of any table names the patient, others stay, and the audit still holds."""
    with writing(database) as session:
        _fill(session, clinic)
        request_erasure(session, clinic.own, NOW)
        stays = make_patient(session, clinic.clinician, name="Ash Grove")
    with writing(database) as session:
        erase_patient(session, grant_admin(clinic.administrator), clinic.own.patient_id)
    scrub(database)

    with reading(database) as session:
        assert find_break(session).broken is None
    with reading(database) as session:
        left = _everything(session)
        last = session.exec(select(AuditRow).where(AuditRow.action == "patient.erased")).one()
        assert last.patient_id == clinic.own.patient_id
        assert session.get(PatientRow, (clinic.clinic_id, stays.patient_id)) is not None
        assert session.get(PatientRow, (other_clinic.clinic_id, other_clinic.own.patient_id))
    for name, rows in left.items():
        expected = name == "patient"  # the other clinic's person has the same name
        assert (CANARY in rows, "1948-03-09" in rows and not expected) == (False, False), name
        if name != "audit":
            assert str(clinic.own.patient_id) not in rows, name
            assert str(clinic.patient.account_id) not in rows, name


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_file(
    database: Database, clinic: SmallClinic, database_url: str
) -> None:
    """Neither in the database's file nor in the journal beside it, also what was corrected."""
    with writing(database) as session:
        session.get_one(PatientRow, (clinic.clinic_id, clinic.own.patient_id)).name = CANARY
        _fill_without_emergency(session, clinic)
        request_erasure(session, clinic.own, NOW)
    file = Path(database_url.removeprefix("sqlite:///"))
    assert CANARY.encode() in _bytes_of(file)

    with writing(database) as session:
        erase_patient(session, grant_admin(clinic.administrator), clinic.own.patient_id)
    assert scrub(database)

    assert CANARY.encode() not in _bytes_of(file)


@pytest.mark.parametrize("which", range(4))
def test_erasing_while_somebody_saves_or_signs_in(
    database: Database, clinic: SmallClinic, which: int
) -> None:
    """Either comes first; the erasure succeeds, and nothing is left behind by the other."""
    with writing(database) as session:
        request_erasure(session, clinic.own, NOW)

    def save(number: int) -> None:
        with writing(database) as session:
            if number % 2:
                day = TODAY - timedelta(days=number)
                save_report(session, clinic.own, saving(day=day, note=CANARY))
            else:
                start_session(session, clinic.patient.account_id, Role.PATIENT, NOW, device=CANARY)

    def act(number: int) -> None:
        if number != which:
            save(number)
            return
        with writing(database) as session:
            erase_patient(session, grant_admin(clinic.administrator), clinic.own.patient_id)

    results = all_at_once(act, 6)

    assert results[which] is None
    with reading(database) as session:
        left = _everything(session)
    assert [name for name, rows in left.items() if CANARY in rows] == []


def test_staff_take_back_only_what_staff_passed_on(session: Session, clinic: SmallClinic) -> None:
    """A patient's own wish is the patient's to take back."""
    request_erasure(session, clinic.own, NOW)
    with pytest.raises(InvalidEntry, match="only the patient"):
        withdraw_erasure_request(session, clinic.treating)
    withdraw_erasure_request(session, clinic.own)

    request_erasure(session, clinic.treating, NOW)
    withdraw_erasure_request(session, clinic.treating)

    assert find_erasure_request(session, clinic.own) is None


def test_the_audit_tells_no_event(session: Session, clinic: SmallClinic) -> None:
    """Whoever runs the clinic's accounts need not learn who fell."""
    _fill(session, clinic)

    assert [
        entry for entry in entries(session) if "fall" in f"{entry.subject} {entry.reason}"
    ] == []


def _fill_without_emergency(session: Session, clinic: SmallClinic) -> None:
    save_report(session, clinic.own, saving(note=f"{CANARY} first"))
    save_report(session, clinic.own, saving(note=f"{CANARY} second", expected_version=1))
    fall = Event(kind=EventKind.FALL, occurred_at=NOW, note=f"{CANARY} fall")
    add_event(session, clinic.own, fall, idempotency_key=uuid4(), now=NOW)


def _bytes_of(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


def _everything(session: Session) -> dict[str, str]:
    tables = SQLModel.metadata.sorted_tables
    return {
        table.name: repr(session.execute(sa.select(table)).all()).replace("datetime.date", "")
        for table in tables
    }
