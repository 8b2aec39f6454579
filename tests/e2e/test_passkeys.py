"""Passkeys in a real browser with virtual devices: join, sign in, add and remove."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from db.engine import writing
from db.invitations import invite
from db.models import utc_now
from recovery.access import Role
from tests.browser import settle, sign_in
from tests.e2e import steps
from tests.e2e.conftest import Served
from tests.e2e.test_everyone import THEMES, Theme, sideways, violations
from tests.e2e.watching import Watch
from tests.factories import PASSWORD, days_ago, make_patient
from tests.passkey_client import REFUSED
from tests.servers import Server
from tests.small_clinic import SmallClinic

PHONE: ViewportSize = {"width": 390, "height": 844}
HOME = "Day 3 after your kyphoplasty"
CANCELLED = "No passkey was used."
LOW_TARGETS = """() => [...document.querySelectorAll('button, input')]
    .map(each => [each.innerText || each.name, each.getBoundingClientRect().height])
    .filter(([, height]) => height > 0 && height < 44)"""
# Stands between a proof and a new passkey, where a person takes another device.
HOLD_BEFORE_MAKING = """() => {
    const make = navigator.credentials.create.bind(navigator.credentials)
    navigator.credentials.create = async (asked) => {
        await new Promise(goOn => { window.goOn = goOn })
        return make(asked)
    }
}"""


class Devices:
    """The browser's own pretence of devices that hold passkeys; one of them is in the hand."""

    def __init__(self, page: Page) -> None:
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        self._ids = [self._added(transport) for transport in ("internal", "usb")]
        self.take(0)

    def take(self, which: int) -> None:
        """Put the others away, and take this one in the hand."""
        for number, name in enumerate(self._ids):
            self._tell(name, "setAutomaticPresenceSimulation", enabled=number == which)

    def know_owner(self, *, succeeds: bool) -> None:
        """Let finger, face or PIN be right or wrong from now on."""
        for name in self._ids:
            self._tell(name, "setUserVerified", isUserVerified=succeeds)

    def _tell(self, name: str, order: str, **settings: bool) -> None:
        self._tools.send(f"WebAuthn.{order}", {"authenticatorId": name, **settings})

    def _added(self, transport: str) -> str:
        options: dict[str, Any] = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        added = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(added["authenticatorId"])


def _by_name(server: Server) -> Server:
    """Return the server by a name, which passkeys need, in the place of its number."""
    return Server(server.url.replace("127.0.0.1", "localhost"), server.pid, server.log)


@contextmanager
def _window(browser: Browser, watch: Watch, **settings: Any) -> Iterator[Page]:
    context = watch.over(browser.new_context(**settings))
    yield context.new_page()
    context.close()


def _read(page: Page) -> None:
    """Check what every page has to be, as it is and with its text doubled."""
    assert violations(page) == []
    assert sideways(page) == []
    assert page.evaluate(LOW_TARGETS) == []
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert sideways(page) == []
    page.evaluate("document.documentElement.style.fontSize = ''")


