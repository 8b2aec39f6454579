"""Consent on the screens: asked before the first entry, and ended by the patient alone."""

import pytest

from content.consent import CONSENT_VERSION, consent_text
from db.consents import give_consent, list_consents, withdraw_consent
from db.engine import Database, reading, writing
from tests.factories import NOW
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, press, prose, refusals
from tests.small_clinic import SmallClinic

HOME, TODAY, DATA = "patient/home.py", "patient/today.py", "account/my_data.py"
FIRST_WORDS = "Mendline keeps what you enter"
NOT_YET = "Nothing can be logged yet. Ask the person you help to sign in and agree first."


@pytest.fixture
def _stopped(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)


def test_every_text_that_was_ever_agreed_to_can_be_read() -> None:
    """The newest is asked for; an unknown one is an error, not an empty page."""
    assert FIRST_WORDS in consent_text(CONSENT_VERSION)
    with pytest.raises(KeyError):
        consent_text("1999-01-01")


@on_one_engine
@pytest.mark.usefixtures("_stopped")
@pytest.mark.parametrize("page", [HOME, TODAY])
def test_without_consent_there_is_nothing_to_fill_in(
    visit: Visit, clinic: SmallClinic, page: str
) -> None:
    """The words and one button stand where the questions were; whom to call stays."""
    app = visit(clinic.patient, page)

    assert FIRST_WORDS in prose(app)
    assert "I agree" in labels(app)
    assert not {"Log today", "Save", "A fall"} & set(labels(app))
    assert "When to call" in prose(app)


@on_one_engine
@pytest.mark.usefixtures("_stopped")
@pytest.mark.parametrize("page", [HOME, TODAY])
def test_a_carer_cannot_agree(visit: Visit, clinic: SmallClinic, page: str) -> None:
    """They read whose it is to press."""
    app = visit(clinic.carer, page)

    assert NOT_YET in prose(app)
    assert "I agree" not in labels(app)


@pytest.mark.usefixtures("_stopped")
def test_one_press_agrees_and_the_questions_come(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Stored with the version of the words that stood on the screen."""
    app = visit(clinic.patient, TODAY)
    press(app, "I agree")

    assert "Save" in labels(app)
    with reading(database) as session:
        newest = list_consents(session, clinic.own)[0]
    assert (newest.text_version, newest.withdrawn_at) == (CONSENT_VERSION, None)


def test_changed_words_are_asked_for_anew(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Who agreed to older words reads the new ones before the next entry; both stay on record."""
    with writing(database) as session:
        give_consent(session, clinic.own, "2020-01-01", NOW)
    app = visit(clinic.patient, TODAY)
    assert "These words have changed." in prose(app)
    assert "Save" not in labels(app)

    press(app, "I agree")

    assert "Save" in labels(app)
    with reading(database) as session:
        versions = [each.text_version for each in list_consents(session, clinic.own)]
    assert versions == [CONSENT_VERSION, "2020-01-01", CONSENT_VERSION]


def test_the_patient_stops_and_starts_again(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """What happens then is said before; the days of both are shown."""
    app = visit(clinic.patient, DATA)
    assert "After that nothing new is kept" in prose(app)

    press(app, "Stop logging")
    assert "You stopped on 22 Nov 2026, 10:00 AM. Nothing new is kept." in prose(app)
    with reading(database) as session:
        assert list_consents(session, clinic.own)[0].withdrawn_at is not None

    press(app, "I agree")
    assert "You agreed on 22 Nov 2026, 10:00 AM." in prose(app)


@on_one_engine
def test_a_page_that_was_open_meanwhile_keeps_what_was_typed(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """Stopped in another window: the open form goes, and its next run says why."""
    app = visit(clinic.patient, TODAY)
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    app.run()

    assert FIRST_WORDS in prose(app)
    assert refusals(app) == []
