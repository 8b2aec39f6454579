"""In which language a page is shown: the account's, else as chosen here, else as the browser asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Scope

import content.catalogues  # noqa: F401 - learns the languages
from db.auth_sessions import SessionInfo
from recovery.wording import LANGUAGE_NAMES, Language, others
from web.cookies import read_languages, set_language
from web.paths import CHOOSES_LANGUAGE, STAFF_PAGES

PARAMETER = "language"
_KNOWN = {each.value: each for each in Language}


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """A language that the page can be read in instead, and where."""

    language: Language
    name: str
    address: str


def asked_language(scope: Scope) -> Language:
    """
    Return the language of whoever is not signed in.

    It is the one that the address names, else the one that this browser chose before, else
    the first we know of those it asks for. Pages of the staff are English.
    """
    if scope["path"] in STAFF_PAGES:
        return Language.ENGLISH
    return chosen_language(scope) or next(_wished(scope), Language.ENGLISH)


def spoken_language(scope: Scope, info: SessionInfo | None) -> Language:
    """Return the language to answer a request in."""
    if info is None or named_language(scope) is not None:
        return asked_language(scope)
    return info.actor.language


def named_language(scope: Scope) -> Language | None:
    """Return the language that the address of a page that offers the choice names."""
    if scope["path"] not in CHOOSES_LANGUAGE:
        return None
    return _KNOWN.get(HTTPConnection(scope).query_params.get(PARAMETER) or "")


def chosen_language(scope: Scope) -> Language | None:
    """Return the language that the address or a cookie names; None when neither does."""
    if (named := named_language(scope)) is not None:
        return named
    return next((_KNOWN[each] for each in read_languages(scope) if each in _KNOWN), None)


def remember_language(response: Response, connection: HTTPConnection, chosen: Language) -> None:
    """Have this browser remember a language for pages before sign-in, unless it does already."""
    if chosen.value not in read_languages(connection.scope):
        set_language(response, connection, chosen.value)


def other_languages(request: Request, path: str, **kept: str) -> list[OtherLanguage]:
    """
    Return the languages to choose instead, each with the address that does so.

    Args:
        request: What is answered; what its address says is kept when it asks for *path*.
        path: The page, one of ``CHOOSES_LANGUAGE``.
        **kept: What the address has to say too.
    """
    said = {**(request.query_params if request.url.path == path else {}), **kept}
    return [
        OtherLanguage(each, LANGUAGE_NAMES[each], f"{path}?{urlencode({**said, PARAMETER: each})}")
        for each in others()
    ]


def with_choice(response: Response, request: Request) -> Response:
    """Return *response*, with the language remembered if the address named it."""
    if (named := named_language(request.scope)) is not None:
        remember_language(response, request, named)
    return response


def _wished(scope: Scope) -> Iterator[Language]:
    """Yield the languages we know of those that the browser asks for, the most wanted first."""
    header = Headers(scope=scope).get("accept-language", "")
    wishes = [_weighed(part) for part in header[:200].split(",")]
    for tag, weight in sorted(wishes, key=lambda wish: wish[1], reverse=True):
        if weight > 0 and (known := _KNOWN.get(tag.partition("-")[0])) is not None:
            yield known


def _weighed(part: str) -> tuple[str, float]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return tag, float(weight or 1)
    except ValueError:
        return tag, 0.0
