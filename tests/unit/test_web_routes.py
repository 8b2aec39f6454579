"""Sign-in, sign-out and passwords, asked as forms ask."""

import pytest
from sqlmodel import select

from db.engine import Database, reading, writing
from db.models import AccountRow, AuditRow, AuthSessionRow
from tests.factories import PASSWORD
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, ORIGIN, PAGE, browser, post, signed_in
from web.sign_in import WRONG

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("username", "password", "status", "words"),
    [
        ("", "", 422, "Enter your user name"),
        ("clinician", "", 422, "Enter your user name"),
        ("nobody", PASSWORD, 401, WRONG),
        ("clinician", "wrong words here", 401, WRONG),
        ("nul\x00", PASSWORD, 401, WRONG),
        ("x" * 20_000, PASSWORD, 422, "Shorten it"),
    ],
)
def test_a_refused_sign_in_is_one_sentence(
    clinic: SmallClinic, username: str, password: str, status: int, words: str
) -> None:
    """No cookie is set, and unknown names read like wrong passwords."""
    client = browser()
    answer = client.post(
        "/sign-in", data={"username": username, "password": password}, headers=FORM
    )

    assert answer.status_code == status
    assert words in answer.text
    assert 'role="alert"' in answer.text
    assert "set-cookie" not in answer.headers


def test_what_was_typed_is_kept_and_escaped(clinic: SmallClinic) -> None:
    """The name stays in its field, markup stays text, the password is not sent back."""
    status, _, text = post(
        browser(), "/sign-in", username='"><script>', password="my secret words", next="/today"
    )

    assert status == 401
    assert "&#34;&gt;&lt;script&gt;" in text
    assert "my secret words" not in text
    assert 'value="/today"' in text


def test_a_locked_account_says_how_long(clinic: SmallClinic) -> None:
    """After five tries the right password waits too."""
    client = browser()
    for _ in range(5):
        assert post(client, "/sign-in", username="patient", password="wrong words")[0] == 401

    status, _, text = post(client, "/sign-in", username="patient", password=PASSWORD)

    assert status == 401
    assert "Wait half a minute" in text


@pytest.mark.parametrize(
    ("wanted", "reached"), [("//evil.example", "/"), ("/today", "/today"), ("", "/")]
)
def test_sign_in_leads_to_the_page_asked_for(
    clinic: SmallClinic, wanted: str, reached: str
) -> None:
    """But never to another site; the cookie is hidden from scripts."""
    client = browser()
    answer = client.post(
        "/sign-in",
        data={"username": " Patient ", "password": PASSWORD, "next": wanted},
        headers=FORM,
    )

    assert (answer.status_code, answer.headers["location"]) == (303, reached)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/").text == "<p>patient</p>"


