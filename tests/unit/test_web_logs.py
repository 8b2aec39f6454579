"""What reaches the server's log and in which form, in a started server and line by line."""

import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import streamlit.logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from structlog.contextvars import clear_contextvars, get_contextvars
from websockets.sync.client import ClientConnection, connect

from recovery.errors import InvalidEntry
from recovery.text import require_text
from tests.servers import Server, free_port, stop, wait_until_ready
from tests.sources import ROOT
from tests.web_client import request_scope
from web.observing import context
from web.observing.context import begin_request, of_this_run, session_mark
from web.observing.logs import (
    JSON,
    LOG_VARIABLE,
    ToStandardError,
    UnknownLogForm,
    check_form,
    form_of_lines,
    kind_and_place,
    line_of,
    set_up_logs,
    watch_stray_errors,
)
from web.observing.screens import OTHER, START, screen_of, screens

_CANARY = "canary of Rowan"
_PAGE = f"""
import logging, threading, warnings

def end():
    raise RuntimeError("{_CANARY}")

thread = threading.Thread(target=end)
thread.start()
thread.join()
warnings.warn("{_CANARY}", UserWarning, stacklevel=1)
logging.getLogger("asyncio").error("It ended\\nfuture: {_CANARY}", exc_info=ValueError("{_CANARY}"))
try:
    raise KeyError("{_CANARY}")
except KeyError as error:
    raise ValueError("{_CANARY}") from error
"""
_APP = """
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from app import show_apology
from web import health
from web.lifespan import lifespan
from web.observing.requests import Observed
from web.paths import READY

app = st.App(
    "{page}",
    routes=[Route(READY, health.show_ready)],
    middleware=[Middleware(Observed)],
    lifespan=lifespan,
    on_script_error=show_apology,
)
"""


def test_the_text_of_an_error_reaches_neither_page_nor_log(tmp_path: Path) -> None:
    """Whoever writes of it, even where rich tracebacks are wanted; and each line is JSON."""
    (tmp_path / "page.py").write_text(_PAGE)
    (tmp_path / "canary_app.py").write_text(_APP.format(page=tmp_path / "page.py"))
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", 0, tmp_path / "log")
    settings = {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'mendline.db'}",
        "STREAMLIT_LOGGER_ENABLE_RICH": "true",
        LOG_VARIABLE: JSON,
    }
    with server.log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "canary_app:app", "--port", str(port)],
            cwd=tmp_path,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sink,
        )
    try:
        wait_until_ready(server, process)
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream?name={_CANARY[:6]}") as websocket:
            shown = _run_once(websocket)
    finally:
        stop(process)

    assert "This page could not be shown." in shown
    assert _CANARY[:6] not in shown
    assert _CANARY[:6] not in server.printed()
    assert "Traceback" not in server.printed()
    lines = [json.loads(line) for line in server.printed().splitlines()]
    errors = {line["error"] for line in lines if "error" in line}
    assert errors == {"RuntimeError", "ValueError"}
    assert {line["event"] for line in lines} >= {"A thread ended", "It ended", "request"}
    requests = [line for line in lines if line["event"] == "request"]
    assert {(line["path"], line["status"]) for line in requests} == {("/readyz", 200)}
    assert all(len(line["request"]) == 32 for line in requests)
    assert all(line["timestamp"].endswith("Z") for line in lines)


def _run_once(websocket: ClientConnection) -> str:
    """Run the page as a browser does, and return all that it was sent."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    websocket.send(message.SerializeToString())
    received = ""
    while True:
        answer = ForwardMsg()
        payload = websocket.recv(timeout=30)
        assert isinstance(payload, bytes)
        answer.ParseFromString(payload)
        received += str(answer)
        if answer.WhichOneof("type") == "script_finished":
            return received


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Put back what a set-up changes in this process."""
    root = logging.getLogger()
    handlers, hand_out = list(root.handlers), streamlit.logger.setup_formatter
    hooks = threading.excepthook, sys.unraisablehook, warnings.showwarning
    clear_contextvars()
    yield
    root.handlers[:] = handlers
    streamlit.logger.setup_formatter = hand_out
    threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    clear_contextvars()


