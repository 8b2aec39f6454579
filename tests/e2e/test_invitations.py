"""A way in: from the clinician's button over the printed letter to the patient's first page."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from db.engine import writing
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e.conftest import Served
from tests.e2e.test_everyone import SIDEWAYS, THEMES, Theme, violations
from tests.e2e.watching import Watch
from tests.e2e.windows import Windows
from tests.factories import PASSWORD, days_ago, make_patient
from tests.servers import Server
from tests.small_clinic import SmallClinic

CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")

PHONE: ViewportSize = {"width": 390, "height": 844}


def _read(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_letter_lets_a_patient_in_on_a_phone(
    windows: Windows, watch: Watch, served: Served, people: SmallClinic, theme: Theme
) -> None:
    """Every page on the way passes the accessibility scan and fits, in the theme asked for."""
    server = served.server
    name = f"Ash {people.prefix}{theme}".rstrip("-")
    with writing(served.database) as session:
        make_patient(session, people.clinician, name=name, procedure_date=days_ago(3))
    with windows.open(watch, color_scheme=theme) as staff:
        sign_in(staff, server, f"{people.prefix}clinician", PASSWORD)
        open_page(staff, server, "/review")
        staff.get_by_role("button", name=f"Open {name}").click()
        with staff.expect_popup() as opened:
            staff.get_by_role("link", name="Make an invitation letter").click(timeout=WAIT_MS)
        letter = opened.value
        _read(letter)
        letter.get_by_role("button", name="Make the letter").click()
        expect(letter.get_by_role("heading", name="Your recovery log")).to_be_visible()
        _read(letter)
        [code] = set(CODE.findall(letter.inner_text("main")))

    with windows.open(watch, color_scheme=theme, viewport=PHONE) as phone:
        phone.goto(f"{server.url}/sign-in")
        phone.get_by_role("link", name="I have a code from my clinic").click()
        _read(phone)
        phone.get_by_label("Code from the letter").fill(code.replace("-", " ").lower())
        phone.get_by_role("button", name="Go on").click()
        phone.get_by_label("User name").fill(f"{people.prefix}{theme}")
        phone.get_by_label("Password", exact=True).fill(PASSWORD)
        phone.get_by_label("Password again").fill(PASSWORD)
        _read(phone)
        phone.get_by_role("button", name="Make my account").click()
        settle(phone)

        expect(phone.get_by_role("heading", name="Day 3 after your kyphoplasty")).to_be_visible()


def test_a_patient_lets_a_carer_in_and_out(
    two_pages: tuple[Page, Page], server: Server, people: SmallClinic
) -> None:
    """The carer logs under an own name; stopped, the carer's open page goes to sign-in."""
    page, theirs = two_pages
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    page.get_by_role("button", name="People who help you").click()
    page.get_by_role("button", name="Make a code").click()
    shown = page.get_by_test_id("stCode")
    expect(shown).to_be_visible(timeout=WAIT_MS)
    [code] = set(CODE.findall(shown.inner_text()))

    theirs.goto(f"{server.url}/join?code={code}")
    theirs.get_by_role("button", name="Go on").click()
    theirs.get_by_label("Your own name").fill("Fir Grove")
    theirs.get_by_label("User name").fill(f"{people.prefix}fir")
    theirs.get_by_label("Password", exact=True).fill(PASSWORD)
    theirs.get_by_label("Password again").fill(PASSWORD)
    theirs.get_by_role("button", name="Make my account").click()
    settle(theirs)
    expect(theirs.get_by_text("You help Rowan Elm")).to_be_visible()

    open_page(page, server, "/carers")
    page.get_by_role("button", name="Stop access for Fir Grove").click()
    expect(page.get_by_text("Stop access for Fir Grove")).to_have_count(0, timeout=WAIT_MS)
    theirs.get_by_role("button", name="Log today").click()

    expect(theirs).to_have_url(re.compile("/sign-in"), timeout=WAIT_MS)
