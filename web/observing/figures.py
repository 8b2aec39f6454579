"""
The figures of this process, for Prometheus to fetch.

Labels come from short lists of ours: kinds of routes, names of pages, acts and reasons. None holds
a person, a clinic, an address or anything that was sent.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from db.watching import reasons

REGISTRY = CollectorRegistry(auto_describe=False)
"""Our own and not the library's, so that nothing is told that we did not choose."""

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_RERUNS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_REQUESTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_WAITS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)

REQUESTS = Counter(
    "mendline_requests",
    "Requests answered, by kind of route and status",
    ["route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "mendline_request_seconds",
    "Time to answer a request over HTTP, by kind of route",
    ["route"],
    buckets=_REQUESTS,
    registry=REGISTRY,
)
RERUN_SECONDS = Histogram(
    "mendline_rerun_seconds",
    "Time from what a person did on a page to the end of its run",
    ["page"],
    buckets=_RERUNS,
    registry=REGISTRY,
)
SESSIONS_OPEN = Gauge(
    "mendline_sessions_open",
    "Pages that are connected now, by role of their person",
    ["role"],
    registry=REGISTRY,
)
ACTS = Counter(
    "mendline_acts",
    "Acts stored, by their name in the audit",
    ["action"],
    registry=REGISTRY,
)
REFUSED = Counter(
    "mendline_refused",
    "What was turned away at the door, by why",
    ["what"],
    registry=REGISTRY,
)
ERRORS = Counter(
    "mendline_errors",
    "Errors that nobody foresaw, by where",
    ["where"],
    registry=REGISTRY,
)
DATABASE_REFUSED = Counter(
    "mendline_database_refused",
    "Times that the database could not be used, by why",
    ["reason"],
    registry=REGISTRY,
)
CONNECTION_WAIT_SECONDS = Histogram(
    "mendline_database_connection_wait_seconds",
    "Time that a connection to the database was waited for",
    buckets=_WAITS,
    registry=REGISTRY,
)
LOOP_LAG_SECONDS = Histogram(
    "mendline_event_loop_lag_seconds",
    "How much later than asked the event loop came round",
    buckets=_LAGS,
    registry=REGISTRY,
)
LOOP_SILENT_SECONDS = Gauge(
    "mendline_event_loop_silent_seconds",
    "Time since the event loop last came round, which it does twice a second",
    registry=REGISTRY,
)


# From the start, since Prometheus sees no rise in a figure that begins at one.
for _where in ("page", "request"):
    ERRORS.labels(_where)


class Counting:
    """Counts what the database's work tells; see ``db.watching``."""

    def __init__(self) -> None:
        """Begin at nothing, for each reason that there may be."""
        for reason in reasons():
            DATABASE_REFUSED.labels(reason)

    def committed(self, action: str) -> None:
        """Count an act that was stored."""
        ACTS.labels(action).inc()

    def refused(self, reason: str) -> None:
        """Count that the database could not be used."""
        DATABASE_REFUSED.labels(reason).inc()

    def waited(self, seconds: float) -> None:
        """Note how long a connection was waited for."""
        CONNECTION_WAIT_SECONDS.observe(seconds)
