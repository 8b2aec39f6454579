"""The browser and system behind a request, in words its owner knows again."""

from starlette.requests import Request

UNKNOWN_DEVICE = "Unknown device"
_MAX_READ = 400


def device_of(request: Request) -> str:
    """
    Return such as ``Firefox on Windows``; versions are left out, since they tell people apart.

    What a browser says of itself may be untrue: the words help an owner, and decide nothing.
    """
    # Imported when asked for: its patterns take a moment to load.
    from ua_parser import parse  # noqa: PLC0415

    found = parse(request.headers.get("user-agent", "")[:_MAX_READ])
    parts = [part.family for part in (found.user_agent, found.os) if part is not None]
    return " on ".join(parts) or UNKNOWN_DEVICE
