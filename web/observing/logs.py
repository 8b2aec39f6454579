"""
The server's log: one form for each line, whoever writes it, and no text of an error in any.

The text of an error may hold what a person typed, and a traceback prints it with its causes, so
an error is told by its kind and our own line.
"""

import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import streamlit.logger
import structlog
import uvicorn.config
from streamlit import config
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor

from recovery.errors import RecoveryError
from web.observing.context import of_this_run

LOG_VARIABLE = "MENDLINE_LOG"
JSON = "json"
_WRONG_FORM = f"{LOG_VARIABLE} must say {JSON}, or be left out for lines to read."
_ROOT = Path(__file__).parent.parent.parent
_REQUESTS = "uvicorn.access"
_REQUEST_PARTS = ("client", "method", "path", "version", "status")
_QUERY = re.compile(r"\?[^\s\"]*")

_log = logging.getLogger(__name__)


class UnknownLogForm(RecoveryError):
    """The form of the log was asked for in a word that we do not know."""


class ToStandardError(logging.Handler):
    """Writes each record on a line of its own, on whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write *record*; one that cannot be written is told by its logger alone."""
        try:
            line = self.format(record)
        except (TypeError, ValueError, LookupError, AttributeError):
            # logging's own answer would print the record's arguments.
            line = f"A line of {record.name} could not be written."
        # Nobody can be told that nobody can be told.
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def check_form(environment: Mapping[str, str]) -> None:
    """
    Refuse a form that is not known.

    Raises:
        UnknownLogForm: With what to write instead.
    """
    if environment.get(LOG_VARIABLE, "") not in {"", JSON}:
        raise UnknownLogForm(_WRONG_FORM)


def set_up_logs(environment: Mapping[str, str]) -> None:
    """
    Have every logger of this process write through one handler.

    Doing it again does no harm, and takes back what a server set up for itself meanwhile.
    """
    # Rich prints tracebacks past every logger.
    config.set_option("logger.enableRich", value=False)
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, ToStandardError)]:
        root.removeHandler(old)
    handler = ToStandardError()
    handler.setFormatter(form_of_lines(is_json=environment.get(LOG_VARIABLE) == JSON))
    root.addHandler(handler)
    # Both give their loggers handlers of their own: Streamlit to each one that is made later too,
    # uvicorn when it starts, which may come after us.
    streamlit.logger.setup_formatter = _hand_over
    for settings in uvicorn.config.LOGGING_CONFIG["loggers"].values():
        settings.pop("handlers", None)
        settings.pop("propagate", None)
    for name in [*streamlit.logger._loggers, *uvicorn.config.LOGGING_CONFIG["loggers"]]:  # noqa: SLF001 - there is no public list
        _hand_over(logging.getLogger(name))


def line_of(sentence: str, environment: Mapping[str, str], *, is_error: bool = False) -> str:
    """Return the line that tells *sentence* to whoever started the server, in the log's form."""
    if environment.get(LOG_VARIABLE) != JSON:
        return sentence
    level = logging.ERROR if is_error else logging.INFO
    record = _log.makeRecord(_log.name, level, __file__, 0, sentence, (), None)
    return form_of_lines(is_json=True).format(record)


def watch_stray_errors() -> None:
    """Bring what Python itself would print to standard error into the log, by kind and place."""
    threading.excepthook = _note_thread
    sys.unraisablehook = _note_unraisable
    warnings.showwarning = _note_warning


def kind_and_place(error: BaseException) -> dict[str, str]:
    """Return the type of *error*, and the last of our own lines that it came through, if any."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(Path(frame.filename))]
    place = {"place": f"{_shown(own[-1].filename)}:{own[-1].lineno}"} if own else {}
    return {"error": type(error).__name__} | place


def form_of_lines(*, is_json: bool) -> logging.Formatter:
    """Return what makes a line of a record, as JSON or to be read."""
    renderer: Processor = (
        JSONRenderer()
        if is_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    return ProcessorFormatter(
        foreign_pre_chain=_CHAIN,
        processors=[ProcessorFormatter.remove_processors_meta, renderer],
        pass_foreign_args=True,
    )


def _hand_over(logger: logging.Logger) -> None:
    """Let *logger* write through the root's handler, unless its server silenced it."""
    is_silenced = logger.name == _REQUESTS and not logger.handlers and not logger.propagate
    logger.handlers.clear()
    logger.propagate = not is_silenced


def _name_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Put an error's kind and place in the place of its text."""
    event.pop("stack_info", None)
    exc_info: Any = event.pop("exc_info", None)
    if exc_info and exc_info[1] is not None:
        # Below the first line some loggers spell the error out.
        event["event"] = str(event["event"]).strip().partition("\n")[0]
        event.update(kind_and_place(exc_info[1]))
    return event


def _take_request_apart(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Cut what follows the path from the server's lines: a code, a name, a filter."""
    values = event.pop("positional_args", ())
    if event["logger"] == _REQUESTS:
        event["event"] = "request"
        if isinstance(values, tuple) and len(values) == len(_REQUEST_PARTS):
            event.update(zip(_REQUEST_PARTS, values, strict=True))
            event["path"] = str(event["path"]).partition("?")[0]
    elif event["logger"].startswith("uvicorn"):
        event["event"] = _QUERY.sub("", str(event["event"]))
    return event


def _place_run(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {**event, **of_this_run()}


def _keep_to_one_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace what does not print, so that nothing can look like a line that it is not."""
    return {key: _printable(value) for key, value in event.items()}


def _printable(value: Any) -> Any:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(sign if sign.isprintable() else " " for sign in value)


_CHAIN: tuple[Processor, ...] = (
    TimeStamper(fmt="iso", utc=True),
    add_log_level,
    add_logger_name,
    merge_contextvars,
    _place_run,
    _take_request_apart,
    _name_error,
    _keep_to_one_line,
)


def _note_thread(stray: threading.ExceptHookArgs) -> None:
    error = stray.exc_value
    if error is not None and not isinstance(error, SystemExit):
        _log.error("A thread ended", exc_info=error)


def _note_unraisable(stray: "sys.UnraisableHookArgs") -> None:
    _log.error("An error that nobody could be told of", exc_info=stray.exc_value)


def _note_warning(  # noqa: PLR0913, PLR0917 - the interface
    message: Warning | str,  # noqa: ARG001 - may hold values
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    place = _shown(filename) if _is_own(Path(filename)) else Path(filename).name
    _log.warning("Python warns: %s at %s:%d", category.__name__, place, lineno)


def _shown(filename: str) -> str:
    return str(Path(filename).relative_to(_ROOT))


def _is_own(file: Path) -> bool:
    # The environment with everybody else's code may stand in our folder.
    return file.is_relative_to(_ROOT) and not {"site-packages", ".venv"} & set(file.parts)
