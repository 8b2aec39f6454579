"""What of an error reaches the log, in a started server and record by record."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from recovery.errors import InvalidEntry
from recovery.text import require_text
from tests.servers import Server, free_port, stop, wait_until_ready
from tests.sources import ROOT
from web.quiet_log import KindAndPlace, WithoutQuery, kind_and_place

_CANARY = "canary of Rowan"
_PAGE = f"""
try:
    raise KeyError("{_CANARY}")
except KeyError as error:
    raise ValueError("{_CANARY}") from error
"""
_APP = """
import streamlit as st
from starlette.routing import Route

from app import show_apology
from web import health
from web.lifespan import lifespan
from web.paths import READY

app = st.App(
    "{page}",
    routes=[Route(READY, health.show_ready)],
    lifespan=lifespan,
    on_script_error=show_apology,
)
"""


def test_the_text_of_an_error_reaches_neither_page_nor_log(tmp_path: Path) -> None:
    """The page shows one sentence and the log its kind, even where rich tracebacks are wanted."""
    (tmp_path / "page.py").write_text(_PAGE)
    (tmp_path / "canary_app.py").write_text(_APP.format(page=tmp_path / "page.py"))
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", 0, tmp_path / "log")
    settings = {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'mendline.db'}",
        "STREAMLIT_LOGGER_ENABLE_RICH": "true",
    }
    with server.log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "canary_app:app", "--port", str(port)],
            cwd=tmp_path,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(server, process)
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream") as websocket:
            shown = _run_once(websocket)
    finally:
        stop(process)

    assert "This page could not be shown." in shown
    assert _CANARY not in shown
    printed = server.printed()
    assert "ValueError" in printed
    assert "Traceback" not in printed
    assert _CANARY not in printed


def test_a_record_names_the_kind_and_our_own_line() -> None:
    """Enough to find the place, nothing of what was typed."""
    record = _record_of("x" * 200)

    assert KindAndPlace().filter(record)

    printed = logging.Formatter().format(record)
    assert printed.startswith("Uncaught: InvalidEntry at recovery/text.py:")
    assert "200" not in printed


def test_a_record_without_an_error_is_left() -> None:
    """Ordinary lines of the server are logged as they are."""
    record = logging.makeLogRecord({"msg": "Started on %s", "args": ("8501",)})

    assert KindAndPlace().filter(record)

    assert record.getMessage() == "Started on 8501"


def test_an_error_that_never_came_through_us_has_a_kind() -> None:
    """Without a line of ours there is no place to name."""
    assert kind_and_place(ValueError("secret")) == "ValueError"


def _record_of(typed: str) -> logging.LogRecord:
    with pytest.raises(InvalidEntry) as raised:
        require_text(typed, what="name")
    error = raised.value
    return logging.makeLogRecord(
        {"msg": "Uncaught", "exc_info": (type(error), error, error.__traceback__)}
    )


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


def test_a_request_line_ends_before_its_query() -> None:
    """A code of an invitation, or of a provider, stands behind the question mark."""
    record = logging.LogRecord(
        "uvicorn.access",
        logging.INFO,
        "",
        0,
        '%s - "%s %s HTTP/%s" %d',
        ("127.0.0.1:5", "GET", f"/join?code={_CANARY}", "1.1", 200),
        None,
    )

    assert WithoutQuery().filter(record)
    assert record.getMessage() == '127.0.0.1:5 - "GET /join HTTP/1.1" 200'
