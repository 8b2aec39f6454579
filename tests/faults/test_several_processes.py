"""Two processes of the app on one PostgreSQL behind the shipped nginx: what they share, and one killed."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from benchmarks.topology import AppProcess, Site, site
from db.auth_sessions import start_session
from db.engine import Database, open_engine, reading, writing
from db.models import AuditRow, ClinicRow, SignInAddressRow, utc_now
from db.reports import find_report, list_past_answers
from db.sign_in_counters import Counters
from recovery.access import Actor, PatientAccess
from recovery.days import today_in
from tests import nginx, proxied
from tests.availability import refuse
from tests.e2e.steps import SAVED
from tests.factories import PASSWORD, ZONE, days_ago
from tests.faults.figures import note_figures
from tests.postgres import Cluster
from tests.screens.driving import drive
from tests.screens.screen import LineBroke, Screen, SignedOut
from tests.small_clinic import SmallClinic, make_small_clinic

GUESSES = 200
PEOPLE = 8
SAVES_BEFORE = 2
SAVES_AFTER = 2
_SECONDS = 120
_BACK_SECONDS = 20
_TRY_SECONDS = 0.25
_SET_UP = {
    "clinic_name": "Elm Clinic",
    "time_zone": ZONE,
    "display_name": "Ann",
    "username": "ann",
    "password": PASSWORD,
    "again": PASSWORD,
}

pytestmark = pytest.mark.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """
    Two processes that were started at once on an empty database.

    Attributes:
        site: They and nginx.
        database: Theirs.
        codes: The set-up code that each printed.
        refused: What the second said to a wrong code.
        taken: What the second said to the code that the first printed.
    """

    site: Site
    database: Database
    codes: list[str]
    refused: httpx.Response
    taken: httpx.Response

    @property
    def both(self) -> tuple[AppProcess, AppProcess]:
        """The two processes."""
        first, second = self.site.processes
        return first, second


@pytest.fixture(scope="module")
def several(cluster: Cluster) -> Iterator[Several]:
    """Return two processes whose first clinic was made at one with the code of the other."""
    if nginx.find_nginx() is None:
        refuse("nginx is missing.", "Install the system package nginx-light.")
    url = cluster.create(f"several_{uuid4().hex}")
    with site(url, has_tls=True) as opened:
        codes = [each.server.setup_code() for each in opened.processes]
        with proxied.asking(opened.processes[1]) as second:
            refused = second.post("/setup", data=_SET_UP | {"code": "WRONG"})
            taken = second.post("/setup", data=_SET_UP | {"code": codes[0]})
        database = Database(open_engine(url))
        yield Several(site=opened, database=database, codes=codes, refused=refused, taken=taken)
        database.engine.dispose()


@pytest.fixture
def people(several: Several) -> SmallClinic:
    """Return a clinic of the test's own, whose patient had the procedure ten days ago."""
    return make_small_clinic(several.database, f"{uuid4().hex[:8]}-", procedure_date=days_ago(10))


def _token(database: Database, actor: Actor) -> str:
    with writing(database) as session:
        return start_session(session, actor.account_id, actor.role, utc_now())


def test_the_set_up_code_of_one_opens_the_other(several: Several) -> None:
    """Both made the empty database's tables at once, printed one code, and one clinic came of it."""
    assert len(set(several.codes)) == 1
    assert "The code is not right." in several.refused.text
    assert (several.taken.status_code, several.taken.headers["location"]) == (303, "/")
    with reading(several.database) as session:
        assert [each.name for each in session.exec(select(ClinicRow))][:1] == ["Elm Clinic"]
    with proxied.asking(several.both[0]) as first:
        assert first.get("/setup").headers["location"] == "/sign-in"


def test_guesses_at_both_are_counted_together(several: Several, people: SmallClinic) -> None:
    """Of two hundred at once, five are tried; then both are closed, to the right password too."""
    name, sender = f"{people.prefix}patient", "198.51.100.7"

    right = {"username": name, "password": PASSWORD}
    with ExitStack() as stack:
        here = [stack.enter_context(proxied.asking(each, sender)) for each in several.both]
        there = [stack.enter_context(proxied.asking(each, "198.51.100.8")) for each in several.both]

        def guess(number: int) -> str:
            form = right | {"password": f"a wrong guess {number}"}
            return _told(here[number % 2].post("/sign-in", data=form))

        with ThreadPoolExecutor(8) as pool:
            told = Counter(pool.map(guess, range(GUESSES)))
        closed = [_told(client.post("/sign-in", data=right)) for client in here]
        elsewhere = [_told(client.post("/sign-in", data=right)) for client in there]

    assert told == {"wrong": 5, "wait": GUESSES - 5}
    assert closed == ["wait", "wait"]
    # Who guesses elsewhere keeps nobody out.
    assert elsewhere == ["in", "in"]
    with reading(several.database) as session:
        row = session.get(SignInAddressRow, Counters.of(name, sender).address)
    assert row is not None
    assert row.failed_sign_ins == 5


