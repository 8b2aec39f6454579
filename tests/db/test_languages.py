"""The language somebody reads in: chosen, remembered, of the own account alone."""

from sqlmodel import select

from db.auth_sessions import actor_of, start_session
from db.engine import Database, reading, writing
from db.languages import choose_language
from db.models import AuthSessionRow, utc_now
from recovery.wording import Language
from tests.small_clinic import SmallClinic


def test_a_language_is_remembered_for_one_account(database: Database, clinic: SmallClinic) -> None:
    """The patient's next sign-in speaks it; the carer's still speaks English."""
    people = clinic
    with writing(database) as session:
        choose_language(session, people.patient, Language.SPANISH)
        for actor in (people.patient, people.carer):
            start_session(session, actor.account_id, actor.role, utc_now())

    with reading(database) as session:
        spoken = {
            row.account_id: found.language
            for row in session.exec(select(AuthSessionRow))
            if (found := actor_of(session, row.id)) is not None
        }

    assert spoken == {
        people.patient.account_id: Language.SPANISH,
        people.carer.account_id: Language.ENGLISH,
    }
