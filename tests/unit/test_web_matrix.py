"""Every route of ours for everybody: each role, nobody, and who has not finished signing in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.routing import Route

from db.auth_sessions import start_session
from db.engine import Database, writing
from db.models import AccountRow, utc_now
from recovery.access import Actor
from tests.factories import make_patient
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, TestClient, browser, signed_in
from web.paths import OWN_PAGES
from web.routes import routes

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEOPLE = ("patient", "carer", "assistant", "clinician", "administrator")
STAFF = {"assistant", "clinician", "administrator"}
WAITING = {"waiting for a code": "/account/code", "first password": "/account/password"}
NOBODY = "nobody"
EVERYBODY = {*PEOPLE, *WAITING, NOBODY}


@dataclass(frozen=True, slots=True)
class Served:
    """Who gets past the door of a route; what its form then says is tested elsewhere."""

    people: frozenset[str]


def _for(*people: str) -> Served:
    return Served(frozenset(people))


TABLE: dict[tuple[str, str], Served] = {
    ("GET", "/healthz"): _for(*EVERYBODY),
    ("GET", "/readyz"): _for(*EVERYBODY),
    ("GET", "/metrics"): _for(*EVERYBODY),  # Which asks for a token of its own.
    ("GET", "/sign-in"): _for(*EVERYBODY),
    ("POST", "/sign-in"): _for(*EVERYBODY),
    ("POST", "/demo-sign-in"): _for(),
    ("POST", "/sign-out"): _for(*PEOPLE, *WAITING),
    ("GET", "/auth/logout"): _for(*PEOPLE, *WAITING),
    ("GET", "/account/password"): _for(*PEOPLE, "first password"),
    ("POST", "/account/password"): _for(*PEOPLE, "first password"),
    ("GET", "/account/code"): _for(*STAFF, "waiting for a code"),
    ("POST", "/account/code"): _for(*STAFF, "waiting for a code"),
    ("GET", "/account/passkeys"): _for(*PEOPLE),
    ("POST", "/account/passkeys/add"): _for(*PEOPLE),
    ("POST", "/account/passkeys/add/options"): _for(*PEOPLE),
    ("POST", "/account/passkeys/remove"): _for(*PEOPLE),
    ("POST", "/account/passkeys/remove/options"): _for(*PEOPLE),
    ("POST", "/sign-in/passkey"): _for(*EVERYBODY),
    ("POST", "/sign-in/passkey/options"): _for(*EVERYBODY),
    ("POST", "/join/passkey"): _for(*EVERYBODY),
    ("POST", "/join/passkey/options"): _for(*EVERYBODY),
    ("GET", "/setup"): _for(),
    ("POST", "/setup"): _for(),
    ("POST", "/setup/demo"): _for(),
    ("GET", "/join"): _for(*EVERYBODY),
    ("POST", "/join"): _for(*EVERYBODY),
    ("GET", "/invitation-letter"): _for("clinician", "assistant"),
    ("POST", "/invitation-letter"): _for("clinician", "assistant"),
    ("GET", "/provider/start"): _for(),
    ("POST", "/provider/start"): _for(*EVERYBODY),
    ("GET", "/provider/link"): _for(*STAFF),
    ("POST", "/provider/unlink"): _for(*STAFF),
    ("POST", "/provider/link"): _for(*STAFF),
    ("GET", "/provider/back"): _for(*EVERYBODY),
    ("GET", "/my-data/record.json"): _for("patient"),
    ("GET", "/my-data/days.csv"): _for("patient"),
    ("GET", "/my-data/events.csv"): _for("patient"),
    ("GET", "/my-data/questionnaires.csv"): _for("patient"),
    ("GET", "/audit-log.csv"): _for("administrator"),
    ("GET", "/review-list.csv"): _for("clinician", "assistant"),
    ("GET", "/print"): _for(*PEOPLE),
}


FORMS = {path for method, path in TABLE if method == "POST"}
TABLE |= {
    ("GET", path): _for() for path in sorted(FORMS) if ("GET", path) not in TABLE
}  # Loaded again, a form leads home.


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> UUID:
    """Return the key of a patient without an account, for whom a letter may be made."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash Grove").patient_id


