"""Plain pages in the language of whoever reads them: account, choice, or the browser's wish."""

import re

import pytest

from db.auth_sessions import actor_of
from db.engine import Database, reading, writing
from db.invitations import invite
from db.languages import choose_language
from db.models import utc_now
from recovery.access import Actor, PatientAccess, Role
from recovery.wording import LANGUAGE_NAMES, Language
from tests.factories import PASSWORD, make_patient
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, TestClient, browser, request_scope, signed_in
from web import language as asking
from web.apology import apologize
from web.headers import app_policy
from web.paths import STAFF_PAGES
from web.shell import shell_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COOKIE = "mendline_language"
LANG = re.compile(r'<html lang="(\w+)">')
LINK = re.compile(r'<a href="([^"]+)" lang="(\w+)"')


@pytest.fixture
def spanish(database: Database, clinic: SmallClinic) -> Actor:
    """Return the clinic's patient, who reads Spanish."""
    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)
    return clinic.patient


@pytest.fixture
def newcomer(database: Database, clinic: SmallClinic) -> PatientAccess:
    """Return the access to an enrolled person without an account."""
    with writing(database) as session:
        return make_patient(session, clinic.clinician, name="Ash Grove")


def _lang(client: TestClient, address: str, **headers: str) -> str:
    [found] = LANG.findall(client.get(address, headers=PAGE | headers).text)
    return str(found)


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("de,fr;q=0.5", "en"),
        ("de, es ; q=0.4", "en"),
        ("de,es;q=0.4", "es"),
        ("es;q=0,en", "en"),
        ("es;q=much", "en"),
        ("*", "en"),
        (",;q=,", "en"),
        ("x" * 5_000, "en"),
    ],
)
def test_a_stranger_is_answered_as_the_browser_asks(
    clinic: SmallClinic, wish: str, spoken: str
) -> None:
    """The most wanted language that there is; English when none is, or nothing makes sense."""
    assert _lang(browser(), "/sign-in", **{"Accept-Language": wish}) == spoken


def test_a_choice_goes_before_the_browsers_wish_and_is_remembered(clinic: SmallClinic) -> None:
    """Named in the address once, it holds for every page before sign-in."""
    client = browser()
    wish = {"Accept-Language": "en"}

    chosen = client.get("/sign-in?language=es", headers=PAGE | wish)

    assert "Contraseña" in chosen.text
    [cookie] = chosen.headers.get_list("set-cookie")
    assert f"{COOKIE}=es" in cookie
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert _lang(client, "/join", **wish) == "es"
    assert _lang(client, "/sign-in?language=en", **wish) == "en"
    assert _lang(client, "/join", **wish) == "en"


@pytest.mark.parametrize("named", ["", "xx", "ES", "es'--", "../es"])
def test_a_language_that_there_is_not_is_not_remembered(clinic: SmallClinic, named: str) -> None:
    """Neither from an address nor from a cookie."""
    client = browser()
    client.cookies.set(COOKIE, named)

    answer = client.get(f"/sign-in?language={named}", headers=PAGE)

    assert LANG.findall(answer.text) == ["en"]
    assert "set-cookie" not in answer.headers


def test_the_same_choice_is_not_sent_twice(clinic: SmallClinic) -> None:
    """A cookie that says it already stays as it is."""
    client = browser()
    client.get("/join?language=es", headers=PAGE)

    assert "set-cookie" not in client.get("/join?language=es", headers=PAGE).headers


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/sign-in", "/sign-in?next=%2F&language=es"),
        ("/sign-in?ended=1&next=%2Ftoday", "/sign-in?ended=1&next=%2Ftoday&language=es"),
        ("/join?code=ABCD", "/join?code=ABCD&language=es"),
    ],
)
def test_the_page_offers_the_other_language_by_its_own_name(
    clinic: SmallClinic, address: str, other: str
) -> None:
    """With all else that the address says."""
    page = browser().get(address, headers=PAGE).text

    assert LINK.findall(page.replace("&amp;", "&")) == [(other, "es")]
    assert LANGUAGE_NAMES[Language.SPANISH] in page


def test_a_refused_sign_in_is_spoken_and_leads_to_the_page(clinic: SmallClinic) -> None:
    """The other language is offered at an address that can be loaded."""
    client = browser()
    client.cookies.set(COOKIE, "es")

    answer = client.post(
        "/sign-in", data={"username": "patient", "password": "wrong"}, headers=FORM
    )

    assert "no es correcto" in answer.text
    assert LINK.findall(answer.text)[0][0].startswith("/sign-in?")


@pytest.mark.parametrize("path", sorted(STAFF_PAGES))
def test_pages_of_the_staff_are_english(clinic: SmallClinic, path: str) -> None:
    """Whatever the browser asks for."""
    scope = request_scope((b"accept-language", b"es"), path=path)

    assert asking.asked_language(scope) is Language.ENGLISH


