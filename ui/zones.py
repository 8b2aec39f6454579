"""Time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones


def zone_choices(first: str) -> list[str]:
    """Return the places of the time-zone database by name, *first* at the top."""
    return [first, *(name for name in _places() if name != first)]


@cache
def _places() -> tuple[str, ...]:
    # Names without a place (EST, GMT+5) have no changes of the clock or are ambiguous.
    return tuple(sorted(n for n in available_timezones() if "/" in n and not n.startswith("Etc/")))
