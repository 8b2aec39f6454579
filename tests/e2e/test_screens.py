"""Pages held over the websocket alone, as the fault tests and the load client hold them."""

import pytest

from db.auth_sessions import revoke_all, start_session
from db.engine import Database, reading, writing
from db.models import utc_now
from db.reports import find_report
from db.visit_notes import list_visit_notes
from recovery.access import Actor
from recovery.days import today_in
from recovery.reports import ActivityLevel, DailyReport
from tests import factories
from tests.e2e.steps import SAVED, on_one_engine
from tests.screens.driving import drive
from tests.screens.screen import LineBroke, Screen, SignedOut
from tests.servers import Server
from tests.small_clinic import SmallClinic


def _token(database: Database, actor: Actor) -> str:
    with writing(database) as session:
        return start_session(session, actor.account_id, actor.role, utc_now())


async def _log_a_day(server: Server, token: str) -> str:
    async with await Screen.open(server.url, token) as screen:
        await screen.press("way-patient/today.py")
        await screen.set("signs", [])
        await screen.set("worst", 7)
        await screen.set("average", 3)
        await screen.set("brace", 6.5)
        await screen.set("activity", ActivityLevel.OUT_A_LITTLE.value)
        await screen.set("walking", 25)
        await screen.set("note", "Slept well.")
        assert SAVED not in screen.text()
        await screen.press("Save")
        return screen.text()


def test_a_day_is_logged(server: Server, people: SmallClinic, database: Database) -> None:
    """From a session's token over Home and Today to the thanks, and to the row."""
    said = drive(_log_a_day(server, _token(database, people.patient)))

    today = today_in(factories.ZONE, utc_now())
    with reading(database) as session:
        stored = find_report(session, people.own, today)
    assert SAVED in said
    assert stored is not None
    assert stored.version == 1
    assert stored.report == DailyReport(
        day=today,
        worst_pain_nrs=7,
        average_pain_nrs=3,
        brace_hours=6.5,
        activity=ActivityLevel.OUT_A_LITTLE,
        walking_minutes=25,
        warning_signs=frozenset(),
        note="Slept well.",
    )
    assert "Traceback" not in server.printed()


@on_one_engine
def test_what_was_put_in_is_sent_again_after_the_line_broke(
    server: Server, people: SmallClinic, database: Database
) -> None:
    """A page that lost its line without a word finds its session and its answers again."""

    async def acts() -> tuple[str, str, str]:
        async with await Screen.open(server.url, token, "today") as screen:
            await screen.set("worst", 4)
            before = screen.session_id
            screen.cut()
            with pytest.raises(LineBroke):
                await screen.press("Save")
            await screen.reconnect()
            return before, screen.session_id, screen.text()

    token = _token(database, people.patient)
    before, after, said = drive(acts())

    assert after == before
    assert "your answers are not saved yet" in said


@on_one_engine
def test_rows_open_and_fields_in_a_form_wait_for_its_button(
    server: Server, people: SmallClinic, database: Database
) -> None:
    """A clinician opens the patient by the row and adds a note; the field is empty then."""

    async def acts() -> tuple[int, int, Screen]:
        async with await Screen.open(server.url, token, "review") as screen:
            await screen.tell("review-rows", "opened", str(people.treating.patient_id))
            runs = screen.runs
            await screen.set("Note", "Walks well.")
            waited = screen.runs
            await screen.press("Add note")
            assert "The note is added" in screen.text()
            await screen.press("Add note")
            return runs, waited, screen

    token = _token(database, people.clinician)
    before, after, screen = drive(acts())

    with reading(database) as session:
        notes = list_visit_notes(session, people.treating)
    assert after == before
    assert [note.text for note in notes] == ["Walks well."]
    assert "Enter the note." in screen.text()


@on_one_engine
def test_nobody_gets_in_without_a_session_or_stays_after_it(
    server: Server, people: SmallClinic, database: Database
) -> None:
    """A line without a token is refused; one whose session ends is led to sign-in."""

    async def acts() -> str:
        with pytest.raises(Exception, match="403"):
            await Screen.open(server.url, None)
        async with await Screen.open(server.url, token, "today") as screen:
            with writing(database) as session:
                revoke_all(session, people.patient.account_id, utc_now())
            with pytest.raises(SignedOut) as led:
                await screen.set("worst", 4)
            return led.value.url

    token = _token(database, people.patient)
    assert drive(acts()).startswith("/sign-in")
