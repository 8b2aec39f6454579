"""Patients: who reaches whom, enrolment, and the trace that reading leaves."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from db.engine import Database, reading, writing
from db.models import AuditRow, EpisodeRow, EpisodeStatusRow, PatientRow
from db.names import fold, words_of
from db.patients import authorize, enrol, get_patient, own_access
from recovery.access import Actor, grant_clinic
from recovery.errors import AccessDenied, InvalidEntry
from tests.db.acts import all_at_once, entries
from tests.factories import NOW, enrolment, make_patient
from tests.small_clinic import SmallClinic


def test_all_refusals_look_the_same(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Another clinic's record, another patient's, an administrator's and none at all."""
    neighbour = make_patient(session, clinic.clinician).patient_id
    mine, elsewhere = clinic.own.patient_id, other_clinic.own.patient_id
    refused: list[tuple[Actor, UUID]] = [
        (clinic.patient, neighbour),
        (clinic.patient, elsewhere),
        (clinic.patient, uuid4()),
        (clinic.clinician, elsewhere),
        (clinic.clinician, uuid4()),
        (clinic.administrator, mine),
        (clinic.administrator, uuid4()),
        (other_clinic.clinician, mine),
        (replace(clinic.patient, clinic_id=other_clinic.clinic_id), mine),
    ]

    said = set()
    for actor, patient_id in refused:
        with pytest.raises(AccessDenied) as denied:
            authorize(session, actor, patient_id)
        said.add((type(denied.value), str(denied.value), denied.value.__cause__))
    assert len(said) == 1


def test_patients_and_their_clinicians_get_access(session: Session, clinic: SmallClinic) -> None:
    """And nobody else has to ask."""
    own = own_access(session, clinic.patient)

    assert own == clinic.own
    assert own.is_own
    assert authorize(session, clinic.clinician, own.patient_id) == clinic.treating
    for staff in (clinic.clinician, clinic.administrator):
        with pytest.raises(AccessDenied):
            own_access(session, staff)


def test_a_chart_is_not_read_without_a_trace(database: Database, clinic: SmallClinic) -> None:
    """A session that would not keep the audit entry shows no chart to staff."""
    with reading(database) as session:
        with pytest.raises(ValueError, match="writing"):
            get_patient(session, clinic.treating)
        assert get_patient(session, clinic.own).name == "Rowan Elm"


def test_reading_by_staff_is_noted_and_by_the_patient_not(
    session: Session, clinic: SmallClinic
) -> None:
    """The entry says who, whom and in which sign-in, and nothing clinical."""
    patient = get_patient(session, clinic.treating)
    assert get_patient(session, clinic.own) == patient

    [row] = [entry for entry in entries(session) if entry.action == "chart.read"]
    assert (row.actor_id, row.patient_id) == (clinic.clinician.account_id, patient.patient_id)
    assert (row.session_id, row.subject) == (clinic.clinician.session_id, "")
    assert row.clinic_id == clinic.clinic_id


def test_what_is_enrolled_comes_back(session: Session, clinic: SmallClinic) -> None:
    """With brace plan and levels, or with neither."""
    full = enrolment(name=" =Ann \U0001f9b4 O'Neil ", treated_levels=("L1", "T12"))
    bare = enrolment(baseline_nrs=None, brace_plan=None, treated_levels=())
    for form in (full, bare):
        access = enrol(session, grant_clinic(clinic.clinician), form, NOW)
        session.expire_all()

        patient, checked = get_patient(session, access), form.checked(NOW)
        assert patient.name == checked.name
        assert patient.date_of_birth == form.date_of_birth
        assert patient.episode.treated_levels == checked.treated_levels
        assert patient.episode.brace_plan == form.brace_plan
        assert patient.episode.baseline_nrs == form.baseline_nrs


def test_a_refused_enrolment_leaves_nothing(session: Session, clinic: SmallClinic) -> None:
    """Neither person nor review row."""
    with pytest.raises(InvalidEntry):
        enrol(session, grant_clinic(clinic.clinician), enrolment(baseline_nrs=11), NOW)

    assert len(session.exec(select(PatientRow)).all()) == 1


def test_a_form_sent_twenty_times_at_once_enrols_once(
    database: Database, clinic: SmallClinic
) -> None:
    """Each sender gets the access to the one person."""
    form = enrolment(name="Ash Larch")

    def send(_which: int) -> object:
        with writing(database) as session:
            return enrol(session, grant_clinic(clinic.clinician), form, NOW)

    answers = all_at_once(send)

    with reading(database) as session:
        access = authorize(session, clinic.clinician, form.patient_id)
        assert answers == [access] * 20
        assert len(session.exec(select(EpisodeRow)).all()) == 2
        assert len(session.exec(select(EpisodeStatusRow)).all()) == 2
        enrolled = select(AuditRow).where(AuditRow.patient_id == form.patient_id)
        assert len(session.exec(enrolled).all()) == 1


def test_the_newest_procedure_is_the_current_one(session: Session, clinic: SmallClinic) -> None:
    """An earlier recovery does not hide the present one."""
    patient = get_patient(session, clinic.own)
    earlier = EpisodeRow(
        clinic_id=clinic.clinic_id,
        patient_id=patient.patient_id,
        procedure="vertebroplasty",
        procedure_date=patient.episode.procedure_date.replace(year=2020),
        created_by=clinic.clinician.account_id,
    )
    session.add(earlier)
    session.flush()

    assert get_patient(session, clinic.own).episode == patient.episode


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("\u00c5se STRASSE stra\u00dfe", "ase strasse strasse"),
        ("Jos\u00e9 Jose\u0301", "jose jose"),
        ("O\u2019Neil", "o'neil"),
        ("nul\x00half" + chr(0xD800), "nulhalf"),
        ("\u0130zmir", "izmir"),
    ],
)
def test_names_are_folded_alike_for_storing_and_asking(text: str, folded: str) -> None:
    """Case, accents, kinds of apostrophe and what cannot be asked for make no difference."""
    assert fold(text) == folded


def test_signs_around_words_do_not_count() -> None:
    """Names are typed with a comma, and nicknames in quotes or brackets."""
    assert words_of(' Elm, Rowan "Ro" (J.) - ') == ["elm", "rowan", "ro", "j"]
    assert words_of("., '\"") == []
