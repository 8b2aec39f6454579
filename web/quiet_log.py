"""
Errors in the log by their kind and place, without their texts.

A text may hold what a person typed, and a traceback prints it with its causes.
"""

import logging
import traceback
from pathlib import Path

from streamlit import config

_TARGET = 2
"""Place of the target in what uvicorn hands to a request line."""
_ROOT = Path(__file__).parent.parent
# Streamlit logs an error of a screen here before our handler is asked; the other is the server's.
_LOGGERS = ("streamlit.error_util", "uvicorn.error")


class KindAndPlace(logging.Filter):
    """Replaces a record's traceback by the error's kind and our own line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite *record* in place; nothing is left out of the log."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            sentence = record.getMessage().strip()
            record.msg, record.args = f"{sentence}: {kind_and_place(error)}", ()
            record.exc_info = record.exc_text = record.stack_info = None
        return True


class WithoutQuery(logging.Filter):
    """Cuts what follows the path from uvicorn's request lines: a code, a name, a filter."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite *record* in place; its arguments are client, method, target, version, status."""
        if isinstance(record.args, tuple) and len(record.args) > _TARGET:
            target = str(record.args[_TARGET]).partition("?")[0]
            record.args = (*record.args[:_TARGET], target, *record.args[_TARGET + 1 :])
        return True


def keep_texts_out() -> None:
    """Watch the loggers that print errors of screens and routes; doing it twice does no harm."""
    # Rich prints tracebacks past every logger.
    config.set_option("logger.enableRich", value=False)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, KindAndPlace) for one in logger.filters):
            logger.addFilter(KindAndPlace())
    requests = logging.getLogger("uvicorn.access")
    if not any(isinstance(one, WithoutQuery) for one in requests.filters):
        requests.addFilter(WithoutQuery())


def kind_and_place(error: BaseException) -> str:
    """Return the type of *error* and the last of our own lines it came through, if any."""
    kind = type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_own(Path(frame.filename))]
    if not own:
        return kind
    return f"{kind} at {Path(own[-1].filename).relative_to(_ROOT)}:{own[-1].lineno}"


def _is_own(file: Path) -> bool:
    # The environment with everybody else's code may stand in our folder.
    return file.is_relative_to(_ROOT) and not {"site-packages", ".venv"} & set(file.parts)
