"""What the database says of the installation, asked when figures are fetched and not oftener."""

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from time import monotonic

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from db.engine import Database, current, reading
from db.jobs import BACKUP, JobState
from db.machine import MachineState, machine_state, pool_state, replica_lag
from db.readiness import free_bytes
from recovery.backups import age
from recovery.errors import DatabaseUnavailable
from recovery.judgement.reasons import ReasonKind
from web.health import CHECKS, look

KEPT_SECONDS = 15.0
"""How long an answer holds, however often figures are fetched."""


class DatabaseFigures(Collector):
    """What the server is ready for, the queue of alerts, jobs, backup, room and connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Database, float, list[Metric]] | None = None

    def describe(self) -> list[Metric]:
        """Return nothing, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Return what the database says; when it is away, that alone."""
        try:
            database = current()
        except DatabaseUnavailable:
            yield _ready()
            return
        yield from _pool(database)
        yield from self._asked(database)

    def _asked(self, database: Database) -> list[Metric]:
        # One at a time: several who fetch together cost one look.
        with self._lock:
            kept = self._kept
            if kept is None or kept[0] is not database or monotonic() >= kept[1]:
                found = [_ready(), *_look(database)]
                kept = self._kept = (database, monotonic() + KEPT_SECONDS, found)
            return kept[2]


def _ready() -> Metric:
    passed = GaugeMetricFamily(
        "mendline_ready", "Whether a check of /readyz passed", labels=["check"]
    )
    failed = look().failed
    for name in CHECKS:
        passed.add_metric([name], float(name not in failed))
    return passed


def _look(database: Database) -> Iterator[Metric]:
    try:
        # Whoever fetches figures is told that it is away, and does not wait for it.
        with reading(database, waits=False) as session:
            state = machine_state(session)
            lag = replica_lag(database, session.connection())
        room = free_bytes(database)
    except DatabaseUnavailable:
        return
    if room is not None:
        yield _gauge("mendline_disk_free_bytes", "Room on the disk of the database", room)
    if database.replica is not None:
        yield _gauge("mendline_replica_answers", "Whether the replica can be read", lag is not None)
    if lag is not None:
        yield _gauge("mendline_replica_lag_bytes", "Log that the replica has yet to repeat", lag)
    now = datetime.now(UTC)
    yield from _queue(state, now)
    yield from _jobs(state.jobs)
    # A plan that came along from a file does nothing on another engine, and is never late.
    if database.engine.dialect.name == "sqlite":
        yield from _backup(state, now)


def _queue(state: MachineState, now: datetime) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "mendline_alerts_open", "Alerts that are not closed, by kind of reason", labels=["kind"]
    )
    for kind in ReasonKind:
        waiting.add_metric([kind.value], state.open_alerts.get(kind, 0))
    yield waiting
    yield _gauge("mendline_alerts_untouched", "Open alerts that nobody has seen", state.untouched)
    oldest = state.oldest_untouched
    waited = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    yield _gauge("mendline_alerts_oldest_untouched_seconds", "Age of the oldest of them", waited)


def _jobs(jobs: Mapping[str, JobState]) -> Iterator[Metric]:
    succeeded = GaugeMetricFamily(
        "mendline_job_last_success_timestamp_seconds",
        "When a job last succeeded, in whichever process",
        labels=["name"],
    )
    failing = GaugeMetricFamily(
        "mendline_job_failing", "Whether the last run of a job failed", labels=["name"]
    )
    for name, job in jobs.items():
        if job.finished_at is not None:
            succeeded.add_metric([name], job.finished_at.timestamp())
        failing.add_metric([name], float(job.is_failing))
    yield succeeded
    yield failing


def _backup(state: MachineState, now: datetime) -> Iterator[Metric]:
    """Tell how old the last planned copy is; before the first one, how long the plan is made."""
    is_planned = state.planned_backup is not None
    yield _gauge("mendline_backup_planned", "Whether backups are planned in the app", is_planned)
    if state.planned_backup is None:
        return
    job = state.jobs.get(BACKUP)
    last = None if job is None else job.finished_at
    old = age(now, succeeded_at=last, planned_at=state.planned_backup).total_seconds()
    yield _gauge(
        "mendline_backup_age_seconds",
        "Age of the last planned backup, of the plan before the first",
        old,
    )


def _pool(database: Database) -> Iterator[Metric]:
    state = pool_state(database)
    if state is None:
        return
    used = GaugeMetricFamily(
        "mendline_database_connections", "Connections to the database", labels=["state"]
    )
    used.add_metric(["in use"], state.in_use)
    used.add_metric(["idle"], state.idle)
    yield used
    yield _gauge("mendline_database_connections_most", "As many as there can be", state.most)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
