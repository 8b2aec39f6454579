"""The app behind a proxy: one process asked as that proxy asks it, and both through nginx."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from benchmarks.topology import AppProcess, Site

SITE = "https://localhost"
"""The origin of the pages, as a browser has it."""

COOKIE = "__Host-mendline_session"


def asking(process: AppProcess, sender: str = "203.0.113.9", token: str = "") -> httpx.Client:
    """
    Return a client that hands on what a browser at *sender* asks for.

    Args:
        process: The one that is asked.
        sender: The browser's network address.
        token: Of the session that the browser holds.
    """
    headers = _handed_on(sender, token) | {
        "Host": "localhost", "Origin": SITE, "Accept": "text/html",
    }  # fmt: skip
    return httpx.Client(
        base_url=process.server.url, headers=headers, timeout=60, follow_redirects=False
    )


def token_in(answer: httpx.Response) -> str:
    """Return the session that an answer hands over; empty for none."""
    # A browser keeps it for https alone, so the client of a plain address does not.
    name, _, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
    return value if name == COOKIE else ""


@contextmanager
def socket(process: AppProcess, token: str) -> Iterator[ClientConnection]:
    """Hold a page's websocket at one process."""
    host = f"localhost:{process.port}"
    with connect(
        f"ws://{host}/_stcore/stream",
        origin=Origin(f"https://{host}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=_handed_on("203.0.113.9", token),
        max_size=None,
        proxy=None,
    ) as connection:
        yield connection


@contextmanager
def browsing(site: Site, token: str, origin: str) -> Iterator[ClientConnection]:
    """Hold a page's websocket through nginx, as a page of *origin* opens it."""
    with connect(
        f"{site.url.replace('https', 'wss')}/_stcore/stream",
        origin=Origin(origin),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{COOKIE}={token}"},
        max_size=None,
        proxy=None,
        ssl=trusted(site),
    ) as connection:
        yield connection


def trusted(site: Site) -> ssl.SSLContext:
    """Return what trusts the certificate of nginx."""
    return ssl.create_default_context(cafile=str(site.certificate))


def _handed_on(sender: str, token: str) -> dict[str, str]:
    cookie = {"Cookie": f"{COOKIE}={token}"} if token else {}
    return cookie | {"X-Forwarded-For": sender, "X-Forwarded-Proto": "https"}
