"""The log of the server, set up: every logger and every stray error in one form, also when started."""

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

import pytest
import streamlit.logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.servers import Server, free_port, stop, wait_until_ready
from tests.sources import ROOT
from tests.unit.logs import json_line, log_put_back
from web.observing.logs import (
    JSON,
    LOG_VARIABLE,
    UnknownLogForm,
    check_form,
    line_of,
    set_up_logs,
    watch_stray_errors,
)

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
    with log_put_back():
        yield


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

    lines = [json_line(record) for record in caplog.records]
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
