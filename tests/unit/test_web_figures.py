"""The figures of the running server: what is counted, and when."""

import gc
from collections.abc import Iterator
from contextlib import suppress

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from db.audit import note_act
from db.engine import Database, open_engine, reading, writing
from db.watching import NO_CONNECTION, WatchedPool, reasons, watch
from recovery.errors import DatabaseUnavailable
from tests.small_clinic import SmallClinic
from tests.told_figures import asked, counted
from tests.web_client import FORM, ORIGIN, PAGE, STREAM, rerun, signed_in
from web.apology import apologize
from web.gate import Gate
from web.observing import door, figures
from web.observing.figures import REGISTRY, Counting
from web.observing.pulse import Pauses
from web.observing.queues import DatabaseFigures
from web.observing.requests import Observed
from web.observing.reruns import LONGEST_END, Stopwatch
from web.observing.screens import OTHER, START
from web.routes import MIDDLEWARE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def counting() -> Iterator[None]:
    """Count the database's work, as the running server does."""
    watch(Counting())
    yield
    watch(None)


@on_sqlite
@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/healthz", "probe", "200"),
        ("GET", "/sign-in", "sign-in", "303"),
        ("GET", "/today", "screen", "200"),
        ("GET", "/today/rowan-elm", "screen", "200"),
        ("GET", "/my-data/record.json", "own page", "200"),
        ("GET", "/_stcore/host-config", "streamlit", "200"),
        ("GET", "/assets/web.css", "file", "200"),
        ("GET", "/_stcore/metrics", "closed", "404"),
        ("POST", "/sign-out", "own page", "403"),
    ],
)
def test_requests_are_counted_by_their_kind(  # noqa: PLR0913, PLR0917 - one row of the table
    database: Database, clinic: SmallClinic, method: str, path: str, route: str, status: str
) -> None:
    """No address and no name becomes a label, and each request is counted once."""
    client = signed_in(database, clinic.patient)
    before = counted("mendline_requests_total", route=route, status=status)
    timed = counted("mendline_request_seconds_count", route=route)

    answer = client.request(method, path, headers=PAGE)

    assert counted("mendline_requests_total", route=route, status=status) == before + 1
    assert counted("mendline_request_seconds_count", route=route) == timed + 1
    assert len(answer.headers["x-request-id"]) == 32
    assert "rowan" not in generate_latest(REGISTRY).decode()


def _broken(_request: Request) -> Response:
    raise RuntimeError


def test_an_error_nobody_foresaw_is_counted() -> None:
    """As a request that failed, and as an error."""
    app = Starlette(
        routes=[Route("/broken", _broken)],
        middleware=[Middleware(Observed)],
        exception_handlers={Exception: apologize},
    )
    before = counted("mendline_requests_total", route="screen", status="500")
    errors = counted("mendline_errors_total", where="request")

    TestClient(app, raise_server_exceptions=False).get("/broken", headers=PAGE)

    assert counted("mendline_requests_total", route="screen", status="500") == before + 1
    assert counted("mendline_errors_total", where="request") == errors + 1


@on_sqlite
def test_what_is_turned_away_is_counted_by_why(database: Database, clinic: SmallClinic) -> None:
    """Beside its line in the log."""
    before = counted("mendline_refused_total", what="foreign form")

    signed_in(database, clinic.patient).post("/sign-out", headers=FORM | {"Origin": "http://x"})

    assert counted("mendline_refused_total", what="foreign form") == before + 1


@on_sqlite
def test_open_pages_and_their_runs_are_counted(database: Database, clinic: SmallClinic) -> None:
    """A page counts while it is connected; what it is asked and answers is timed."""
    client = signed_in(database, clinic.clinician)
    opened = counted("mendline_requests_total", route="websocket", status="101")
    end = ForwardMsg()
    end.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    timed = counted("mendline_rerun_seconds_count", page=START)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as websocket:
        websocket.receive_json()
        assert counted("mendline_sessions_open", role="clinician") == 1
        websocket.send_bytes(rerun())
        # The stand-in for Streamlit sends back what it gets, so this is no end of a run.
        websocket.receive_bytes()
        assert counted("mendline_rerun_seconds_count", page=START) == timed
    assert counted("mendline_sessions_open", role="clinician") == 0
    assert counted("mendline_requests_total", route="websocket", status="101") == opened + 1


def _press(page: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_name = page
    return message


def _end(status: "ForwardMsg.ScriptFinishedStatus.ValueType") -> bytes:
    message = ForwardMsg()
    message.script_finished = status
    return bytes(message.SerializeToString())


def test_a_run_is_timed_from_the_press_to_its_end() -> None:
    """By its page; a name that a browser made up is called other."""
    before = {page: counted("mendline_rerun_seconds_count", page=page) for page in ("today", OTHER)}
    watch_of_socket = Stopwatch()
    for page in ("today", "rowan-elm", "today"):
        watch_of_socket.start(_press(page))
        watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))

    assert counted("mendline_rerun_seconds_count", page="today") == before["today"] + 2
    assert counted("mendline_rerun_seconds_count", page=OTHER) == before[OTHER] + 1