def test_over_tls_the_cookie_is_bound_to_the_host(clinic: SmallClinic) -> None:
    """It is Secure, and so are the cookies that Streamlit sets."""
    origin = "https://127.0.0.1:8501"
    answer = browser(base_url=origin).post(
        "/sign-in",
        data={"username": "patient", "password": PASSWORD},
        headers={"Origin": origin},
    )

    assert answer.headers["set-cookie"].startswith("__Host-mendline_session=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_new_sign_in_ends_the_old_session(database: Database, clinic: SmallClinic) -> None:
    """A session that somebody planted in the browser is worth nothing afterwards."""
    client = signed_in(database, clinic.patient)
    post(client, "/sign-in", username="clinician", password=PASSWORD)

    with reading(database) as session:
        rows = session.exec(select(AuthSessionRow).order_by("created_at")).all()
        assert [row.revoked_at is None for row in rows] == [False, True]


def test_signing_out_ends_the_session_at_the_server(
    database: Database, clinic: SmallClinic
) -> None:
    """A copy of the cookie opens nothing any more, and the audit knows."""
    client = signed_in(database, clinic.patient)
    token = client.cookies["mendline_session"]

    assert post(client, "/sign-out")[:2] == (303, "/sign-in?out=1")

    client.cookies.set("mendline_session", token)
    assert client.get("/", headers=PAGE).headers["location"] == "/sign-in"
    with reading(database) as session:
        assert session.exec(select(AuditRow.action)).all()[-1] == "sign_out"


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_another_site_cannot_sign_anybody_out(
    database: Database, clinic: SmallClinic, site: str | None
) -> None:
    """A link from elsewhere asks first; Streamlit's own way out does not."""
    client = signed_in(database, clinic.patient)
    from_elsewhere = PAGE if site is None else PAGE | {"Sec-Fetch-Site": site}

    answer = client.get("/auth/logout", headers=from_elsewhere)
    assert (answer.status_code, "Do you want to sign out" in answer.text) == (200, True)
    assert client.get("/", headers=PAGE).status_code == 200

    client.get("/auth/logout", headers=PAGE | {"Sec-Fetch-Site": "same-origin"})
    assert client.get("/", headers=PAGE).status_code == 303


def test_somebody_signed_in_is_not_asked_again(database: Database, clinic: SmallClinic) -> None:
    """The sign-in page leads on."""
    answer = signed_in(database, clinic.patient).get("/sign-in?next=/today", headers=PAGE)

    assert answer.headers["location"] == "/today"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ((PASSWORD, "short", "short"), "at least 12"),
        ((PASSWORD, "brand new words", "other new words"), "differ"),
        (("wrong words here", "brand new words", "brand new words"), "present password"),
    ],
)
def test_a_refused_new_password_changes_nothing(
    database: Database, clinic: SmallClinic, typed: tuple[str, str, str], words: str
) -> None:
    """The form says what to do, and the session goes on."""
    client = signed_in(database, clinic.patient)
    fields = dict(zip(("current", "new", "again"), typed, strict=True))
    status, _, text = post(client, "/account/password", **fields)

    assert (status, words in text) == (422, True)
    assert client.get("/", headers=PAGE).status_code == 200


def test_a_starting_password_is_replaced(database: Database, clinic: SmallClinic) -> None:
    """Sign-in leads to the form; afterwards a new session opens the pages."""
    with writing(database) as session:
        session.get_one(AccountRow, clinic.patient.account_id).must_change_password = True
    client = browser()
    signed = post(client, "/sign-in", username="patient", password=PASSWORD, next="/today")
    assert signed[:2] == (303, "/account/password")
    before = client.cookies["mendline_session"]

    fields = {"current": PASSWORD, "new": "brand new words", "again": "brand new words"}
    assert post(client, "/account/password", **fields)[:2] == (303, "/")

    assert client.cookies["mendline_session"] != before
    assert client.get("/").text == "<p>patient</p>"


def test_a_locked_name_is_refused_in_words(clinic: SmallClinic) -> None:
    """The sixth try says how long to wait, though its password is right."""
    for _ in range(5):
        assert post(browser(), "/sign-in", username="clinician", password="wrong words")[0] == 401

    status, _, text = post(browser(), "/sign-in", username="clinician", password=PASSWORD)

    assert status == 401
    assert "Wait half a minute" in text


def test_an_ended_page_says_what_is_kept(clinic: SmallClinic) -> None:
    """Nobody has to fear for what was typed."""
    text = browser().get("/sign-in?ended=1", headers=PAGE).text

    assert "What you had entered is kept." in text


def test_assets_are_open_and_nothing_beside_them(clinic: SmallClinic) -> None:
    """The style sheet loads before sign-in; the templates do not."""
    client = browser()

    assert client.get("/assets/web.css").status_code == 200
    assert client.get("/assets/../templates/base.html").status_code in {401, 404}
    assert client.get("/assets/%2e%2e/templates/base.html").status_code in {401, 404}


def test_every_form_works_with_a_password_manager(clinic: SmallClinic) -> None:
    """Fields say what they are for."""
    text = browser().get("/sign-in", headers={"Accept": "text/html", "Origin": ORIGIN}).text

    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
