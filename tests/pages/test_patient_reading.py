"""What the clinic sees of a patient's reading: which pages, when, by whom, and the answers."""

from datetime import timedelta
from uuid import uuid4

from streamlit.testing.v1 import AppTest

from content.shelf import pages_for
from db.engine import Database, writing
from db.learning import AnswerPress, answer_question, note_opening
from recovery.access import PatientAccess, grant_patient
from recovery.wording import Language
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import prose
from tests.small_clinic import SmallClinic, make_small_clinic
from ui.review_list import OPEN_PATIENT

PAGE = "clinician/patient.py"
COLUMNS = ["Page", "Opened", "By", "Question"]
DUE = [page for page in pages_for("kyphoplasty") if page.is_due(10)]


def _open(visit: Visit, clinic: SmallClinic) -> AppTest:
    app = visit(clinic.clinician, PAGE)
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def _rows(app: AppTest) -> dict[str, list[str]]:
    [table] = [each.value for each in app.table if list(each.value.columns) == COLUMNS]
    return {row[0]: list(row[1:]) for row in table.to_numpy().tolist()}


def _carers(clinic: SmallClinic) -> PatientAccess:
    return grant_patient(clinic.carer, patient_id=clinic.own.patient_id, clinic_id=clinic.clinic_id)


def _answer(database: Database, access: PatientAccess, slug: str, rights: tuple[bool, ...]) -> None:
    with writing(database) as session:
        for number, is_right in enumerate(rights):
            press = AnswerPress(
                slug=slug,
                answer=1,
                is_right=is_right,
                language=Language.ENGLISH,
                idempotency_key=uuid4(),
                now=NOW + timedelta(seconds=number),
            )
            answer_question(session, access, press)


@on_one_engine
def test_nothing_read_is_said_in_a_sentence(visit: Visit, clinic: SmallClinic) -> None:
    """With how many pages there are for this day."""
    app = _open(visit, clinic)

    assert f"0 of {len(DUE)} pages for day 10 opened." in prose(app)
    assert "Nothing was opened yet, and no question was answered." in prose(app)
    assert not [each for each in app.table if list(each.value.columns) == COLUMNS]


@on_one_engine
def test_a_procedure_without_pages_has_nothing_to_count(visit: Visit, database: Database) -> None:
    """And no row of anything."""
    said = prose(_open(visit, make_small_clinic(database, procedure="discectomy")))

    assert "pages for day" not in said
    assert "Nothing was opened yet" in said


@on_one_engine
def test_openings_are_told_with_day_and_person(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Pages of the day that nobody opened too, and a page that this version does not have."""
    first, second = DUE[0], DUE[1]
    with writing(database) as session:
        for days in (3, 1):
            note_opening(session, clinic.own, first.slug, NOW - timedelta(days=days))
        note_opening(session, _carers(clinic), first.slug, NOW)
        note_opening(session, _carers(clinic), "gone-since", NOW)

    app = _open(visit, clinic)
    rows = _rows(app)

    assert f"1 of {len(DUE)} pages for day 10 opened." in prose(app)
    assert rows[first.title] == [
        "19 Nov 2026, 3 times until 22 Nov 2026",
        "patient and helper",
        "not answered",
    ]
    assert rows[second.title] == ["not yet", "nobody", "not answered"]
    assert rows[r"gone\-since"] == ["22 Nov 2026", "helper", "not answered"]


@on_one_engine
def test_answers_are_told_by_tries(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Right at once, after some tries, or not yet; and by whom if not by the patient."""
    slugs = [page.slug for page in DUE[:3]]
    _answer(database, clinic.own, slugs[0], (True, False))
    _answer(database, clinic.own, slugs[1], (False, False, True))
    _answer(database, _carers(clinic), slugs[2], (False,))

    told = {title: row[2] for title, row in _rows(_open(visit, clinic)).items()}

    assert [told[page.title] for page in DUE[:3]] == [
        "right at the first try",
        "right after 3 tries",
        "1 answer, none right yet, by a helper",
    ]
