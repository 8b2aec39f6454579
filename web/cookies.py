"""Our cookies, which scripts in the page cannot read: opaque tokens, and a language."""

from datetime import timedelta
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from db.sign_in_flows import LIFETIME

_SESSION = "mendline_session"
_FLOW = "mendline_passkey"
_ERRAND = "mendline_provider"
_LANGUAGE = "mendline_language"
_LANGUAGE_LASTS = timedelta(days=365)
# The prefix makes browsers refuse it without Secure, on a sub-path, or from a sibling domain.
_SECURE_PREFIX = "__Host-"
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
    """
    return _read(scope, _SESSION)


def read_flows(scope: Scope) -> tuple[str, ...]:
    """Return the ids of what this browser was asked, as for ``read_tokens``."""
    return _read(scope, _FLOW)


def read_errands(scope: Scope) -> tuple[str, ...]:
    """Return what ties this browser to a sign-in at another site, as for ``read_tokens``."""
    return _read(scope, _ERRAND)


def read_languages(scope: Scope) -> tuple[str, ...]:
    """Return the language that this browser chose, as for ``read_tokens``."""
    return _read(scope, _LANGUAGE)


def set_token(response: Response, connection: HTTPConnection, token: str) -> None:
    """Hand the token to the browser, until it is closed or the session ends."""
    _set(response, connection, _SESSION, token, "lax")


def clear_token(response: Response, connection: HTTPConnection) -> None:
    """Take the token back."""
    _clear(response, connection, _SESSION, "lax")


def set_flow(response: Response, connection: HTTPConnection, flow_id: str) -> None:
    """Tie what was asked to this browser, for as long as it may answer."""
    # Only our own pages' scripts send it.
    _set(response, connection, _FLOW, flow_id, "strict", LIFETIME)


def clear_flow(response: Response, connection: HTTPConnection) -> None:
    """Take back what tied an answer to this browser."""
    _clear(response, connection, _FLOW, "strict")


def set_errand(
    response: Response, connection: HTTPConnection, tie: str, lifetime: timedelta
) -> None:
    """Tie a sign-in at another site to this browser, for as long as it may take."""
    # Not strict: the other site sends the browser back.
    _set(response, connection, _ERRAND, tie, "lax", lifetime)


def clear_errand(response: Response, connection: HTTPConnection) -> None:
    """Take back what tied a sign-in at another site to this browser."""
    _clear(response, connection, _ERRAND, "lax")


def set_language(response: Response, connection: HTTPConnection, language: str) -> None:
    """Have the browser remember a language, for the pages before sign-in."""
    _set(response, connection, _LANGUAGE, language, "lax", _LANGUAGE_LASTS)


def _set(  # noqa: PLR0913, PLR0917 - one argument per attribute that differs
    response: Response,
    connection: HTTPConnection,
    plain: str,
    value: str,
    same_site: Literal["lax", "strict"],
    lifetime: timedelta | None = None,
) -> None:
    secure = is_secure(connection.scope)
    response.set_cookie(
        _name(plain, secure=secure),
        value,
        max_age=None if lifetime is None else int(lifetime.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite=same_site,
    )


def _clear(
    response: Response,
    connection: HTTPConnection,
    plain: str,
    same_site: Literal["lax", "strict"],
) -> None:
    secure = is_secure(connection.scope)
    response.delete_cookie(
        _name(plain, secure=secure), path="/", secure=secure, httponly=True, samesite=same_site
    )


def _name(plain: str, *, secure: bool) -> str:
    return f"{_SECURE_PREFIX}{plain}" if secure else plain


def _read(scope: Scope, plain: str) -> tuple[str, ...]:
    # Taken apart here because the standard parser may drop every cookie after a malformed one.
    name = _name(plain, secure=is_secure(scope))
    cookies = [value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie"]
    parts = (part.strip().partition("=") for part in ";".join(cookies).split(";"))
    tokens = [
        token for found, _, token in parts if found == name and 0 < len(token) <= _MAX_TOKEN_LENGTH
    ]
    return tuple(tokens[:_MAX_TOKENS])