def test_a_run_that_was_broken_off_is_timed_to_the_end_of_the_next() -> None:
    """The person waits from the first press on, and once."""
    before = counted("mendline_rerun_seconds_count", page="review")
    watch_of_socket = Stopwatch()
    watch_of_socket.start(_press("review"))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert counted("mendline_rerun_seconds_count", page="review") == before

    watch_of_socket.start(_press("review"))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))

    assert counted("mendline_rerun_seconds_count", page="review") == before + 1


def test_what_is_no_end_of_a_run_is_passed_by() -> None:
    """Long messages are not looked into, and broken ones do no harm."""
    before = counted("mendline_rerun_seconds_count", page="patient")
    watch_of_socket = Stopwatch()
    watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))
    watch_of_socket.start(_press("patient"))
    long = ForwardMsg()
    long.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    long.hash = "x" * LONGEST_END
    for payload in (None, b"", b"\xff\xff", long.SerializeToString()):
        watch_of_socket.see(payload)

    assert counted("mendline_rerun_seconds_count", page="patient") == before


@on_sqlite
def test_acts_are_counted_when_they_are_stored(
    database: Database, clinic: SmallClinic, counting: None
) -> None:
    """By their name in the audit; one that was taken back with its transaction is none."""
    before = counted("mendline_acts_total", action="view.saved")

    with writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
        note_act(session, clinic.clinician, "view.saved")
    with suppress(KeyError), writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
        raise KeyError

    assert counted("mendline_acts_total", action="view.saved") == before + 2


@on_sqlite
def test_connections_are_counted_and_timed(database: Database, counting: None) -> None:
    """In use while a transaction lasts."""
    waited = counted("mendline_database_connection_wait_seconds_count")

    with writing(database) as session:
        session.connection()
        held = asked()
    free = asked()

    # Looking at the database takes one of its own, given back before it is told.
    assert held["mendline_database_connections", "in use"] == 1
    assert free["mendline_database_connections", "in use"] == 0
    assert held[("mendline_database_connections_most",)] >= 5
    assert counted("mendline_database_connection_wait_seconds_count") >= waited + 3


@on_sqlite
def test_a_database_that_cannot_be_used_is_counted_by_why(
    database: Database, counting: None
) -> None:
    """Each time, and by one of a few words; mistakes of ours are none of them."""
    before = counted("mendline_database_refused_total", reason="unreachable")
    away = Database(open_engine("sqlite:////proc/none.db"))

    with pytest.raises(DatabaseUnavailable), writing(away) as session:
        session.connection()

    assert counted("mendline_database_refused_total", reason="unreachable") == before + 1
    assert set(reasons()) == {
        "busy", "read only", "disk full", "damaged", "unreachable", NO_CONNECTION,
    }  # fmt: skip
    away.engine.dispose()


@on_sqlite
def test_a_pool_that_is_used_up_is_counted(database_url: str, counting: None) -> None:
    """Whoever waits in vain is told that the database is busy."""
    before = counted("mendline_database_refused_total", reason=NO_CONNECTION)
    engine = sa.create_engine(
        database_url, poolclass=WatchedPool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )

    with engine.connect(), pytest.raises(DatabaseUnavailable), reading(Database(engine)) as session:
        session.connection()

    assert counted("mendline_database_refused_total", reason=NO_CONNECTION) == before + 1
    engine.dispose()


def test_pauses_to_collect_garbage_are_measured() -> None:
    """Each once, by how long it took; without a lock that a collection could find held."""
    pauses = Pauses()
    gc.callbacks.append(pauses.note)
    try:
        gc.collect()
        gc.collect(0)
    finally:
        gc.callbacks.remove(pauses.note)

    [family] = pauses.collect()
    samples = {
        (sample.name.rpartition("_")[2], sample.labels.get("le")): sample.value
        for sample in family.samples
    }
    assert samples["count", None] == 2
    assert samples["bucket", "+Inf"] == 2
    assert samples["sum", None] > 0


def test_every_request_is_counted_before_it_is_let_in() -> None:
    """Else a flood at the gate would be seen by nobody."""
    passed: list[object] = [each.cls for each in MIDDLEWARE]

    assert passed == [Observed, Gate]


def test_every_figure_is_ours_or_the_processs() -> None:
    """And what each means is said beside it."""
    for family in [*REGISTRY.collect(), *DatabaseFigures().collect()]:
        assert family.name.startswith(("mendline_", "process_", "python_"))
        assert family.documentation
    assert door.PORT_VARIABLE.startswith("MENDLINE_")
    assert figures.REGISTRY is REGISTRY