def _line(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(form_of_lines(is_json=True).format(record))
    return found


def _record(**values: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "mendline", "levelname": "WARNING"} | values)


def _record_of(typed: str) -> logging.LogRecord:
    with pytest.raises(InvalidEntry) as raised:
        require_text(typed, what="name")
    error = raised.value
    return _record(msg="Uncaught\nall of it", exc_info=(type(error), error, error.__traceback__))


def test_an_error_is_told_by_its_kind_and_our_own_line() -> None:
    """Enough to find the place, nothing of what was typed."""
    line = _line(_record_of("x" * 200))

    assert (line["event"], line["error"]) == ("Uncaught", "InvalidEntry")
    assert line["place"].startswith("recovery/text.py:")
    assert "200" not in line["event"] + line["error"]
    assert "exc_info" not in line


def test_lines_to_read_say_the_same() -> None:
    """On one line, with no traceback under it."""
    line = form_of_lines(is_json=False).format(_record_of("x" * 200))

    assert "error=InvalidEntry place=recovery/text.py:" in line
    assert "\n" not in line


def test_a_record_without_an_error_keeps_its_words() -> None:
    """Ordinary lines of the server are logged as they are, with when and by whom."""
    line = _line(_record(msg="Started on %s", args=("8501",)))

    assert (line["event"], line["logger"], line["level"]) == (
        "Started on 8501",
        "mendline",
        "warning",
    )


def test_an_error_that_never_came_through_us_has_a_kind() -> None:
    """Without a line of ours there is no place to name."""
    assert kind_and_place(ValueError("secret")) == {"error": "ValueError"}


@pytest.mark.parametrize("is_json", [True, False])
def test_nothing_typed_can_look_like_a_line_of_its_own(is_json: bool) -> None:
    """Neither a new line nor a sign that moves the terminal's cursor."""
    line = form_of_lines(is_json=is_json).format(_record(msg="one\ntwo\r\x1b[2Kthree\u2028four"))

    assert "\n" not in line
    assert "\x1b[2K" not in line
    assert line.isprintable()


def test_a_request_line_ends_before_its_query() -> None:
    """A code of an invitation, or of a provider, stands behind the question mark."""
    arguments = ("127.0.0.1:5", "GET", f"/join?code={_CANARY}", "1.1", 200)
    line = _line(_record(name="uvicorn.access", msg='%s - "%s %s HTTP/%s" %d', args=arguments))

    assert line["event"] == "request"
    assert (line["client"], line["method"], line["path"]) == ("127.0.0.1:5", "GET", "/join")
    assert (line["version"], line["status"]) == ("1.1", 200)
    assert _CANARY not in str(line)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("uvicorn.access", ("127.0.0.1:5", f"/join?code={_CANARY}")), ("uvicorn.error", ())],
)
def test_other_lines_of_the_server_end_there_too(name: str, arguments: tuple[str, ...]) -> None:
    """Whatever a later version of it writes."""
    msg = "%s %s" if arguments else f'"WebSocket /_stcore/stream?code={_CANARY[:6]}" [accepted]'
    line = _line(_record(name=name, msg=msg, args=arguments))

    assert _CANARY[:6] not in str(line)


def test_a_line_that_cannot_be_made_is_told_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What logging itself prints then are the arguments."""
    handler = ToStandardError()
    handler.setFormatter(form_of_lines(is_json=True))
    handler.emit(_record(msg="%d days", args=(_CANARY,)))

    assert capsys.readouterr().err == "A line of mendline could not be written.\n"


def test_every_logger_writes_through_one_handler(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that Streamlit makes later too; set up twice, each line stands once."""
    for _ in range(2):
        set_up_logs({LOG_VARIABLE: JSON})
    for name in ("mendline.refused", "uvicorn.error"):
        logging.getLogger(name).warning("once")
    streamlit.logger.get_logger("streamlit.made_later").warning("once")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["event"]) for line in lines] == [
        ("mendline.refused", "once"),
        ("uvicorn.error", "once"),
        ("streamlit.made_later", "once"),
    ]


