"""A server without a clinic: set up once with its code, or looked around in a demo on this machine."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

import db.engine
from db.engine import Database, reading, writing
from db.models import ClinicRow, utc_now
from db.set_up_code import set_up_code
from recovery.access import Role
from tests.factories import PASSWORD, ZONE
from tests.small_clinic import SmallClinic, make_small_clinic
from tests.web_client import PAGE, browser, post
from web import demo, set_up

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SETUP_FIELDS = {
    "clinic_name": "Elm <b>Clinic</b>",
    "time_zone": ZONE,
    "display_name": "Ann",
    "username": "ann",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def code(database: Database) -> str:
    """Return the code, as a start of the server makes one."""
    with writing(database) as session:
        return set_up_code(session, utc_now())


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("code", "WRONG", "Copy it from the terminal"),
        ("again", "something else", "differ"),
        ("time_zone", "", "time zone"),
        ("password", "short", "differ"),
        ("display_name", "", "name"),
    ],
)
def test_a_refused_set_up_keeps_what_was_typed(
    database: Database, code: str, field: str, value: str, words: str
) -> None:
    """Nothing is stored, markup is escaped, passwords are not sent back."""
    fields = SETUP_FIELDS | {"code": code} | {field: value}
    status, _, text = post(browser(), "/setup", **fields)

    assert (status, words in text) == (422, True)
    assert "Elm &lt;b&gt;Clinic" in text
    assert PASSWORD not in text
    with reading(database) as session:
        assert session.exec(select(ClinicRow)).all() == []


def test_set_up_signs_the_administrator_in_once(database: Database, code: str) -> None:
    """With the code it works; afterwards the page is gone for good."""
    client = browser()

    assert post(client, "/setup", code=code.lower(), **SETUP_FIELDS)[:2] == (303, "/")

    assert client.get("/", headers=PAGE).headers["location"] == "/account/code"
    assert "Set up your code device" in client.get("/account/code", headers=PAGE).text
    late = browser()
    assert late.get("/setup", headers=PAGE).headers["location"] == "/sign-in"
    assert post(late, "/setup", code=code, **SETUP_FIELDS)[:2] == (303, "/sign-in")
    assert post(late, "/setup/demo")[:2] == (303, "/sign-in")


def test_the_set_up_code_has_few_tries(database: Database, code: str) -> None:
    """The sixth try from one place waits, though it is right, and nothing is made."""
    for _ in range(5):
        status, _, text = post(browser(), "/setup", **SETUP_FIELDS, code="WRONG")
        assert (status, "The code is not right." in text) == (422, True)

    status, _, text = post(browser(), "/setup", **SETUP_FIELDS, code=code)

    assert (status, "Wait half a minute" in text) == (422, True)
    with reading(database) as session:
        assert session.exec(select(ClinicRow)).all() == []


def test_the_demo_is_only_for_this_machine(database: Database, clinic: SmallClinic) -> None:
    """Neither a clinic's own server nor a far browser gets a demo."""
    assert post(browser(), "/demo-sign-in", role="patient")[0] == 403
    db.engine.serve(Database(database.engine, is_demo=True))
    far = browser(client=("10.0.0.5", 50_000))

    assert post(far, "/demo-sign-in", role="patient")[0] == 403
    assert "Look around as" not in far.get("/sign-in", headers=PAGE).text
    assert post(browser(), "/demo-sign-in", role="surgeon")[0] == 422


def test_far_browsers_cannot_open_a_demo(database: Database) -> None:
    """An empty server that others reach offers the set-up alone."""
    far = browser(client=("10.0.0.5", 50_000))

    assert "Look around" not in far.get("/setup", headers=PAGE).text
    assert post(far, "/setup/demo")[0] == 403


def test_a_look_around_opens_one_door_per_role(database: Database) -> None:
    """The demo replaces the empty database until the next start, and leaves no file."""
    client = browser()
    assert post(client, "/setup/demo")[:2] == (303, "/sign-in")
    served = db.engine.current()
    assert served.is_demo
    try:
        text = client.get("/sign-in", headers=PAGE).text
        assert "Demo clinic" in text
        for role in Role:
            assert f'value="{role.value}"' in text
            assert post(client, "/demo-sign-in", role=role.value)[:2] == (303, "/")
            assert client.get("/").text == f"<p>{role.value}</p>"
    finally:
        demo.remove_demos()


def test_a_clinic_set_up_meanwhile_is_not_hidden_by_a_demo(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was faster while the demo was made keeps the clinic; the demo is deleted."""
    folders: list[Path] = []

    def overtaken() -> Database:
        made = demo.open_demo()
        folders.append(Path(made.engine.url.database or "").parent)
        make_small_clinic(database)
        return made

    monkeypatch.setattr(set_up, "open_demo", overtaken)

    assert post(browser(), "/setup/demo")[:2] == (303, "/sign-in")

    assert db.engine.current() is database
    assert not folders[0].exists()


def test_set_up_waits_for_a_demo_that_is_being_made(
    database: Database, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the two wins whole: a clinic sent meanwhile is refused, not made and hidden."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Database:
        begun.set()
        assert go_on.wait(30)
        return demo.open_demo()

    monkeypatch.setattr(set_up, "open_demo", slow)
    try:
        with ThreadPoolExecutor() as pool:
            look = pool.submit(post, browser(), "/setup/demo")
            assert begun.wait(30)
            made = pool.submit(post, browser(), "/setup", **SETUP_FIELDS, code=code)
            go_on.set()
            assert look.result()[:2] == (303, "/sign-in")
            assert made.result()[:2] in {(303, "/sign-in"), (422, "")}
        assert db.engine.current().is_demo
    finally:
        demo.remove_demos()
    with reading(database) as session:
        assert session.exec(select(ClinicRow)).all() == []