def test_the_account_goes_before_everything(spanish: Actor, database: Database) -> None:
    """Its pages, the plain and the others, are in its language."""
    client = signed_in(database, spanish)
    client.cookies.set(COOKIE, "en")

    assert "Elija su contraseña" in client.get("/account/password", headers=PAGE).text
    shell = client.get("/progress", headers=PAGE)

    assert LANG.findall(shell.text) == ["es"]
    assert "Mendline necesita JavaScript" in shell.text
    assert shell.headers["Content-Security-Policy"] == app_policy()
    assert f"{COOKIE}=es" in shell.headers["set-cookie"]


def test_a_refusal_is_in_the_accounts_language(spanish: Actor, database: Database) -> None:
    """Also one that was raised in a thread."""
    form = {"current": PASSWORD, "new": "too short", "again": "too short"}

    answer = signed_in(database, spanish).post("/account/password", data=form, headers=FORM)

    assert "Use al menos 12 letras" in answer.text


def test_after_signing_out_the_language_stays(spanish: Actor, database: Database) -> None:
    """The sign-in page is read in the language of whoever left."""
    client = signed_in(database, spanish)

    client.post("/sign-out", headers=FORM)

    assert "Su sesión está cerrada." in client.get("/sign-in?out=1", headers=PAGE).text


def test_a_language_that_a_letter_names_is_spoken_whoever_is_signed_in(
    clinic: SmallClinic, database: Database
) -> None:
    """A letter may be opened where somebody else is still signed in."""
    client = signed_in(database, clinic.clinician)

    answer = client.get("/join?code=ABCD&language=es", headers=PAGE)

    assert LANG.findall(answer.text) == ["es"]
    assert f"{COOKIE}=es" in answer.headers["set-cookie"]


def test_staff_leave_no_language_behind(clinic: SmallClinic, database: Database) -> None:
    """On a shared machine, what they read says nothing about the next person."""
    client = signed_in(database, clinic.clinician)

    assert "set-cookie" not in client.get("/", headers=PAGE).headers
    assert COOKIE not in client.post("/sign-out", headers=FORM).headers["set-cookie"]


def test_only_the_words_of_the_shell_differ(clinic: SmallClinic) -> None:
    """So that one content policy holds for every language."""
    scripts = re.compile(r"<script.*?</script>", re.DOTALL)

    assert scripts.findall(shell_page(Language.SPANISH)) == scripts.findall(shell_page())


def test_an_apology_is_spoken_too(clinic: SmallClinic) -> None:
    """Though the error has left the gate behind."""
    from starlette.requests import Request  # noqa: PLC0415

    scope = request_scope((b"accept-language", b"es"), path="/join")

    body = bytes(apologize(Request(scope), RuntimeError()).body).decode()

    assert "No se pudo mostrar esta página." in body
    assert 'lang="es"' in body


def test_whoever_joins_reads_on_in_the_pages_language(
    database: Database, newcomer: PatientAccess
) -> None:
    """The new account remembers what the page was read in."""
    with writing(database) as session:
        code = invite(session, newcomer, Role.PATIENT, utc_now()).code
    client = browser()
    client.get(f"/join?code={code}&language=es", headers=PAGE)
    second = client.post("/join", data={"code": code}, headers=FORM).text
    assert "le invita a anotar su recuperación" in second
    assert f"code={code}&amp;language=en" in second
    chosen = {"username": "ash-1948", "password": "rio quieto once", "again": "rio quieto once"}

    client.post("/join", data={"code": code, **chosen}, headers=FORM)

    assert LANG.findall(client.get("/", headers=PAGE).text) == ["es"]


@pytest.mark.parametrize("chosen", ["es", "en", "", "xx"])
def test_a_letter_is_printed_in_the_language_that_the_staff_choose(
    database: Database, clinic: SmallClinic, newcomer: PatientAccess, chosen: str
) -> None:
    """Its last day too; what is for the staff stays English."""
    client = signed_in(database, clinic.clinician)
    form = {"patient": str(newcomer.patient_id), "language": chosen}

    letter = client.post("/invitation-letter", data=form, headers=FORM).text

    is_spanish = chosen == "es"
    assert LANG.findall(letter) == ["es" if is_spanish else "en"]
    assert ("Apunte la cámara" if is_spanish else "Point the camera") in letter
    assert (" de 20" in letter) is is_spanish
    assert "Print this page now" in letter


def test_a_passkey_pages_script_is_handed_its_words(spanish: Actor, database: Database) -> None:
    """In the account's language."""
    page = signed_in(database, spanish).get("/account/passkeys", headers=PAGE).text

    assert 'data-moment="Un momento."' in page
    assert "Aún no tiene ninguna llave de acceso." in page


def test_the_clinics_staff_read_english(clinic: SmallClinic, database: Database) -> None:
    """Their account's language, whatever the browser asks for."""
    client = signed_in(database, clinic.clinician)

    assert _lang(client, "/account/password", **{"Accept-Language": "es"}) == "en"
    with reading(database) as session:
        found = actor_of(session, clinic.clinician.session_id)
    assert found is None or found.language is Language.ENGLISH