def _routes() -> list[tuple[str, str]]:
    own = [route for route in routes() if isinstance(route, Route)]
    return [
        (method, route.path) for route in own for method in route.methods or () if method != "HEAD"
    ]


def _client(database: Database, clinic: SmallClinic, person: str) -> TestClient:
    if person == NOBODY:
        return browser()
    actor: Actor = clinic.clinician if person in WAITING else getattr(clinic, person)
    if person == "first password":
        with writing(database) as session:
            session.get_one(AccountRow, actor.account_id).must_change_password = True
    if person != "waiting for a code":
        return signed_in(database, actor)
    with writing(database) as session:
        token = start_session(session, actor.account_id, actor.role, utc_now(), needs_code=True)
    client = browser()
    client.cookies.set("mendline_session", token)
    return client


def _ask(client: TestClient, method: str, path: str, patient_id: UUID) -> Any:
    if method == "GET":
        query = f"?patient={patient_id}" if "letter" in path else ""
        return client.get(f"{path}{query}", headers=PAGE)
    form = {"patient": str(patient_id)} if "letter" in path else {}
    return client.post(path, data=form, headers=FORM)


def _was_served(answer: Any, path: str) -> bool:
    """Tell whether the route itself answered, and not the door."""
    if answer.status_code != 303:
        return bool(answer.status_code != 403)
    location = answer.headers["location"]
    # Signed in already, and signed out just now, are answers of the page itself.
    return location.startswith("/sign-in?out") or (path == "/sign-in" and location == "/")


def test_every_route_stands_in_the_table(database: Database) -> None:
    """A new one has to be placed before it can be served."""
    assert set(_routes()) == set(TABLE)
    assert {path for _, path in TABLE} == set(OWN_PAGES)


@pytest.mark.parametrize("person", sorted(EVERYBODY))
@pytest.mark.parametrize(("method", "path"), list(TABLE))
def test_a_route_serves_whom_it_is_for(  # noqa: PLR0913, PLR0917 - one row of the table
    database: Database,
    clinic: SmallClinic,
    newcomer: UUID,
    method: str,
    path: str,
    person: str,
) -> None:
    """Everybody else meets the door: sign-in, the step that is missing, home, or a refusal."""
    client = _client(database, clinic, person)
    answer = _ask(client, method, path, newcomer)
    served = _was_served(answer, path)

    assert served is (person in TABLE[method, path].people), (answer.status_code, answer.headers)
    assert answer.status_code < 500


@pytest.mark.parametrize("person", sorted({*PEOPLE, NOBODY}))
@pytest.mark.parametrize("target", ["own", "same clinic", "other clinic", "unknown", "nonsense"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_letter_is_made_for_the_own_clinics_patients(  # noqa: PLR0913, PLR0917 - as above
    database: Database,
    clinic: SmallClinic,
    other_clinic: SmallClinic,
    newcomer: UUID,
    method: str,
    target: str,
    person: str,
) -> None:
    """By those who treat them; every other key is refused in the same words."""
    keys: dict[str, object] = {
        "own": clinic.own.patient_id,
        "same clinic": newcomer,
        "other clinic": other_clinic.own.patient_id,
        "unknown": uuid4(),
        "nonsense": "x' OR 1=1",
    }
    client = _client(database, clinic, person)
    answer = _ask(client, method, "/invitation-letter", keys[target])  # type: ignore[arg-type]

    is_theirs = person in {"clinician", "assistant"} and target in {"own", "same clinic"}
    if person == NOBODY:
        assert answer.headers["location"].startswith("/sign-in")
    elif not is_theirs:
        assert (answer.status_code, "not available to you" in answer.text) == (403, True)
    else:
        # The own patient has an account already, so no letter is made.
        has_account = method == "POST" and target == "own"
        assert answer.status_code == (403 if has_account else 200)
        assert "not available to you" not in answer.text


@pytest.mark.parametrize("person", sorted({*PEOPLE, *WAITING, NOBODY}))
@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/upload_file/a/b",
        "/auth/login",
        "/oauth2callback",
        "/app/static/x",
    ],
)
def test_what_is_for_nobody_is_there_for_nobody(
    database: Database, clinic: SmallClinic, path: str, person: str
) -> None:
    """Streamlit's own doors that are not used stay shut to all."""
    assert _client(database, clinic, person).get(path, headers=PAGE).status_code == 404
