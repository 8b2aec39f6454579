"""A line of the log, and this process as it was before its log was set up."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit.logger
from structlog.contextvars import clear_contextvars

from web.observing.logs import form_of_lines


def json_line(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the line of a record holds."""
    found: dict[str, Any] = json.loads(form_of_lines(is_json=True).format(record))
    return found


@contextmanager
def log_put_back() -> Iterator[None]:
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
