"""The one cookie: an opaque session token that scripts in the page cannot read."""

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

_PLAIN_NAME = "mendline_session"
# The prefix makes browsers refuse it without Secure, on a sub-path, or from a sibling domain.
_SECURE_NAME = f"__Host-{_PLAIN_NAME}"
_MAX_TOKEN_LENGTH = 128
_MAX_TOKENS = 3


def is_secure(scope: Scope) -> bool:
    """Tell whether the browser speaks TLS, to this server or to a proxy it trusts."""
    return scope["scheme"] in {"https", "wss"}


def read_tokens(scope: Scope) -> tuple[str, ...]:
    """
    Return the session tokens of the request, of which one may be ours; mostly none or one.

    Another server on the same host may have set a cookie of our name on a longer path,
    which browsers send first.

    The header is taken apart here because the standard parser may drop every cookie
    after a malformed one.
    """
    name = _SECURE_NAME if is_secure(scope) else _PLAIN_NAME
    cookies = [value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie"]
    parts = (part.strip().partition("=") for part in ";".join(cookies).split(";"))
    tokens = [
        token for found, _, token in parts if found == name and 0 < len(token) <= _MAX_TOKEN_LENGTH
    ]
    return tuple(tokens[:_MAX_TOKENS])


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
