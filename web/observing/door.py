"""
Where Prometheus fetches the figures: a port that only this machine reaches, or a path with a token.

Both are closed unless they are asked for in the environment.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import HTTPServer
from threading import Thread
from typing import cast

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest, start_http_server
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from recovery.errors import RecoveryError
from web.observing.figures import REGISTRY
from web.threads import in_lookup_thread

PORT_VARIABLE = "MENDLINE_METRICS_PORT"
TOKEN_VARIABLE = "MENDLINE_METRICS_TOKEN"  # noqa: S105 - the name of a setting
LEAST_TOKEN_LENGTH = 32
_LOOPBACK = "127.0.0.1"
_MOST_PORT = 65_535
_WRONG_PORT = f"{PORT_VARIABLE} must be a number from 1 to {_MOST_PORT}, so write one like 9101."
_TAKEN_PORT = f"The port of {PORT_VARIABLE} cannot be opened, so choose one for each process."
_SHORT_TOKEN = (
    f"{TOKEN_VARIABLE} must have {LEAST_TOKEN_LENGTH} signs or more, so make one with "
    '`python -c "import secrets; print(secrets.token_urlsafe(32))"`.'
)


class InvalidMetricsDoor(RecoveryError):
    """The figures were asked for in a way that cannot be meant."""


@dataclass(frozen=True, slots=True)
class MetricsDoor:
    """
    How figures may be fetched.

    Attributes:
        port: Of this machine; None when it stays closed.
        token: What the path wants to be shown; empty when it stays closed.
    """

    port: int | None = None
    token: str = ""


def read_door(environment: Mapping[str, str]) -> MetricsDoor:
    """
    Read what the environment says; what is unset or empty is closed.

    Raises:
        InvalidMetricsDoor: If a value cannot be meant, with what to write instead.
    """
    said, token = environment.get(PORT_VARIABLE, ""), environment.get(TOKEN_VARIABLE, "")
    if said and not (said.isascii() and said.isdecimal() and 1 <= int(said) <= _MOST_PORT):
        raise InvalidMetricsDoor(_WRONG_PORT)
    if token and len(token) < LEAST_TOKEN_LENGTH:
        raise InvalidMetricsDoor(_SHORT_TOKEN)
    return MetricsDoor(port=int(said) if said else None, token=token)


class OpenPort:
    """The port of the figures, open until it is closed."""

    def __init__(self, port: int) -> None:
        """
        Open the port to this machine alone.

        Raises:
            InvalidMetricsDoor: If another program has it.
        """
        try:
            opened = start_http_server(port, addr=_LOOPBACK, registry=REGISTRY)
        except OSError as error:
            raise InvalidMetricsDoor(_TAKEN_PORT) from error
        self._server, self._thread = cast("tuple[HTTPServer, Thread]", opened)

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


_doors: list[MetricsDoor] = []


def set_door(door: MetricsDoor) -> None:
    """Answer the path as *door* says from now on."""
    _doors[:] = [door]


async def show(request: Request) -> Response:
    """Answer with the figures to whoever shows the token; 404 while there is none."""
    token = next((door.token for door in _doors), "")
    if not token:
        return PlainTextResponse("There is nothing here.", 404)
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    is_right = secrets.compare_digest(shown.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not is_right:
        return PlainTextResponse(
            "Show the token of the figures.", 401, {"WWW-Authenticate": "Bearer"}
        )
    return Response(
        await in_lookup_thread(lambda: generate_latest(REGISTRY)),
        headers={"Content-Type": CONTENT_TYPE_LATEST},
    )
