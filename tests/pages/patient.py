"""The page of a patient, opened as the list opens it."""

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Visit
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

PAGE = "clinician/patient.py"


def open_record(visit: Visit, clinic: SmallClinic, patient_id: object) -> AppTest:
    """Return the page as the clinician opens it for a patient."""
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = patient_id
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app
