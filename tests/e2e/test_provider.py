"""A clinic's own sign-in, as its staff use it in a browser."""

import re

from playwright.sync_api import Page, expect
from werkzeug.wrappers import Response

from db.engine import Database, writing
from db.identities import Identity, link_identity
from db.models import utc_now
from db.providers import Provider, remove_provider, set_provider
from tests.identity_provider import AUTHORIZE, CLIENT_ID, ITS_OWN_WARNINGS, SECRET, running
from tests.servers import Server
from tests.small_clinic import SmallClinic

pytestmark = ITS_OWN_WARNINGS


def test_staff_sign_in_with_the_account_they_have(
    page: Page, server: Server, database: Database, people: SmallClinic
) -> None:
    """One press here, one there, and the page that was asked for opens without a code."""
    name = f"{people.prefix}staff"
    with running() as provider:
        provider.bends |= {AUTHORIZE: _without_style, "/favicon.ico": _without_icon}
        with writing(database) as session:
            made = Provider(
                clinic_id=people.clinic_id,
                name=name,
                issuer=provider.issuer,
                client_id=CLIENT_ID,
                secret=SECRET,
            )
            set_provider(session, made)
            identity = Identity(issuer=provider.issuer, subject="s-1")
            link_identity(session, people.clinician, identity, utc_now())

        page.goto(f"{server.url}/review")
        page.get_by_role("button", name=f"Sign in with {name}").click()
        page.wait_for_url(re.compile(re.escape(provider.issuer)))
        page.locator("input[name=sub]").fill("s-1")
        page.get_by_role("button", name="Authorize").click()

        page.wait_for_url(f"{server.url}/review")
        expect(page.get_by_role("heading", name="Review")).to_be_visible()
        assert [each["name"] for each in page.context.cookies(server.url)].count(
            "mendline_provider"
        ) == 0
        with writing(database) as session:
            remove_provider(session, people.clinic_id)


def _without_style(response: Response) -> None:
    # It lies on another machine.
    response.set_data(re.sub(rb"<link[^>]*>", b"", response.get_data()))


def _without_icon(response: Response) -> None:
    response.status_code = 204
