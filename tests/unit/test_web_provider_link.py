"""The page on which staff link and unlink an account at the clinic's own provider."""

import pytest

from db.engine import Database, reading, serve, writing
from db.identities import Identity, link_identity, list_identities
from db.models import utc_now
from db.providers import Provider, set_provider
from tests.factories import PASSWORD
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, TestClient, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ISSUER = "https://login.clinic.example"
OWN = Identity(issuer=ISSUER, subject="s-<1>")
LINK, UNLINK = "/provider/link", "/provider/unlink"


@pytest.fixture
def linked(database: Database, clinic: SmallClinic) -> Identity:
    """Return what the clinician has linked at the clinic's provider."""
    with writing(database) as session:
        settings = Provider(
            clinic_id=clinic.clinic_id,
            name="Oak <staff>",
            issuer=ISSUER,
            client_id="mendline",
            secret="canary-secret",
        )
        set_provider(session, settings)
        link_identity(session, clinic.clinician, OWN, utc_now())
    return OWN


def _unlink(client: TestClient, **fields: str) -> int:
    form = {"issuer": OWN.issuer, "subject": OWN.subject, "password": PASSWORD} | fields
    return client.post(UNLINK, data=form, headers=FORM).status_code


def test_without_a_provider_the_page_says_so(database: Database, clinic: SmallClinic) -> None:
    """There is nothing to link, and no form that would only refuse."""
    shown = signed_in(database, clinic.clinician).get(LINK, headers=PAGE).text

    assert "has not set up a sign-in of its own" in shown
    assert "<form" not in shown


@pytest.mark.parametrize("person", ["patient", "carer"])
def test_it_is_for_staff(database: Database, clinic: SmallClinic, person: str) -> None:
    """Patients and carers have no account at a clinic's provider."""
    client = signed_in(database, getattr(clinic, person))

    assert client.get(LINK, headers=PAGE).status_code == 403


def test_a_demo_links_nothing(database: Database, clinic: SmallClinic) -> None:
    """Nobody in it is real."""
    serve(Database(database.engine, is_demo=True))

    assert signed_in(database, clinic.clinician).get(LINK, headers=PAGE).status_code == 403


def test_both_ways_ask_for_the_password(
    database: Database, clinic: SmallClinic, linked: Identity
) -> None:
    """Names are escaped, the secret is nowhere, and a session alone changes nothing."""
    theirs = signed_in(database, clinic.clinician)
    shown = theirs.get(LINK, headers=PAGE).text
    assert "s-&lt;1&gt;" in shown
    assert "canary" not in shown
    others = signed_in(database, clinic.assistant).get(LINK, headers=PAGE).text
    assert "Oak &lt;staff&gt;" in others
    assert "s-&lt;1&gt;" not in others

    assert _unlink(theirs, password="") == 422
    assert _unlink(theirs, password="wrong words here") == 422
    answer = signed_in(database, clinic.assistant).post(LINK, data={}, headers=FORM)
    assert answer.status_code == 422
    assert "Type your password first." in answer.text
    with reading(database) as session:
        assert list_identities(session, clinic.clinician.account_id) == [OWN]


def test_an_account_is_unlinked_by_its_owner_alone(
    database: Database, clinic: SmallClinic, linked: Identity
) -> None:
    """Somebody else's key is refused; twice is said plainly."""
    assert _unlink(signed_in(database, clinic.assistant)) == 422
    client = signed_in(database, clinic.clinician)
    assert _unlink(client) == 303
    assert _unlink(client) == 422

    with reading(database) as session:
        assert list_identities(session, clinic.clinician.account_id) == []