def _told(answer: httpx.Response) -> str:
    if answer.status_code == httpx.codes.SEE_OTHER:
        return "in"
    return "wait" if "too many tries" in answer.text else "wrong"


def test_signed_in_at_one_is_signed_in_at_the_other_until_signed_out(
    several: Several, people: SmallClinic
) -> None:
    """Also what stands open at the other is led to sign-in, at what the person does next."""
    first, second = several.both
    form = {"username": f"{people.prefix}patient", "password": PASSWORD}
    with proxied.asking(first) as client:
        token = proxied.token_in(client.post("/sign-in", data=form))
    with (
        proxied.asking(second, token=token) as there,
        proxied.asking(first, token=token) as here,
        proxied.socket(second, token) as page,
    ):
        before = there.get("/my-data/record.json").status_code
        page.send(_asked_by_a_person())
        _read_until(page, "script_finished")
        ended = here.post("/sign-out")
        after = there.get("/my-data/record.json").status_code
        page.send(_asked_by_a_person())
        led = _read_until(page, "auth_redirect")
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=_SECONDS)

    assert (before, ended.status_code, after) == (200, 303, 303)
    assert led.auth_redirect.url.startswith("/sign-in")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def _asked_by_a_person() -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = ""
    return bytes(message.SerializeToString())


def _read_until(page: ClientConnection, kind: str) -> ForwardMsg:
    while True:
        message: ForwardMsg = ForwardMsg.FromString(page.recv(timeout=_SECONDS, decode=False))
        if message.WhichOneof("type") == kind:
            return message


def test_what_nginx_hands_on_is_what_the_app_wants(several: Several, people: SmallClinic) -> None:
    """Sign-in in one piece through both: what a client forges is not seen, and nothing is doubled."""
    canary = "203.0.113.77"
    forged = {"X-Forwarded-For": canary, "X-Forwarded-Proto": "http", "X-Mendline-Role": "admin"}
    form = {"username": f"{people.prefix}patient", "password": "a wrong guess"}
    origin = several.site.url
    with httpx.Client(
        base_url=origin, verify=proxied.trusted(several.site), headers=forged
    ) as client:
        wrong = client.post("/sign-in", data=form, headers={"Origin": origin})
        foreign = client.post("/sign-in", data=form, headers={"Origin": "https://evil.example"})
        right = client.post(
            "/sign-in", data=form | {"password": PASSWORD}, headers={"Origin": origin}
        )
        page = client.get("/", headers={"Accept": "text/html"})

    assert [wrong.status_code, foreign.status_code, right.status_code] == [401, 403, 303]
    set_cookies = wrong.headers.get_list("set-cookie") + right.headers.get_list("set-cookie")
    kept = {each.partition("=")[0]: each for each in set_cookies}
    assert set(kept) == {proxied.COOKIE, "__Host-mendline_route"}
    assert all("; Secure" in each for each in kept.values())
    assert page.status_code == 200
    names = Counter(name.lower() for name, _ in page.headers.multi_items())
    assert {"strict-transport-security", "content-security-policy"} < set(names)
    assert max(number for name, number in names.items() if name != "set-cookie") == 1
    with reading(several.database) as session:
        counted = {row.address_hash for row in session.exec(select(SignInAddressRow))}
    assert Counters.of(form["username"], canary).address not in counted


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://localhost", "http"])
def test_a_websocket_comes_in_from_its_own_pages_alone(
    several: Several, people: SmallClinic, origin: str
) -> None:
    """Through nginx the app knows which origin is its own: name, port and encryption."""
    url, token = several.site.url, _token(several.database, people.patient)
    foreign = url.replace("https", "http") if origin == "http" else origin

    with proxied.browsing(several.site, token, url) as page:
        page.send(_asked_by_a_person())
        _read_until(page, "script_finished")
    with pytest.raises(InvalidStatus, match="403"), proxied.browsing(several.site, token, foreign):
        pass


@dataclass(slots=True)
class _Person:
    """
    Somebody who saves one day again and again.

    Attributes:
        access: To the own record.
        token: Of the session, the same all the time.
        tried: Notes that Save was pressed for.
        told: Those that the page said are saved.
        cut: How often the line broke.
        last: Saves that were told of since the process was killed.
    """

    access: PatientAccess
    token: str
    tried: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    cut: int = 0
    last: int = 0


@dataclass(slots=True)
class _Day:
    """
    What everybody knows of the test.

    Attributes:
        site: Where they save.
        ready: One for each who has saved some times.
        killed: Whether the process was killed.
    """

    site: Site
    ready: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    killed: bool = False


