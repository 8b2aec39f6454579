"""Where a patient stands, on the page: from the judgement that the clinic sees, and nothing else."""

from datetime import timedelta

import pytest

from db.consents import withdraw_consent
from db.engine import Database, writing
from db.languages import choose_language
from db.models import ClinicRow
from db.patients import get_patient
from db.reports import save_report
from recovery.wording import Language
from tests.factories import NOW, TODAY, saving
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import prose
from tests.pages.report import TODAY_PAGE, answer, answer_pain, is_thanked, save
from tests.small_clinic import SmallClinic, make_small_clinic

PROGRESS = "patient/progress.py"
DAY = timedelta(days=1)
MIDDLE = "Over the last 7 days, your pain was about what most people report at this point, or less."
HIGHER = "Your pain is higher than most people report at this point."
TOO_FEW = "Log a few more days, and you can read here how your pain compares"
AT_A_VISIT = "Your clinic reads your answers at your next visit at the latest."
ON_DAYS = "Your clinic reads new answers on Monday and Thursday."


def _log_week(
    database: Database, small: SmallClinic, pain: int, *, last: int = 0, first: int = 6
) -> None:
    with writing(database) as session:
        for back in range(first, last - 1, -1):
            day = TODAY - back * DAY
            at = NOW - back * DAY
            pressed = saving(day=day, today=day, now=at, worst_pain_nrs=pain, average_pain_nrs=pain)
            save_report(session, small.own, pressed)


def _read_on(database: Database, small: SmallClinic, reading_days: int) -> None:
    with writing(database) as session:
        session.get_one(ClinicRow, small.clinic_id).reading_days = reading_days


@on_one_engine
@pytest.mark.parametrize("page", ["", PROGRESS])
def test_a_level_among_most_peoples_is_told_once(
    visit: Visit, database: Database, clinic: SmallClinic, page: str
) -> None:
    """In the same words on the start page and on the chart's, and nothing in green."""
    _log_week(database, clinic, 3)

    app = visit(clinic.patient, page)

    assert prose(app).count(MIDDLE) == 1
    assert not app.success
    assert "Nobody watches this app around the clock." in prose(app)


@on_one_engine
def test_pain_above_most_peoples_asks_to_tell_the_clinic(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """With the number to call, for the patient and for a carer alike."""
    _log_week(database, clinic, 8)

    for actor in (clinic.patient, clinic.carer):
        [said] = [each.value for each in visit(actor, PROGRESS).warning]
        assert said.startswith(HIGHER)
        assert "tel:5550100" in said


@on_one_engine
def test_after_a_cancer_procedure_no_status_is_told(visit: Visit, database: Database) -> None:
    """Neither where the person stands, nor that it could be read one day."""
    small = make_small_clinic(database, procedure="cancer_augmentation")
    _log_week(database, small, 3)

    for page in ("", PROGRESS):
        said = prose(visit(small.patient, page))
        assert "people report" not in said
        assert "compares" not in said


@on_one_engine
def test_few_days_promise_and_judge_nothing(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Three days say too little."""
    _log_week(database, clinic, 8, first=2)

    app = visit(clinic.patient, PROGRESS)

    assert TOO_FEW in prose(app)
    assert not app.warning


@on_one_engine
def test_who_looked_is_told_when_somebody_did(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Else when the clinic reads, as it said itself; the own look and a carer's are none."""
    assert AT_A_VISIT in prose(visit(clinic.patient))
    _read_on(database, clinic, 0b000_1001)
    visit(clinic.carer)
    assert ON_DAYS in prose(visit(clinic.patient, PROGRESS))

    with writing(database) as session:
        get_patient(session, clinic.treating)

    for actor, page in ((clinic.patient, ""), (clinic.carer, PROGRESS)):
        said = prose(visit(actor, page))
        assert "A clinician from your clinic looked at your chart on Sunday 22 November." in said
        assert ON_DAYS not in said


@on_one_engine
def test_after_saving_it_is_said_what_happens_with_the_answer(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """What it means, when the clinic reads, and that nobody watches live; in Spanish too."""
    _log_week(database, clinic, 3, last=1)
    _read_on(database, clinic, 0b000_1001)
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=4, average=3)

    save(app)

    said = prose(app)
    assert is_thanked(app)
    assert MIDDLE in said
    assert f"{ON_DAYS} Nobody watches this app around the clock." in said

    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)
    assert "En los últimos 7 días, su dolor fue como el de la mayoría" in prose(
        visit(clinic.patient)
    )


@on_one_engine
def test_after_saving_a_hard_day_no_level_denies_it(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """A week in the middle with one such day still has its mean in the middle."""
    _log_week(database, clinic, 2, last=1)
    app = visit(clinic.patient, TODAY_PAGE)
    answer_pain(app, worst=10, average=9)

    save(app)

    said = prose(app)
    assert is_thanked(app)
    assert "Sunday 22 November was harder for you than the days before." in said
    assert "people report" not in said


@on_one_engine
@pytest.mark.parametrize("page", ["", PROGRESS])
def test_who_stopped_logging_is_not_told_to_start_again(
    visit: Visit, database: Database, clinic: SmallClinic, page: str
) -> None:
    """Which day was the last is told; that one can log today would not be true."""
    _log_week(database, clinic, 3, last=6, first=8)
    assert "You can start again today." in prose(visit(clinic.patient, page))
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    said = prose(visit(clinic.patient, page))

    assert "Your newest log is from Monday 16 November." in said
    assert "start again" not in said


@on_one_engine
def test_a_ticked_sign_goes_before_the_thanks(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Its advice is the last thing that may be softened: no level is told beside it."""
    _log_week(database, clinic, 3, last=1)
    app = visit(clinic.patient, TODAY_PAGE)
    answer(app, "signs", {"legs"})
    answer_pain(app, worst=4, average=3)

    save(app)

    order = [each.type for each in app.main if each.type in {"error", "success"}]
    assert is_thanked(app)
    assert MIDDLE not in prose(app)
    assert all("tel:911" in each.value for each in app.error)
    assert order[-2:] == ["error", "success"]