def _sign_out(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/auth/logout")
    expect(page.get_by_text("You are signed out.")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_a_patient_needs_no_password_at_all(
    browser: Browser, watch: Watch, served: Served, people: SmallClinic, theme: Theme
) -> None:
    """From the letter's code over two devices to one; each page passes the scan and fits."""
    server = _by_name(served.server)
    with writing(served.database) as session:
        access = make_patient(session, people.clinician, procedure_date=days_ago(3))
        code = invite(session, access, Role.PATIENT, utc_now()).code
    with _window(browser, watch, color_scheme=theme, viewport=PHONE) as page:
        devices = Devices(page)
        page.goto(f"{server.url}/join?code={code}")
        page.get_by_role("button", name="Go on").click()
        button = page.get_by_role("button", name="Make my account with a passkey")
        expect(button).to_be_visible()
        _read(page)
        page.get_by_label("User name").fill(f"{people.prefix}{theme}")
        button.click()
        settle(page)
        expect(page.get_by_role("heading", name=HOME)).to_be_visible()

        _sign_out(page, server)
        _read(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        settle(page)
        expect(page.get_by_role("heading", name=HOME)).to_be_visible()

        page.goto(f"{server.url}/account/passkeys")
        expect(page.get_by_text("It is your only way in.")).to_be_visible()
        _read(page)
        page.evaluate(HOLD_BEFORE_MAKING)
        page.get_by_label("What you call it").fill("My key")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("First use a passkey that you have.")).to_be_visible()
        page.wait_for_function("() => window.goOn !== undefined")
        devices.take(1)
        page.evaluate("window.goOn()")
        expect(page.get_by_text("The passkey is added.")).to_be_visible()
        _read(page)

        first = page.get_by_role("button", name="Remove").first
        first.click()
        expect(page.get_by_text("The passkey is removed.")).to_be_visible()
        expect(page.get_by_text("My key")).to_be_visible()
        expect(page.get_by_role("button", name="Remove")).to_have_count(0)

        _sign_out(page, server)
        watch.expect("answered 401")
        devices.take(0)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text(REFUSED)).to_be_visible()
        _read(page)
        devices.take(1)
        page.get_by_role("button", name="Sign in with a passkey").click()
        settle(page)
        expect(page.get_by_role("heading", name=HOME)).to_be_visible()


def test_a_clinician_adds_a_passkey_with_the_keyboard(
    browser: Browser, watch: Watch, served: Served, people: SmallClinic
) -> None:
    """By password, refused in plain words until it is right; signing in then asks for no code."""
    server = _by_name(served.server)
    with _window(browser, watch) as page:
        devices = Devices(page)
        sign_in(page, server, f"{people.prefix}clinician", PASSWORD)
        page.goto(f"{server.url}/account/passkeys")
        page.get_by_label("Your password").fill("wrong words here")
        page.get_by_label("What you call it").fill("My phone")
        watch.expect("answered 422")
        steps.tab_to(page, page.get_by_role("button", name="Add a passkey"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("The password is not right. Type it again.")).to_be_visible()
        expect(page.get_by_label("What you call it")).to_have_value("My phone")
        expect(page.get_by_role("button", name="Add a passkey")).to_be_focused()

        page.get_by_label("Your password").fill(PASSWORD)
        devices.know_owner(succeeds=False)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text(CANCELLED)).to_be_visible()
        _read(page)
        devices.know_owner(succeeds=True)
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey is added.")).to_be_visible()

        _sign_out(page, server)
        page.goto(f"{server.url}/sign-in?next=/review")
        steps.tab_to(page, page.get_by_role("button", name="Sign in with a passkey"))
        page.keyboard.press("Space")
        settle(page)
        expect(page).to_have_url(f"{server.url}/review")

        page.goto(f"{server.url}/account/passkeys")
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_label("Your password")).to_be_focused()
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


@pytest.mark.parametrize("way", ["a number", "no script", "no passkeys"])
def test_where_there_are_no_passkeys_the_password_is_enough(
    browser: Browser, watch: Watch, served: Served, people: SmallClinic, way: str
) -> None:
    """At a number, without scripts, and in an old browser: no button that does nothing."""
    server = served.server if way == "a number" else _by_name(served.server)
    with _window(browser, watch, java_script_enabled=way != "no script") as page:
        if way == "no passkeys":
            page.add_init_script("delete window.PublicKeyCredential")
        page.goto(f"{server.url}/sign-in?next=/account/passkeys")
        expect(page.get_by_label("User name")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        page.get_by_label("User name").fill(f"{people.prefix}patient")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

        expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
        expect(page.get_by_text("To add a passkey, open Mendline by its name")).to_be_visible()
        expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
        page.get_by_label("Your password").press("Enter")
        expect(page).to_have_url(f"{server.url}/account/passkeys")
