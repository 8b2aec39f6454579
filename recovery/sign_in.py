"""How somebody proves who they are."""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit


class SignInWay(StrEnum):
    """What a sign-in session began with."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    PASSKEY = "passkey"
    PROVIDER = "provider"


def is_private_address(address: str) -> bool:
    """
    Tell whether *address* is one, and nobody on the way can read what is sent to it.

    That is ``https``, or ``http`` to this machine itself.
    """
    if not address.isascii() or not address.isprintable() or set(address) & set(' \\"<>'):
        return False
    try:
        split = urlsplit(address)
        # An impossible port shows only when it is asked for.
        is_whole = bool(split.hostname) and split.port != 0 and "@" not in split.netloc
    except ValueError:
        return False
    return is_whole and (split.scheme == "https" or is_on_this_machine(address))


def is_on_this_machine(address: str) -> bool:
    """Tell whether an ``http`` address names this machine itself, as a provider in a test does."""
    try:
        split = urlsplit(address)
    except ValueError:
        return False
    return split.scheme == "http" and _is_loopback(split.hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
