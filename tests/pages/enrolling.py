"""The form that enrols somebody, filled in."""

from datetime import date, timedelta

from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.models import PatientRow
from db.patients import authorize, get_patient
from recovery.episodes import Patient
from tests.factories import TODAY
from tests.small_clinic import SmallClinic

PAGE, ENROL = "clinician/enrol.py", "Enrol"
NAME = "Ash Canary"
BORN, DONE = date(1950, 2, 28), TODAY - timedelta(days=2)


def fill(app: AppTest, without: str = "", procedure: str = "vertebroplasty") -> None:
    """Answer what is needed, all but the answer *without*; the form follows the procedure."""
    if without != "procedure":
        app.selectbox[0].set_value(procedure).run()
    if without != "name":
        write(app, "Name", NAME)
    if without != "birth":
        pick_day(app, "Date of birth", BORN)
    if without != "date":
        pick_day(app, "Date of the procedure", DONE)


def write(app: AppTest, label: str, words: str) -> None:
    """Write into a field."""
    [field] = [each for each in app.text_input if each.label == label]
    field.set_value(words)


def pick_day(app: AppTest, label: str, day: date) -> None:
    """Choose a day."""
    [field] = [each for each in app.date_input if each.label == label]
    field.set_value(day)


def enrolled(database: Database, clinic: SmallClinic) -> list[Patient]:
    """Return the patients enrolled in the test."""
    with writing(database) as session:
        ids = session.exec(select(PatientRow.id)).all()
        return [
            get_patient(session, authorize(session, clinic.clinician, patient_id))
            for patient_id in ids
            if patient_id != clinic.treating.patient_id
        ]
