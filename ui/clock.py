"""The present instant; the one place where screens read the clock."""

from datetime import UTC, datetime, time

from recovery.days import today_in, zone


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today_at(at: time, zone_name: str) -> datetime:
    """Return the instant at which the clock of *zone_name* shows *at* today, in UTC."""
    today = today_in(zone_name, now())
    return datetime.combine(today, at, tzinfo=zone(zone_name)).astimezone(UTC)
