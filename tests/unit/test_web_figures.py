"""The figures of the running server: what is counted, and who may fetch it."""

import gc
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import db.engine
from db.audit import note_act
from db.backup_plan import set_plan
from db.engine import Database, open_engine, reading, serve, writing
from db.jobs import BACKUP
from db.models import ONLY_PLAN, BackupPlanRow, JobRow
from db.watching import NO_CONNECTION, WatchedPool, reasons, watch
from recovery.backups import BackupPlan
from recovery.errors import DatabaseUnavailable
from tests.servers import free_port
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, ORIGIN, PAGE, STREAM, rerun, signed_in
from web.apology import apologize
from web.gate import Gate
from web.observing import door, figures, lifetime, queues
from web.observing.door import (
    InvalidMetricsDoor,
    MetricsDoor,
    OpenPort,
    read_door,
    set_door,
)
from web.observing.figures import REGISTRY, Counting
from web.observing.pulse import Pauses
from web.observing.queues import DatabaseFigures
from web.observing.requests import Observed
from web.observing.reruns import LONGEST_END, Stopwatch
from web.observing.screens import OTHER, START
from web.routes import MIDDLEWARE

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOKEN = "t" * 32


def _value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def _asked() -> dict[tuple[str, ...], float]:
    """Return what a fresh look at the database says, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in DatabaseFigures().collect()
        for sample in family.samples
    }


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
    before = _value("mendline_requests_total", route=route, status=status)
    timed = _value("mendline_request_seconds_count", route=route)

    answer = client.request(method, path, headers=PAGE)

    assert _value("mendline_requests_total", route=route, status=status) == before + 1
    assert _value("mendline_request_seconds_count", route=route) == timed + 1
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
    before = _value("mendline_requests_total", route="screen", status="500")
    errors = _value("mendline_errors_total", where="request")

    TestClient(app, raise_server_exceptions=False).get("/broken", headers=PAGE)

    assert _value("mendline_requests_total", route="screen", status="500") == before + 1
    assert _value("mendline_errors_total", where="request") == errors + 1


@on_sqlite
def test_what_is_turned_away_is_counted_by_why(database: Database, clinic: SmallClinic) -> None:
    """Beside its line in the log."""
    before = _value("mendline_refused_total", what="foreign form")

    signed_in(database, clinic.patient).post("/sign-out", headers=FORM | {"Origin": "http://x"})

    assert _value("mendline_refused_total", what="foreign form") == before + 1


@on_sqlite
def test_open_pages_and_their_runs_are_counted(database: Database, clinic: SmallClinic) -> None:
    """A page counts while it is connected; what it is asked and answers is timed."""
    client = signed_in(database, clinic.clinician)
    opened = _value("mendline_requests_total", route="websocket", status="101")
    end = ForwardMsg()
    end.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    timed = _value("mendline_rerun_seconds_count", page=START)

    with client.websocket_connect(STREAM, headers={"Origin": ORIGIN}) as websocket:
        websocket.receive_json()
        assert _value("mendline_sessions_open", role="clinician") == 1
        websocket.send_bytes(rerun())
        # The stand-in for Streamlit sends back what it gets, so this is no end of a run.
        websocket.receive_bytes()
        assert _value("mendline_rerun_seconds_count", page=START) == timed
    assert _value("mendline_sessions_open", role="clinician") == 0
    assert _value("mendline_requests_total", route="websocket", status="101") == opened + 1


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
    before = {page: _value("mendline_rerun_seconds_count", page=page) for page in ("today", OTHER)}
    watch_of_socket = Stopwatch()
    for page in ("today", "rowan-elm", "today"):
        watch_of_socket.start(_press(page))
        watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))

    assert _value("mendline_rerun_seconds_count", page="today") == before["today"] + 2
    assert _value("mendline_rerun_seconds_count", page=OTHER) == before[OTHER] + 1


def test_a_run_that_was_broken_off_is_timed_to_the_end_of_the_next() -> None:
    """The person waits from the first press on, and once."""
    before = _value("mendline_rerun_seconds_count", page="review")
    watch_of_socket = Stopwatch()
    watch_of_socket.start(_press("review"))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert _value("mendline_rerun_seconds_count", page="review") == before

    watch_of_socket.start(_press("review"))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY))
    watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))

    assert _value("mendline_rerun_seconds_count", page="review") == before + 1


def test_what_is_no_end_of_a_run_is_passed_by() -> None:
    """Long messages are not looked into, and broken ones do no harm."""
    before = _value("mendline_rerun_seconds_count", page="patient")
    watch_of_socket = Stopwatch()
    watch_of_socket.see(_end(ForwardMsg.FINISHED_SUCCESSFULLY))
    watch_of_socket.start(_press("patient"))
    long = ForwardMsg()
    long.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    long.hash = "x" * LONGEST_END
    for payload in (None, b"", b"\xff\xff", long.SerializeToString()):
        watch_of_socket.see(payload)

    assert _value("mendline_rerun_seconds_count", page="patient") == before


@on_sqlite
def test_acts_are_counted_when_they_are_stored(
    database: Database, clinic: SmallClinic, counting: None
) -> None:
    """By their name in the audit; one that was taken back with its transaction is none."""
    before = _value("mendline_acts_total", action="view.saved")

    with writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
        note_act(session, clinic.clinician, "view.saved")
    with suppress(KeyError), writing(database) as session:
        note_act(session, clinic.clinician, "view.saved")
        raise KeyError

    assert _value("mendline_acts_total", action="view.saved") == before + 2


@on_sqlite
def test_connections_are_counted_and_timed(database: Database, counting: None) -> None:
    """In use while a transaction lasts."""
    waited = _value("mendline_database_connection_wait_seconds_count")

    with writing(database) as session:
        session.connection()
        held = _asked()
    free = _asked()

    # Looking at the database takes one of its own, given back before it is told.
    assert held["mendline_database_connections", "in use"] == 1
    assert free["mendline_database_connections", "in use"] == 0
    assert held[("mendline_database_connections_most",)] >= 5
    assert _value("mendline_database_connection_wait_seconds_count") >= waited + 3


@on_sqlite
def test_a_database_that_cannot_be_used_is_counted_by_why(
    database: Database, counting: None
) -> None:
    """Each time, and by one of a few words; mistakes of ours are none of them."""
    before = _value("mendline_database_refused_total", reason="unreachable")
    away = Database(open_engine("sqlite:////proc/none.db"))

    with pytest.raises(DatabaseUnavailable), writing(away) as session:
        session.connection()

    assert _value("mendline_database_refused_total", reason="unreachable") == before + 1
    assert set(reasons()) == {
        "busy", "read only", "disk full", "damaged", "unreachable", NO_CONNECTION,
    }  # fmt: skip
    away.engine.dispose()


@on_sqlite
def test_a_pool_that_is_used_up_is_counted(database_url: str, counting: None) -> None:
    """Whoever waits in vain is told that the database is busy."""
    before = _value("mendline_database_refused_total", reason=NO_CONNECTION)
    engine = sa.create_engine(
        database_url, poolclass=WatchedPool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )

    with engine.connect(), pytest.raises(DatabaseUnavailable), reading(Database(engine)) as session:
        session.connection()

    assert _value("mendline_database_refused_total", reason=NO_CONNECTION) == before + 1
    engine.dispose()


@on_sqlite
def test_an_empty_installation_has_empty_queues(database: Database) -> None:
    """Every kind of reason is told from the start, so that a rule sees it rise from nothing."""
    told = _asked()

    assert {key[1]: value for key, value in told.items() if key[0] == "mendline_ready"} == {
        "schema": 1,
        "database": 1,
        "secret key": 1,
        "disk": 1,
        "content": 1,
    }
    assert told[("mendline_alerts_untouched",)] == 0
    assert told[("mendline_alerts_oldest_untouched_seconds",)] == 0
    kinds = {key[1]: value for key, value in told.items() if key[0] == "mendline_alerts_open"}
    assert len(kinds) > 5
    assert set(kinds.values()) == {0}
    assert ("mendline_backup_age_seconds",) not in told


@on_sqlite
def test_jobs_and_the_last_backup_are_told(database: Database) -> None:
    """Before the first backup the plan's own age counts, so that none is missed for ever."""
    now = datetime.now(UTC)
    hours = timedelta(hours=1)
    with writing(database) as session:
        session.add(
            BackupPlanRow(
                id=ONLY_PLAN,
                hour=3,
                time_zone="UTC",
                folder="x",
                keep=7,
                changed_at=now - 30 * hours,
            )
        )
        session.add(JobRow(name="look", started_at=now, finished_at=now - hours, failed_at=now))
    before = _asked()
    with writing(database) as session:
        session.add(JobRow(name=BACKUP, started_at=now - 2 * hours, finished_at=now - 2 * hours))
    after = _asked()
    with writing(database) as session:
        session.get_one(JobRow, BACKUP).finished_at = now + 30 * hours
    wrong = _asked()

    # Noted by a clock that was ahead: as little worth as one long past.
    assert wrong[("mendline_backup_age_seconds",)] == pytest.approx(30 * 3600, abs=60)
    assert before[("mendline_backup_age_seconds",)] == pytest.approx(30 * 3600, abs=60)
    assert after[("mendline_backup_age_seconds",)] == pytest.approx(2 * 3600, abs=60)
    succeeded = before["mendline_job_last_success_timestamp_seconds", "look"]
    assert succeeded == pytest.approx((now - hours).timestamp())
    assert before["mendline_job_failing", "look"] == 1
    assert after["mendline_job_failing", BACKUP] == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_plan_that_came_along_to_postgresql_is_never_late(database: Database) -> None:
    """Nobody keeps to it there, so an alarm on its age would never end."""
    with writing(database) as session:
        set_plan(session, BackupPlan(hour=2, time_zone="UTC", folder="/b", keep=3))

    told = _asked()

    assert ("mendline_backup_age_seconds",) not in told
    assert told["mendline_ready", "database"] == 1


