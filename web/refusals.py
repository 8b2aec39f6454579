"""What was refused, in the server's log: that and why, never what was sent."""

import logging

_log = logging.getLogger("mendline.refused")

FOREIGN_FORM = "a form that another site sent"
FOREIGN_SOCKET = "a websocket that another site or nobody signed in opened"
STRANGE_REQUEST = "a request by a strange name, past the proxy, or without encryption"
STRANGE_FRAME = "a websocket message that no page sends"
NOT_FOR_THEM = "a page or record that is not for whoever asked"


def note_refused(what: str) -> None:
    """Write one line; *what* is one of the sentences of this file."""
    _log.warning("Refused: %s.", what)
