"""The answer to an error that nobody foresaw, with the same headers as any other."""

from starlette.requests import Request
from starlette.responses import Response

from recovery.wording import marked, speaking, tr
from web.headers import add_headers
from web.language import asked_language
from web.observing.figures import ERRORS
from web.views import notice

SORRY = marked(
    "This page could not be shown. Load it again. If that does not help, call the clinic."
)


def apologize(request: Request, _error: Exception) -> Response:
    """
    Answer 500 in one plain sentence.

    It is sent from outside the gate, which an error has passed, so it brings its headers along.
    """
    ERRORS.labels("request").inc()
    # The gate's word for the language is gone with the error.
    with speaking(asked_language(request.scope)):
        response = notice(tr(SORRY), 500)
    add_headers(response.headers, request.scope, is_own_page=True)
    return response