@on_sqlite
def test_a_database_that_is_away_is_told_as_that_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is opened, and when it went: fetching the figures still works."""
    monkeypatch.setattr(db.engine, "_current", None)
    assert _asked()["mendline_ready", "database"] == 0
    away = serve(Database(open_engine("sqlite:////proc/none.db")))

    told = _asked()

    assert told["mendline_ready", "database"] == 0
    assert told["mendline_ready", "content"] == 1
    assert not [key for key in told if key[0].startswith("mendline_alerts")]
    away.engine.dispose()


@on_sqlite
def test_the_database_is_asked_once_for_many_who_fetch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several who fetch, or one who fetches each second, cost it nothing more."""
    looks: list[Database] = []

    def look(each: Database) -> list[Metric]:
        looks.append(each)
        return []

    monkeypatch.setattr(queues, "_look", look)
    told = DatabaseFigures()
    for _ in range(5):
        list(told.collect())

    assert looks == [database]


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


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, MetricsDoor()),
        ({"MENDLINE_METRICS_PORT": "", "MENDLINE_METRICS_TOKEN": ""}, MetricsDoor()),
        ({"MENDLINE_METRICS_PORT": "1"}, MetricsDoor(port=1)),
        ({"MENDLINE_METRICS_PORT": "65535"}, MetricsDoor(port=65535)),
        ({"MENDLINE_METRICS_TOKEN": TOKEN}, MetricsDoor(token=TOKEN)),
    ],
)
def test_figures_are_closed_unless_asked_for(
    settings: dict[str, str], expected: MetricsDoor
) -> None:
    """Each of the two ways by a setting of its own."""
    assert read_door(settings) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MENDLINE_METRICS_PORT", "0"),
        ("MENDLINE_METRICS_PORT", "65536"),
        ("MENDLINE_METRICS_PORT", "-1"),
        ("MENDLINE_METRICS_PORT", "0.0.0.0:9101"),
        ("MENDLINE_METRICS_PORT", "\u0663"),
        ("MENDLINE_METRICS_TOKEN", "t" * 31),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    """With what to write instead, and without what was written."""
    with pytest.raises(InvalidMetricsDoor, match=name) as refused:
        lifetime.read_settings({name: value})
    assert value not in str(refused.value) or value in {"0", "-1"}


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer té", 401),
        (None, 401),
    ],
)
@on_sqlite
def test_the_path_wants_its_token(
    database: Database, clinic: SmallClinic, header: str | None, status: int
) -> None:
    """A session opens nothing here, the token alone does."""
    client = signed_in(database, clinic.administrator)
    set_door(MetricsDoor(token=TOKEN))
    sent = {} if header is None else {b"Authorization": header.encode()}
    answer = client.get("/metrics", headers=sent)
    set_door(MetricsDoor())

    assert answer.status_code == status
    assert ("mendline_requests_total" in answer.text) is (status == 200)
    assert client.get("/metrics", headers=sent).status_code == 404


def test_the_port_is_open_to_this_machine_alone() -> None:
    """It answers there until it is closed; a second process has to take another."""
    port = free_port()
    opened = OpenPort(port)
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            families = {
                each.name for each in text_string_to_metric_families(answer.read().decode())
            }
        with pytest.raises(InvalidMetricsDoor, match="choose one for each process"):
            OpenPort(port)
    finally:
        opened.close()

    assert "mendline_requests" in families
    assert "process_resident_memory_bytes" in families
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


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
