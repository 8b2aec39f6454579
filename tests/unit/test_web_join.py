"""Letter and code over HTTP: made by staff, used once, and not to be guessed."""

import re

import pytest

from db.accounts import find_patient_account
from db.engine import Database, reading, writing
from db.invitations import UNUSABLE, invite
from db.models import utc_now
from recovery.access import PatientAccess, Role
from tests.db.acts import acts
from tests.factories import make_patient
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, TestClient, browser, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")
CHOSEN = {"username": "ash-1948", "password": "quiet river eleven", "again": "quiet river eleven"}


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> PatientAccess:
    """Return the access to an enrolled person without an account."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash <Grove>")


@pytest.fixture
def code(database: Database, newcomer: PatientAccess) -> str:
    """Return a code that opens that person's account."""
    with writing(database) as session:
        return invite(session, newcomer, Role.PATIENT, utc_now()).code


def _send(client: TestClient, **fields: str) -> tuple[int, str]:
    answer = client.post("/join", data=fields, headers=FORM)
    return answer.status_code, answer.text


def test_a_letter_leads_to_an_account(
    database: Database, clinic: SmallClinic, newcomer: PatientAccess
) -> None:
    """From the clinician's button over the printed code to the patient's first page."""
    staff = signed_in(database, clinic.clinician)
    address = f"/invitation-letter?patient={newcomer.patient_id}"
    assert "Ash &lt;Grove&gt;" in staff.get(address, headers=PAGE).text
    form = {"patient": str(newcomer.patient_id)}
    letter = staff.post("/invitation-letter", data=form, headers=FORM)
    [code] = set(CODE.findall(letter.text))
    assert letter.headers["cache-control"] == "no-store"
    assert "data:image/svg+xml" in letter.text
    assert "Oak Clinic" in letter.text

    patient = browser()
    assert f'value="{code}"' in patient.get(f"/join?code={code}", headers=PAGE).text
    asked = _send(patient, code=code)[1]
    assert "Oak Clinic invites you" in asked
    assert "Ash" not in asked
    answer = patient.post("/join", data={"code": code, **CHOSEN}, headers=FORM)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert patient.get("/").text == "<p>patient</p>"
    with reading(database) as session:
        found, noted = find_patient_account(session, newcomer), acts(session)
    assert (noted["letter.opened"], noted["chart.read"]) == (2, 0)
    assert found is not None
    assert found.username == "ash-1948"
    assert _send(browser(), code=code)[0] == 422


def test_a_newer_letter_takes_the_place_of_the_last(
    database: Database, clinic: SmallClinic, newcomer: PatientAccess, code: str
) -> None:
    """A lost letter opens nothing any more."""
    form = {"patient": str(newcomer.patient_id)}
    signed_in(database, clinic.assistant).post("/invitation-letter", data=form, headers=FORM)

    assert UNUSABLE in _send(browser(), code=code)[1]


@pytest.mark.parametrize("who", ["patient", "carer", "administrator"])
def test_only_staff_who_treat_make_letters(
    database: Database, clinic: SmallClinic, newcomer: PatientAccess, who: str
) -> None:
    """Everybody else reads one sentence, for an own record too."""
    client = signed_in(database, getattr(clinic, who))
    for patient_id in (newcomer.patient_id, clinic.own.patient_id, "nonsense"):
        form = {"patient": str(patient_id)}
        answers = (
            client.get(f"/invitation-letter?patient={patient_id}", headers=PAGE),
            client.post("/invitation-letter", data=form, headers=FORM),
        )
        for answer in answers:
            assert answer.status_code == 403
            assert "not available to you" in answer.text
            assert not CODE.search(answer.text)


