"""
Whether the server is alive, and whether it can serve.

The first asks nothing but the event loop: a process that does not answer is to be started anew.
The second asks everything that a page needs: one that is not ready gets no people sent, and a new
start would not help it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from content.errors import BrokenContent
from content.shelf import served
from db import schema
from db.engine import Database, current, reading
from db.key_mark import check_mark
from db.readiness import check_writable, free_bytes
from recovery.errors import DatabaseUnavailable
from web.threads import in_lookup_thread

KEPT_SECONDS = 1.0
"""How long an answer holds, so that many who ask cost one look."""

LEAST_FREE_BYTES = 64 * 1_048_576
"""Below this a SQLite database may be unable to take the next day's reports."""

_DISK_FULL = "Too little room is left on the disk of the database. Make room there."
_NO_CONTENT = "The content cannot be read. Run `uv run python -m content check`."

_checked: list[Database] = []


class NotReady(Exception):
    """One thing that a page needs is not there; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """
    What was found at one look.

    Attributes:
        database: Which database was looked at; None while there is none.
        until: When to look anew, on the clock of ``time.monotonic``.
        failed: What is wrong, in plain words, by the name of the check.
    """

    database: Database | None
    until: float
    failed: Mapping[str, str]


_kept: list[Readiness] = []
_looking: list[asyncio.Task[Readiness]] = []


async def show_live(_request: Request) -> Response:
    """Answer 200, by which the event loop shows that it runs."""
    return JSONResponse({"status": "ok"})


async def show_ready(_request: Request) -> Response:
    """Answer 200 while people can be served, else 503 and which checks failed."""
    found = _still_good() or await _looked_at_once()
    if found.failed:
        return JSONResponse({"status": "not ready", "failed": dict(found.failed)}, 503)
    return JSONResponse({"status": "ready"})


def look() -> Readiness:
    """Make every check, in a thread that may wait."""
    failed = {}
    for name, check in CHECKS.items():
        if name in _IN_DATABASE and "database" in failed:
            # Nobody can tell while it is away, and one cause is named once.
            continue
        try:
            check()
        except (DatabaseUnavailable, NotReady) as problem:
            failed[name] = str(problem)
    return Readiness(database=_served(), until=monotonic() + KEPT_SECONDS, failed=failed)


def _still_good() -> Readiness | None:
    kept = next(iter(_kept), None)
    if kept is None or kept.database is not _served() or monotonic() >= kept.until:
        return None
    return kept


async def _looked_at_once() -> Readiness:
    """Look, or wait for the look that somebody else has begun."""
    begun = [each for each in _looking if each.get_loop() is asyncio.get_running_loop()]
    if not begun:
        begun = [asyncio.ensure_future(_look())]
        _looking[:] = begun
        begun[0].add_done_callback(_forget)
    # Whoever asked first may hang up; the others still want to know.
    return await asyncio.shield(begun[0])


async def _look() -> Readiness:
    found = await in_lookup_thread(look)
    _kept[:] = [found]
    return found


def _forget(task: asyncio.Task[Readiness]) -> None:
    if task in _looking:
        _looking.remove(task)


def _served() -> Database | None:
    try:
        return current()
    except DatabaseUnavailable:
        return None


def _check_schema() -> None:
    database = current()
    # Reading the migrations takes longer than a probe should; the version holds once seen.
    if database not in _checked:
        schema.check(database.engine)
        _checked[:] = [database]


def _check_database() -> None:
    check_writable(current())


def _check_key() -> None:
    # Its file may have been replaced under a process that runs.
    with reading(waits=False) as session:
        check_mark(session)


def _check_disk() -> None:
    free = free_bytes(current())
    if free is not None and free < LEAST_FREE_BYTES:
        raise NotReady(_DISK_FULL)


def _check_content() -> None:
    try:
        served().library()
    except (BrokenContent, OSError) as error:
        raise NotReady(_NO_CONTENT) from error


CHECKS: Mapping[str, Callable[[], None]] = {
    "schema": _check_schema,
    "database": _check_database,
    "secret key": _check_key,
    "disk": _check_disk,
    "content": _check_content,
}
"""What a page needs, by the name under which it is told when it is missing."""

_IN_DATABASE = {"secret key"}
