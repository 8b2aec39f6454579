"""What a line of the server's log holds: where and of which kind, and nothing that was typed."""

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
from streamlit.util import calc_hash
from structlog.contextvars import get_contextvars

from recovery.errors import InvalidEntry
from recovery.text import require_text
from tests.unit.logs import json_line, log_put_back
from tests.web_client import request_scope
from web.observing import context
from web.observing.context import begin_request, of_this_run, session_mark
from web.observing.logs import (
    ToStandardError,
    form_of_lines,
    kind_and_place,
)
from web.observing.screens import OTHER, START, screen_of, screens

_CANARY = "canary of Rowan"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Put back what a set-up changes in this process."""
    with log_put_back():
        yield


def _record(**values: object) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "mendline", "levelname": "WARNING"} | values)


def _record_of(typed: str) -> logging.LogRecord:
    with pytest.raises(InvalidEntry) as raised:
        require_text(typed, what="name")
    error = raised.value
    return _record(msg="Uncaught\nall of it", exc_info=(type(error), error, error.__traceback__))


def test_an_error_is_told_by_its_kind_and_our_own_line() -> None:
    """Enough to find the place, nothing of what was typed."""
    line = json_line(_record_of("x" * 200))

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
    line = json_line(_record(msg="Started on %s", args=("8501",)))

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
    line = json_line(_record(name="uvicorn.access", msg='%s - "%s %s HTTP/%s" %d', args=arguments))

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
    line = json_line(_record(name=name, msg=msg, args=arguments))

    assert _CANARY[:6] not in str(line)


def test_a_line_that_cannot_be_made_is_told_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What logging itself prints then are the arguments."""
    handler = ToStandardError()
    handler.setFormatter(form_of_lines(is_json=True))
    handler.emit(_record(msg="%d days", args=(_CANARY,)))

    assert capsys.readouterr().err == "A line of mendline could not be written.\n"


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

    line = json_line(_record(msg="x"))

    assert (line["session"], line["page"]) == (session_mark(key), "today")
    assert len(line["session"]) == 12
    assert str(key) not in str(line)


def test_outside_a_run_no_page_is_named() -> None:
    """As in a job."""
    assert of_this_run() == {}
    assert not {"page", "session"} & set(json_line(_record(msg="x")))


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
