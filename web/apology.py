"""The answer to an error that nobody foresaw, with the same headers as any other."""

from starlette.requests import Request
from starlette.responses import Response

from web.headers import add_headers
from web.views import notice

SORRY = "This page could not be shown. Load it again. If that does not help, call the clinic."


def apologize(request: Request, _error: Exception) -> Response:
    """
    Answer 500 in one plain sentence.

    It is sent from outside the gate, which an error has passed, so it brings its headers along.
    """
    response = notice(SORRY, 500)
    add_headers(response.headers, request.scope, is_own_page=True)
    return response
