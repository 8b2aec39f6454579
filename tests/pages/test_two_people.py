"""Two people one after the other in one process: each sees the own record alone."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database, writing
from db.reports import save_report
from db.visit_notes import NotePress, add_visit_note
from recovery.access import grant_patient
from tests.factories import NOW, TODAY, make_patient, make_patient_actor, saving
from tests.pages.conftest import Visit
from tests.pages.opening import sent
from tests.pages.report import (
    TODAY_PAGE,
    answer_pain,
    draft,
    key_of,
    save,
    shown_answers,
    stored_answers,
    write_note,
)
from tests.small_clinic import SmallClinic, make_small_clinic

PAGES = ["patient/home.py", TODAY_PAGE, "patient/progress.py", "learn/learn.py"]
MINE, THEIRS = "canary-of-the-first", "canary-of-the-second"


@pytest.fixture(params=["same clinic", "other clinic"])
def neighbour(
    request: pytest.FixtureRequest, database: Database, clinic: SmallClinic
) -> SmallClinic:
    """Return another person's small clinic: the same one, or another."""
    if request.param == "other clinic":
        return make_small_clinic(database, prefix="other-", name="Canary Willow")
    with writing(database) as session:
        treating = make_patient(session, clinic.clinician, name="Canary Willow")
        actor = make_patient_actor(session, treating, "other-patient")
    own = grant_patient(actor, patient_id=treating.patient_id, clinic_id=clinic.clinic_id)
    return replace(clinic, patient=actor, treating=treating, own=own)


def _log(database: Database, small: SmallClinic, note: str, nrs: int) -> None:
    noted = NotePress(
        visit_date=TODAY,
        text=f"{note}-visit",
        today=TODAY,
        idempotency_key=small.clinic_id,
        now=NOW,
    )
    with writing(database) as session:
        pressed = saving(note=note, worst_pain_nrs=nrs, average_pain_nrs=nrs)
        save_report(session, small.own, pressed)
        add_visit_note(session, small.treating, noted)


def _all_pages(app: AppTest) -> str:
    return "\n".join(sent(app.switch_page(page).run()) for page in PAGES[1:]) + sent(app)


def test_each_sees_the_own_record_alone(
    visit: Visit, database: Database, clinic: SmallClinic, neighbour: SmallClinic
) -> None:
    """Nothing of the one reaches the other, in whichever order they come."""
    _log(database, clinic, MINE, 8)
    _log(database, neighbour, THEIRS, 2)

    for small, own, foreign in ((clinic, MINE, THEIRS), (neighbour, THEIRS, MINE)):
        for _ in range(2):
            seen = _all_pages(visit(small.patient))
            assert own in seen
            assert foreign not in seen


def test_answers_in_turn_are_kept_apart(
    visit: Visit, database: Database, clinic: SmallClinic, neighbour: SmallClinic
) -> None:
    """Two forms open at once in one process hold, keep and save each their own answers."""
    mine, theirs = visit(clinic.patient, TODAY_PAGE), visit(neighbour.patient, TODAY_PAGE)
    for app, note, nrs in ((mine, MINE, 8), (theirs, THEIRS, 2)):
        answer_pain(app, worst=nrs, average=nrs)
        write_note(app, note)
    mine.run()
    theirs.run()

    kept = draft(database, clinic.own), draft(database, neighbour.own)
    assert [each.note for each in kept if each] == [MINE, THEIRS]
    assert shown_answers(mine) == (8, 8)

    save(mine)
    save(theirs)

    assert [each.note for each in stored_answers(database, clinic.own)] == [MINE]
    assert [each.note for each in stored_answers(database, neighbour.own)] == [THEIRS]
    assert key_of(mine, "worst") == key_of(theirs, "worst")
