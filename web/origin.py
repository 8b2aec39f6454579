"""Where a request comes from, and where it may be sent on to."""

import ipaddress
import os
import posixpath
import re
import socket
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_PROXY_HEADERS = (
    "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via", "x-real-ip",
    "cf-connecting-ip",
)  # fmt: skip
_HOST = re.compile(r"\[([0-9a-f:]+)\](:\d+)?|([\w.-]+)(:\d+)?", re.ASCII | re.IGNORECASE)
_MAX_NEXT_LENGTH = 500
_NOT_NEXT = (
    "/sign-in",
    "/sign-out",
    "/auth/",
    "/demo-sign-in",
    "/setup",
    "/account/password",
    "/account/code",
    "/provider/",
)


def public_origin(scope: Scope) -> str:
    """Return the origin a browser uses to reach this server, such as ``https://clinic.example``."""
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    return f"{scheme}://{Headers(scope=scope).get('host', '')}".lower()


def is_same_origin(scope: Scope) -> bool:
    """
    Tell whether a websocket or an unsafe request was sent by a page of this server.

    The ``Origin`` must be ours to the letter, port included: another port of the same
    machine is another site. Browsers that leave it out of a form say ``Sec-Fetch-Site``.
    """
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None:
        return origin.lower() == public_origin(scope)
    return scope["type"] == "http" and headers.get("sec-fetch-site") == "same-origin"


def host_name(header: str) -> str | None:
    """Return the name in a ``Host`` header, in lower case and without port or brackets."""
    found = _HOST.fullmatch(header)
    return None if found is None else (found[1] or found[3]).lower()


def bracketed(name: str) -> str:
    """Return *name* as an address line has it, where IPv6 stands in brackets."""
    return f"[{name}]" if ":" in name else name


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine as only itself can reach it."""
    address = plain_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return *text* as an address, IPv4 as such though a socket for both wrote it as IPv6."""
    try:
        # A zone after the address may hold any text.
        address = ipaddress.ip_address("" if "%" in text else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address if mapped is None else mapped


def local_path(target: str) -> str:
    """Return *target* if it is a path of this server worth going to after sign-in, else ``/``."""
    is_plain = target.isprintable() and "\\" not in target and len(target) <= _MAX_NEXT_LENGTH
    if not is_plain or not target.startswith("/") or target.startswith("//"):
        return "/"
    try:
        split = urlsplit(target)
    except ValueError:
        return "/"
    # As the server will read it, else a detour would lead where nobody is to be sent.
    path = posixpath.normpath(unquote(split.path))
    if split.scheme or split.netloc or path.startswith(("//", *_NOT_NEXT)):
        return "/"
    return target


def is_loopback_only(scope: Scope) -> bool:
    """
    Tell whether only this machine can have sent the request, and only it can send more.

    The connection, the name in its address line, and every socket this process listens on
    must be loopback. A proxy in front is somebody else's door, so its traces refuse too.
    """
    headers = Headers(scope=scope)
    if any(name in headers for name in _PROXY_HEADERS):
        return False
    ends = [scope.get("client"), scope.get("server")]
    is_local = all(end is not None and is_loopback(end[0]) for end in ends)
    is_named = _names_loopback(headers.get("host", ""))
    return is_local and is_named and all(is_loopback(host) for host, _ in listening_on())


def listening_on() -> list[tuple[str, int]]:
    """
    Return the network addresses and ports on which this process truly listens.

    Read from the open sockets, since the server may have been started with its own flags.
    Empty where the system does not list a process's files.
    """
    try:
        names = [entry.name for entry in Path("/dev/fd").iterdir()]
    except OSError:
        return []
    found = (_listening_on(int(name)) for name in names if name.isdigit())
    return [address for address in found if address is not None]


def _listening_on(descriptor: int) -> tuple[str, int] | None:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        with socket.socket(fileno=os.dup(descriptor)) as probe:
            is_network = probe.family in {socket.AF_INET, socket.AF_INET6}
            if not is_network or not probe.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return None
            host, port = probe.getsockname()[:2]
            return str(host), int(port)
    except OSError:
        # Closed between listing and asking.
        return None


def _names_loopback(header: str) -> bool:
    name = host_name(header)
    return name is not None and is_loopback(name)
