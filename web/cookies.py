"""The one cookie: an opaque session token that scripts in the page cannot read."""

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

_PLAIN_NAME = "mendline_session"
# The prefix makes browsers refuse it without Secure, on a sub-path, or from a sibling domain.
_SECURE_NAME = f"__Host-{_PLAIN_NAME}"
_MAX_TOKEN_LENGTH = 128


def is_secure(scope: Scope) -> bool:
    """Tell whether the browser speaks TLS, to this server or to a proxy it trusts."""
    return scope["scheme"] in {"https", "wss"}


def read_token(scope: Scope) -> str | None:
    """
    Return the session token of the request, or None.

    The header is taken apart here because the standard parser may drop every cookie
    after a malformed one.
    """
    name = _SECURE_NAME if is_secure(scope) else _PLAIN_NAME
    for key, value in scope["headers"]:
        if key != b"cookie":
            continue
        for part in value.decode("latin-1").split(";"):
            found, _, token = part.strip().partition("=")
            if found == name and 0 < len(token) <= _MAX_TOKEN_LENGTH:
                return str(token)
    return None


def set_token(response: Response, connection: HTTPConnection, token: str) -> None:
    """Hand the token to the browser, until it is closed or the session ends."""
    secure = is_secure(connection.scope)
    response.set_cookie(
        _SECURE_NAME if secure else _PLAIN_NAME,
        token,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def clear_token(response: Response, connection: HTTPConnection) -> None:
    """Take the token back."""
    secure = is_secure(connection.scope)
    response.delete_cookie(
        _SECURE_NAME if secure else _PLAIN_NAME,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