def test_one_of_two_processes_killed_under_load(several: Several) -> None:
    """Its people come back to the other, still signed in, and nothing they were told of is lost."""
    people = [_newcomer(several.database) for _ in range(PEOPLE)]

    drive(_killed_meanwhile(several.site, people))

    stored = [_stored(several.database, each.access) for each in people]
    lost = sum(
        len(set(each.told) - set(notes)) for each, (notes, _) in zip(people, stored, strict=True)
    )
    half = sum(abs(len(notes) - noted) for notes, noted in stored)
    cut = sum(each.cut for each in people)
    figures = note_figures(
        "one of two processes killed -9 behind nginx, 8 people saving",
        tried=sum(len(each.tried) for each in people),
        acknowledged=sum(len(each.told) for each in people),
        lost=lost,
        half=half,
        remark=f"{cut} lines cut, all back and signed in",
    )
    assert cut > 0
    assert (figures.lost, figures.half) == (0, 0)
    assert all(each.last >= SAVES_AFTER for each in people)


def _newcomer(database: Database) -> _Person:
    clinic = make_small_clinic(database, f"{uuid4().hex[:8]}-", procedure_date=days_ago(10))
    return _Person(clinic.own, _token(database, clinic.patient))


async def _killed_meanwhile(place: Site, people: list[_Person]) -> None:
    day = _Day(place)
    async with asyncio.timeout(_SECONDS), asyncio.TaskGroup() as group:
        for each in people:
            group.create_task(_save_again_and_again(day, each))
        for _ in people:
            await day.ready.acquire()
        victim = max(place.processes, key=AppProcess.open_lines)
        await asyncio.to_thread(victim.kill)
        day.killed = True
    victim.start()
    await asyncio.to_thread(victim.wait)


async def _save_again_and_again(day: _Day, person: _Person) -> None:
    screen = Screen(day.site.url, person.token, proxied.trusted(day.site))
    await _come(screen)
    await screen.go("today")
    for name, value in (("signs", []), ("worst", 7), ("average", 3)):
        await screen.set(name, value)
    while person.last < SAVES_AFTER:
        was_killed = day.killed
        person.tried.append(f"note {len(person.tried)}")
        try:
            await _save(screen, person)
        except SignedOut:
            raise
        except LineBroke:
            person.cut += 1
            await _come(screen)
            continue
        person.last += was_killed
        if len(person.told) == SAVES_BEFORE:
            day.ready.release()
    await screen.close()


async def _save(screen: Screen, person: _Person) -> None:
    note = person.tried[-1]
    await screen.set("note", note)
    assert SAVED not in screen.text()
    await screen.press("Save")
    assert SAVED in screen.text(), screen.text()
    person.told.append(note)


async def _until_cut(screen: Screen) -> None:
    try:
        while True:
            await screen.receive()
    except LineBroke:
        return


async def _find_line_again(screen: Screen) -> None:
    """
    Open the line as a browser that tries until it is let in, and ask for nothing yet.

    The other process may have been killed and come back just before: nginx leaves it alone a while.
    """
    until = monotonic() + _BACK_SECONDS
    while True:
        try:
            await screen.connect()
        except InvalidStatus:
            if monotonic() > until:
                raise
            await asyncio.sleep(_TRY_SECONDS)
        else:
            return


async def _come(screen: Screen) -> None:
    """Open the page or open it again, as a browser that tries until it is let in."""
    while True:
        try:
            await screen.reconnect()
        except SignedOut:
            raise
        except (OSError, LineBroke):
            await asyncio.sleep(0.05)
        else:
            return


def _stored(database: Database, access: PatientAccess) -> tuple[list[str], int]:
    """Return the notes of all stored versions, and how many saves the audit has."""
    today = today_in(ZONE, utc_now())
    with reading(database) as session:
        current = find_report(session, access, today)
        past = list_past_answers(session, access)
        noted = session.exec(
            select(AuditRow.number).where(
                AuditRow.patient_id == access.patient_id,
                col(AuditRow.action).in_(["report.saved", "report.corrected"]),
            )
        ).all()
    notes = [each.report.note for each in past]
    return [*notes, *([current.report.note] if current else [])], len(noted)


def test_the_first_press_at_another_process_saves(several: Several) -> None:
    """A browser that lost its line asks for nothing by itself, and its press may be in a part."""
    person = _newcomer(several.database)

    async def acts() -> str:
        screen = Screen(several.site.url, person.token, proxied.trusted(several.site))
        await _come(screen)
        await screen.go("today")
        for name, value in (("signs", []), ("worst", 7), ("average", 3)):
            await screen.set(name, value)
        victim = max(several.site.processes, key=AppProcess.open_lines)
        await asyncio.to_thread(victim.kill)
        await _until_cut(screen)
        await _find_line_again(screen)
        await screen.press("Save")
        await screen.close()
        victim.start()
        await asyncio.to_thread(victim.wait)
        return screen.text()

    assert SAVED in drive(acts())