def test_a_letter_for_another_clinics_patient_is_refused(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """In the same words as for nobody's."""
    client = signed_in(database, other_clinic.clinician)
    form = {"patient": str(clinic.own.patient_id)}

    assert client.post("/invitation-letter", data=form, headers=FORM).status_code == 403


def test_without_a_session_no_letter_is_made(clinic: SmallClinic) -> None:
    """Nor shown to be somewhere."""
    answer = browser().post("/invitation-letter", data={"patient": "x"}, headers=PAGE | FORM)

    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"again": "quiet river twelve"}, "differ"),
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"password": "password1234", "again": "password1234"}, "easy to guess"),
        ({"username": "a b"}, "letters, digits"),
        ({"username": "clinician"}, "taken"),
    ],
)
def test_a_refused_choice_keeps_code_and_name(
    clinic: SmallClinic, code: str, changes: dict[str, str], words: str
) -> None:
    """Nothing but the passwords is asked for again, and the code still opens."""
    status, text = _send(browser(), code=code, **CHOSEN | changes)

    assert status == 422
    assert words in text
    assert f'value="{code}"' in text
    assert f'value="{(CHOSEN | changes)["username"]}"' in text
    assert "river" not in text
    assert browser().post("/join", data={"code": code, **CHOSEN}, headers=FORM).status_code == 303


def test_guessing_codes_gets_slow(clinic: SmallClinic, code: str) -> None:
    """After five wrong ones the address waits, a right code included; others go on."""
    guesser = browser()
    answers = [_send(guesser, code=f"AAAA-BBBB-CCCC-{number:04}") for number in range(6)]

    assert [status for status, _ in answers] == [422] * 5 + [429]
    assert "too many tries" in answers[-1][1]
    assert _send(guesser, code=code)[0] == 429
    assert _send(browser(client=("127.0.0.9", 50_000)), code=code)[0] == 200


def test_a_right_code_is_no_wrong_try(clinic: SmallClinic, code: str) -> None:
    """Looking again and again at an own code locks nobody out."""
    client = browser()

    assert {_send(client, code=code)[0] for _ in range(12)} == {200}


def test_another_site_cannot_use_a_code(clinic: SmallClinic, code: str) -> None:
    """A form sent from elsewhere is refused before it is read."""
    foreign = {"Origin": "http://evil.example"}

    assert (
        browser().post("/join", data={"code": code, **CHOSEN}, headers=foreign).status_code == 403
    )


def test_fetching_the_address_uses_up_no_try(clinic: SmallClinic, code: str) -> None:
    """Pictures on another site's page that point here lock nobody out."""
    client = browser()
    for number in range(20):
        client.get(f"/join?code=AAAA-BBBB-CCCC-{number:04}", headers={"Accept": "image/*"})

    assert _send(client, code=code)[0] == 200


def test_no_user_name_typed_elsewhere_locks_an_address(clinic: SmallClinic, code: str) -> None:
    """Tries to sign in from many addresses, under whatever name, leave codes alone."""
    for number in range(12):
        far = browser(client=(f"127.0.1.{number}", 50_000))
        for name in ("code 127.0.0.1", "invitation from 127.0.0.1", "127.0.0.1"):
            far.post("/sign-in", data={"username": name, "password": "wrong"}, headers=FORM)

    assert _send(browser(), code=code)[0] == 200


def test_asking_who_is_here_gets_slow(clinic: SmallClinic, code: str) -> None:
    """The holder of a code learns of few names; looking at the code again frees no try."""
    client = browser()
    answers = []
    for _ in range(6):
        assert _send(client, code=code)[0] == 200
        answers.append(_send(client, code=code, **CHOSEN | {"username": "clinician"})[0])

    assert answers == [422] * 5 + [429]


def test_joining_ends_the_session_that_was_open(
    database: Database, clinic: SmallClinic, code: str
) -> None:
    """Whoever's browser it was, the old cookie opens nothing any more."""
    client = signed_in(database, clinic.patient)
    old = client.cookies["mendline_session"]
    answer = client.post("/join", data={"code": code, **CHOSEN}, headers=FORM)
    assert answer.status_code == 303

    stranger = browser()
    stranger.cookies.set("mendline_session", old)

    assert stranger.get("/").status_code == 401
