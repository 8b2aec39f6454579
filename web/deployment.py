"""
How this server is put up: under which names, behind which proxy, and with what to encrypt.

Read from the environment alone, and refused as a whole when one part of it is wrong.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recovery.errors import RecoveryError
from web.origin import bracketed, is_loopback, plain_address

HOSTS_VARIABLE = "MENDLINE_HOSTS"
PROXY_VARIABLE = "MENDLINE_PROXY"
WITHOUT_TLS_VARIABLE = "MENDLINE_WITHOUT_TLS"
PLAIN_WORDS = "passwords and health records travel unencrypted"
"""What ``MENDLINE_WITHOUT_TLS`` must say, so that nobody sets it without reading it."""

EXPOSED = (
    "Other machines could reach Mendline and nothing encrypts what they send, so let it listen "
    "on 127.0.0.1, or name the TLS proxy in MENDLINE_PROXY and the site in MENDLINE_HOSTS."
)
NO_KEY = (
    "Others are served here, so the secret key has to be named: set MENDLINE_SECRET_KEY to it, or "
    "MENDLINE_SECRET_FILE to where it is kept."
)
_WRONG_HOSTS = (
    "MENDLINE_HOSTS must list names such as clinic.example with commas between them, "
    "so leave out https://, ports, stars and dots at the end."
)
_WRONG_PROXY = (
    "MENDLINE_PROXY must list addresses or networks such as 10.0.0.2 or 10.1.0.0/24 with "
    "commas between them, so write the ones your proxy connects from."
)
_NO_HOSTS = (
    "MENDLINE_PROXY needs MENDLINE_HOSTS beside it, so set that to the name of your site, "
    "such as clinic.example."
)
_WRONG_WORDS = f'MENDLINE_WITHOUT_TLS must say "{PLAIN_WORDS}", so write that or remove it.'
_MAX_NAME_LENGTH = 253
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class InvalidDeployment(RecoveryError):
    """The server is not put up in a way that protects those who use it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    What whoever runs the server says about it.

    Attributes:
        hosts: Names under which it answers, in lower case, without port or brackets; the
            first is the one to tell people.
        proxies: Networks from which a proxy with TLS connects; only what these say about
            a request's sender is believed.
        is_plain_agreed: Whether it was agreed in words that nothing is encrypted.
    """

    hosts: tuple[str, ...] = ()
    proxies: tuple[Network, ...] = ()
    is_plain_agreed: bool = False

    @property
    def may_be_reached(self) -> bool:
        """Whether other machines may connect to sockets that speak no TLS themselves."""
        return bool(self.proxies and self.hosts) or self.is_plain_agreed

    @property
    def site(self) -> str | None:
        """The address to open in a browser; None when it is the server's own."""
        return f"https://{bracketed(self.hosts[0])}" if self.proxies else None

    def is_proxy(self, address: str | None) -> bool:
        """Tell whether *address* is the proxy's, however an IPv4 address is written."""
        found = None if address is None else plain_address(address)
        return found is not None and any(found in network for network in self.proxies)


def read_deployment(environment: Mapping[str, str]) -> Deployment:
    """
    Read what the environment says; what is unset or empty is loopback alone.

    Raises:
        InvalidDeployment: If a value cannot be meant, with what to write instead.
    """
    words = environment.get(WITHOUT_TLS_VARIABLE, "")
    if words not in {"", PLAIN_WORDS}:
        raise InvalidDeployment(_WRONG_WORDS)
    hosts = tuple(_host(entry) for entry in _entries(environment, HOSTS_VARIABLE))
    proxies = tuple(_network(entry) for entry in _entries(environment, PROXY_VARIABLE))
    if proxies and not hosts:
        raise InvalidDeployment(_NO_HOSTS)
    return Deployment(hosts=hosts, proxies=proxies, is_plain_agreed=bool(words))


def check_listening(
    deployment: Deployment, addresses: Iterable[str], *, has_certificate: bool
) -> None:
    """
    Refuse to be reached from other machines while nothing encrypts.

    Args:
        deployment: What was said about this server.
        addresses: The addresses it listens on.
        has_certificate: Whether it speaks TLS itself.

    Raises:
        InvalidDeployment: If one of the addresses is not loopback and nothing allows it.
    """
    if has_certificate or deployment.may_be_reached:
        return
    if not all(is_loopback(address) for address in addresses):
        raise InvalidDeployment(EXPOSED)


def _entries(environment: Mapping[str, str], variable: str) -> list[str]:
    parts = (part.strip() for part in environment.get(variable, "").split(","))
    return [part for part in parts if part]


def _host(entry: str) -> str:
    name = entry.lower()
    is_bracketed = name.startswith("[") and name.endswith("]")
    try:
        return ipaddress.IPv6Address(name[1:-1] if is_bracketed else name).compressed
    except ValueError:
        pass
    if len(name) > _MAX_NAME_LENGTH or _NAME.fullmatch(name) is None:
        raise InvalidDeployment(_WRONG_HOSTS)
    return name


def _network(entry: str) -> Network:
    try:
        network = ipaddress.ip_network(entry)
    except ValueError:
        raise InvalidDeployment(_WRONG_PROXY) from None
    # Everybody is not a proxy: anyone could say then that it was encrypted.
    if network.prefixlen == 0:
        raise InvalidDeployment(_WRONG_PROXY)
    return network
