"""The first start: an empty database, one code, one administrator, one clinician."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import WAIT_MS, set_up_codes, settle
from tests.e2e.watching import Watch
from tests.factories import PASSWORD
from tests.servers import Server, Way, started


def test_only_the_printed_code_makes_the_first_clinic(
    page: Page, fresh_server: Server, watch: Watch
) -> None:
    """A wrong code is refused and loses nothing typed; the right one signs in."""
    watch.expect("answered 422")
    page.goto(fresh_server.url)
    expect(page).to_have_url(f"{fresh_server.url}/setup")
    page.get_by_label("Code from the terminal").fill("AAAAA-AAAAA")
    page.get_by_label("Name of the clinic").fill("Oak Clinic")
    page.get_by_label("Time zone of the clinic").select_option("America/New_York")
    page.get_by_label("Your name").fill("Ada Administrator")
    page.get_by_label("User name").fill("ada")
    _fill_passwords(page)
    page.get_by_role("button", name="Set up the clinic").click()
    expect(page.get_by_text("The code is not right. Copy it from the terminal.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ada Administrator")

    page.get_by_label("Code from the terminal").fill(fresh_server.setup_code())
    _fill_passwords(page)
    page.get_by_role("button", name="Set up the clinic").click()
    set_up_codes(page)
    settle(page)

    expect(page.get_by_role("heading", name="Oak Clinic")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("way", list(Way))
def test_every_way_of_starting_offers_the_demo(page: Page, tmp_path: Path, way: Way) -> None:
    """However it is started, an empty database offers a look around as each role."""
    settings = {"MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    with started(tmp_path, way=way, settings=settings) as server:
        page.goto(server.url)
        page.get_by_role("button", name="Look around").click()
        page.get_by_role("button", name="Patient", exact=True).click()
        settle(page)

        expect(page.get_by_text("Demo clinic").first).to_be_visible()
        expect(page.get_by_role("button", name="Log today")).to_be_visible()


@pytest.mark.parametrize("way", [Way.PYTHON, Way.STREAMLIT])
def test_the_demo_can_be_asked_for_at_the_start(page: Page, tmp_path: Path, way: Way) -> None:
    """``--demo`` goes straight to the buttons, and leaves the clinic's database alone."""
    file = tmp_path / "clinic.db"
    settings = {"MENDLINE_DATABASE_URL": f"sqlite:///{file}"}
    with started(tmp_path, way=way, arguments=("--demo",), settings=settings) as server:
        page.goto(server.url)
        page.get_by_role("button", name="Clinician", exact=True).click()
        settle(page)

        expect(page.get_by_role("link", name="Review")).to_be_visible()
    assert not file.exists()


def _fill_passwords(page: Page) -> None:
    # A refused form comes back without its passwords.
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
