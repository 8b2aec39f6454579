"""The patient's screens in Spanish: chosen there, remembered, and without an English sentence."""

import re

import pytest

from content.catalogues import TRANSLATED
from db.engine import Database, writing
from db.languages import choose_language
from recovery.access import Role
from recovery.wording import LANGUAGE_NAMES, Language
from tests.catalogue import catalogue, messages, texts
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import HOMES, PAGE_FILES, labels, press, prose, roles_of, sent
from tests.small_clinic import SmallClinic

ENGLISH, SPANISH = LANGUAGE_NAMES[Language.ENGLISH], LANGUAGE_NAMES[Language.SPANISH]
OF_PATIENTS = [page for page in PAGE_FILES if Role.PATIENT in roles_of(page)]
OF_CARERS = [page for page in OF_PATIENTS if Role.CARER in roles_of(page)]
OF_STAFF = [HOMES[role] for role in Role if role.is_staff]
_PLACE = re.compile(r"\{[^{}]*\}")
_LONG = 12
"""Letters of a piece of a sentence from which on it is not found inside others by chance."""


def _english_in(shown: str, spoken: Language) -> list[str]:
    """Return the English sentences of the catalogue, or long pieces of them, that are shown."""
    pieces = {
        piece.strip()
        for message in messages(catalogue(spoken))
        for text in texts(message.id)
        if text not in texts(message.string)
        for piece in _PLACE.split(text)
    }
    return sorted(each for each in pieces if len(each) >= _LONG and each in shown)


@on_one_engine
@pytest.mark.parametrize("spoken", TRANSLATED)
@pytest.mark.parametrize("page", OF_PATIENTS)
def test_a_patients_page_says_nothing_in_english(
    visit: Visit, database: Database, clinic: SmallClinic, page: str, spoken: Language
) -> None:
    """No sentence that the catalogue knows in the reader's language."""
    with writing(database) as session:
        choose_language(session, clinic.patient, spoken)

    assert _english_in(sent(visit(clinic.patient, page)), spoken) == []


@on_one_engine
@pytest.mark.parametrize("spoken", TRANSLATED)
@pytest.mark.parametrize("page", OF_CARERS)
def test_a_carers_page_says_nothing_in_english(
    visit: Visit, database: Database, clinic: SmallClinic, page: str, spoken: Language
) -> None:
    """The carer reads in a language of the own, whatever the patient's is."""
    with writing(database) as session:
        choose_language(session, clinic.carer, spoken)

    assert _english_in(sent(visit(clinic.carer, page)), spoken) == []


@pytest.mark.parametrize("page", OF_PATIENTS)
def test_the_language_is_chosen_on_every_page_and_remembered(
    visit: Visit, clinic: SmallClinic, page: str
) -> None:
    """One press at the foot; the next sign-in speaks it, and a press leads back."""
    app = visit(clinic.patient, page)
    [*_, button] = [each for each in app.button if each.label == SPANISH]

    button.click().run()

    assert "Salir" in labels(app)
    again = visit(clinic.patient, page)
    assert "Salir" in labels(again)
    [*_, button] = [each for each in again.button if each.label == ENGLISH]
    button.click().run()
    assert "Sign out" in labels(again)


@on_one_engine
def test_what_was_answered_stays_when_the_language_changes(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """The questions are the same ones in other words."""
    app = visit(clinic.patient, "patient/today.py")
    app.text_area[0].set_value("canary: slept well").run()

    press(app, SPANISH)

    assert app.text_area[0].value == "canary: slept well"
    assert "¿Cómo estuvo su día?" in prose(app)


@on_one_engine
def test_the_chosen_range_stays_when_the_language_changes(
    visit: Visit, clinic: SmallClinic
) -> None:
    """The range is remembered by what it is, not by its name."""
    app = visit(clinic.patient, "patient/progress.py")
    press(app, "A year")

    press(app, SPANISH)

    [on] = [each.label for each in app.button if each.proto.type == "primary"]
    assert on == "Un año"


@on_one_engine
def test_a_carers_choice_is_not_the_patients(visit: Visit, clinic: SmallClinic) -> None:
    """Each account has its own."""
    press(visit(clinic.carer), SPANISH)

    assert "Sign out" in labels(visit(clinic.patient))


@on_one_engine
@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_staff_are_not_asked(visit: Visit, clinic: SmallClinic, role: Role) -> None:
    """Their side is English."""
    actor = {
        Role.ASSISTANT: clinic.assistant,
        Role.CLINICIAN: clinic.clinician,
        Role.ADMINISTRATOR: clinic.administrator,
    }[role]

    for page in ("", "account/account.py", "learn/learn.py"):
        assert SPANISH not in labels(visit(actor, page))
