"""Spanish in a real browser: chosen with one press, read aloud as Spanish, and still there later."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from db.engine import Database, writing
from db.languages import choose_language
from recovery.wording import Language
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e.steps import hold_session, on_one_engine
from tests.e2e.test_everyone import LOW_TARGETS, sideways, violations
from tests.factories import PASSWORD
from tests.servers import Server
from tests.small_clinic import SmallClinic

PHONE: ViewportSize = {"width": 390, "height": 844}
PATHS = ("/", "/today", "/progress", "/questions", "/learn", "/carers", "/my_data", "/account")


def _spoken(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def _sign_in_in_spanish(page: Page, username: str) -> None:
    page.get_by_label("Nombre de usuario").fill(username)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in" not in address, timeout=WAIT_MS)
    settle(page)
    assert _spoken(page) == "es"


def test_a_press_changes_the_language_at_once_and_for_good(
    page: Page, server: Server, people: SmallClinic
) -> None:
    """On the open page, on the next, after signing out, and back again."""
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    assert _spoken(page) == "en"

    page.get_by_role("button", name="Español").click()

    expect(page.get_by_role("button", name="Salir")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_function("() => document.documentElement.lang === 'es'", timeout=WAIT_MS)
    open_page(page, server, "/today")
    assert (_spoken(page), page.title()) == ("es", "Hoy · Mendline")
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_text("Su sesión está cerrada.")).to_be_visible(timeout=WAIT_MS)
    _sign_in_in_spanish(page, f"{people.prefix}patient")
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_text("Su sesión está cerrada.")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert _spoken(page) == "en"


@on_one_engine
@pytest.mark.parametrize("path", PATHS)
def test_a_spanish_page_fits_a_phone_and_passes_the_scan(
    page: Page, server: Server, database: Database, people: SmallClinic, path: str
) -> None:
    """Longer words neither widen the page nor make a button lower."""
    with writing(database) as session:
        choose_language(session, people.patient, Language.SPANISH)
    page.set_viewport_size(PHONE)
    hold_session(page, server, database, people.patient)
    open_page(page, server, path)

    assert sideways(page) == []
    assert page.evaluate(LOW_TARGETS) == []
    assert violations(page) == []