def test_a_logger_that_its_server_silenced_stays_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit's server writes no request lines; uvicorn alone does, and asks by this."""
    logger = logging.getLogger("uvicorn.access")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", False)
    set_up_logs({})

    assert not logger.hasHandlers()


def test_stray_errors_are_told_by_kind(caplog: pytest.LogCaptureFixture) -> None:
    """Threads that end, errors while tidying up and warnings would print their texts."""
    watch_stray_errors()
    error = ValueError(_CANARY)
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
    threading.excepthook(threading.ExceptHookArgs((SystemExit, SystemExit(), None, None)))
    sys.unraisablehook(SimpleNamespace(exc_value=error))
    warnings.showwarning(_CANARY, UserWarning, __file__, 7)
    warnings.showwarning(_CANARY, UserWarning, "/elsewhere/site-packages/lib.py", 8)

    lines = [_line(record) for record in caplog.records]
    assert [line["event"] for line in lines] == [
        "A thread ended",
        "An error that nobody could be told of",
        "Python warns: UserWarning at tests/unit/test_web_logs.py:7",
        "Python warns: UserWarning at lib.py:8",
    ]
    assert _CANARY not in str(lines)


def test_what_a_start_says_has_the_form_of_the_log() -> None:
    """A refusal of several lines too is one JSON object; without a form it stays as it is."""
    said = "Mendline did not start. 100 % of its content is broken:\nday.yaml, line 1"

    assert line_of(said, {}, is_error=True) == said
    line = line_of(said, {LOG_VARIABLE: JSON}, is_error=True)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["event"], told["level"]) == (said.replace("\n", " "), "error")
    assert json.loads(line_of("It is open.", {LOG_VARIABLE: JSON}))["level"] == "info"


@pytest.mark.parametrize("form", ["", JSON])
def test_a_known_form_is_taken(form: str) -> None:
    """Unset is lines to read."""
    check_form({LOG_VARIABLE: form})


@pytest.mark.parametrize("form", ["JSON", "text", " "])
def test_an_unknown_form_is_refused(form: str) -> None:
    """Whoever collects lines as JSON must not find out later."""
    with pytest.raises(UnknownLogForm, match="must say json"):
        check_form({LOG_VARIABLE: form})


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("0123456789abcdef" * 2, True),
        ("0123456789ABCDEF" * 2, False),
        ("0123456789abcdef" * 3, False),
        ("rowan elm", False),
        ("", False),
    ],
)
def test_a_proxys_mark_is_taken_if_it_can_hold_nothing_else(given: str, is_taken: bool) -> None:
    """So that its log and ours can be read side by side."""
    mark = begin_request(request_scope((b"x-request-id", given.encode())))

    assert (mark == given) is is_taken
    assert len(mark) == 32
    assert get_contextvars() == {"request": mark}


def test_a_line_names_session_and_page_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session by a mark that leads nowhere."""
    key = UUID(int=7)
    monkeypatch.setattr(
        context,
        "get_script_run_ctx",
        lambda **_: SimpleNamespace(
            user_info={"session_id": str(key)}, page_script_hash=calc_hash("today")
        ),
    )

    line = _line(_record(msg="x"))

    assert (line["session"], line["page"]) == (session_mark(key), "today")
    assert len(line["session"]) == 12
    assert str(key) not in str(line)


def test_outside_a_run_no_page_is_named() -> None:
    """As in a job."""
    assert of_this_run() == {}
    assert not {"page", "session"} & set(_line(_record(msg="x")))


@pytest.mark.parametrize(
    ("script_hash", "name", "screen"),
    [
        ("", "", START),
        ("", "today", "today"),
        ("today", "", "today"),
        ("", "rowan-elm", OTHER),
        ("made up", "", OTHER),
        ("made up", "today", "today"),
    ],
)
def test_a_screen_is_one_of_a_short_list(script_hash: str, name: str, screen: str) -> None:
    """Whatever a browser sends as its name."""
    known = calc_hash(script_hash) if script_hash in screens() else script_hash

    assert screen_of(known, name) == screen
    assert {"home", "today", "progress", "review", "patient", "audit"} <= screens()
