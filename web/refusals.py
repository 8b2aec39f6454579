"""What was refused, in the server's log: that and why, never what was sent."""

import logging

from web.observing.figures import REFUSED

_log = logging.getLogger("mendline.refused")

FOREIGN_FORM = "a form that another site sent"
FOREIGN_SOCKET = "a websocket that another site or nobody signed in opened"
STRANGE_REQUEST = "a request by a strange name, past the proxy, or without encryption"
STRANGE_FRAME = "a websocket message that no page sends"
NOT_FOR_THEM = "a page or record that is not for whoever asked"

_COUNTED_AS = {
    FOREIGN_FORM: "foreign form",
    FOREIGN_SOCKET: "foreign websocket",
    STRANGE_REQUEST: "strange request",
    STRANGE_FRAME: "strange frame",
    NOT_FOR_THEM: "not for them",
}

for _kind in _COUNTED_AS.values():
    REFUSED.labels(_kind)


def note_refused(what: str) -> None:
    """Write one line and count it; *what* is one of the sentences of this file."""
    REFUSED.labels(_COUNTED_AS[what]).inc()
    _log.warning("Refused: %s.", what)
