"""
Errors in the log by their kind and place, without their texts.

A text may hold what a person typed, and a traceback prints it with its causes.
"""

import logging
import traceback
from pathlib import Path

from streamlit import config

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


def keep_texts_out() -> None:
    """Watch the loggers that print errors of screens and routes; doing it twice does no harm."""
    # Rich prints tracebacks past every logger.
    config.set_option("logger.enableRich", value=False)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, KindAndPlace) for one in logger.filters):
            logger.addFilter(KindAndPlace())


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
