"""For which site a passkey is, and which passkey an answer is about."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from db.engine import current
from recovery.errors import InvalidEntry
from recovery.wording import tr
from web.origin import public_origin

# Base64url of the 1,023 bytes that the standard allows.
_CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,1364}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """
    Whom a passkey is for.

    Attributes:
        host: The name in the address line, without a port; passkeys are bound to it.
        origin: What a browser says that it was talking to.
    """

    host: str
    origin: str


def site_of(request: Request) -> Site:
    """
    Return the site that a request was sent to.

    Raises:
        InvalidEntry: If no passkey can be for it: in a demo, or at a number instead of a name.
    """
    if current().is_demo:
        raise InvalidEntry(tr("A demo keeps no passkeys. Choose whom to look around as instead."))
    origin = public_origin(request.scope)
    host = _name_in(origin)
    if host is None:
        raise InvalidEntry(tr("Passkeys do not work at this address. Use your password."))
    return Site(host=host, origin=origin)


def credential_id_of(answer: object) -> str:
    """Return which passkey a browser's answer is about; empty if it does not say so properly."""
    said = answer.get("id") if isinstance(answer, dict) else None
    return said if isinstance(said, str) and _CREDENTIAL_ID.fullmatch(said) else ""


def _name_in(origin: str) -> str | None:
    """Return the host's name, or None for a number, which no passkey can be bound to."""
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return None
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return host or None
    return None
