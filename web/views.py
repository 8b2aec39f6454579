"""The plain pages: templates, and what is sent to them, read within bounds."""

import json
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from db.engine import current
from recovery.errors import DatabaseUnavailable, InvalidEntry
from recovery.wording import language, marked, tr, trn
from web.refusals import NOT_FOR_THEM, note_refused

_UNREADABLE = marked("The form could not be read. Open the page again.")
_TEMPLATES = Path(__file__).parent / "templates"
_MAX_FORM_BYTES = 16_384
_MAX_FIELDS = 20
# What a device says of itself may hold a chain of certificates.
_MAX_JSON_BYTES = 65_536


def page(name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render the template *name* in the language spoken now; every value is escaped."""
    body = _environment().get_template(f"{name}.html").render(is_demo=_is_demo(), **context)
    return HTMLResponse(body, status)


def notice(sentence: str, status: int) -> HTMLResponse:
    """Render one plain sentence as a page; what was not for whoever asked is noted."""
    if status == HTTPStatus.FORBIDDEN:
        note_refused(NOT_FOR_THEM)
    return page("notice", status, sentence=sentence)


async def read_form(request: Request) -> dict[str, str]:
    """
    Read the fields of a submitted form; of a repeated field the first counts.

    Raises:
        InvalidEntry: If more was sent than any of our forms holds.
    """
    body = await _body(request, _MAX_FORM_BYTES)
    try:
        fields = parse_qs(
            body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError as error:
        raise InvalidEntry(tr(_UNREADABLE)) from error
    return {name: values[0] for name, values in fields.items()}


async def read_json(request: Request) -> dict[str, Any]:
    """
    Read what a script of our pages sends.

    Raises:
        InvalidEntry: If more was sent than any of them does, or something else.
    """
    body = await _body(request, _MAX_JSON_BYTES)
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidEntry(tr(_UNREADABLE)) from error
    if not isinstance(sent, dict):
        raise InvalidEntry(tr(_UNREADABLE))
    return sent


def text_in(sent: dict[str, Any], name: str) -> str:
    """Return a text that a script sent, empty if it is none; halves of signs become ``?``."""
    value = sent.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


async def _body(request: Request, limit: int) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise InvalidEntry(
                tr("More was sent than this form holds. Shorten it and send it again.")
            )
    return body


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"tr": tr, "trn": trn, "language": language}
    return environment


def _is_demo() -> bool:
    try:
        return current().is_demo
    except DatabaseUnavailable:
        return False
