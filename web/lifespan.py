"""What happens when the server starts and stops."""

import asyncio
import gc
import importlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import NoReturn

import anyio.to_thread

from content.errors import BrokenContent, unreadable
from content.shelf import served
from db import schema
from db.accounts import has_accounts
from db.damage import START_SECONDS, refuse_damage
from db.engine import Database, open_configured, reading, serve, writing
from db.key_mark import check_key_of
from db.models import utc_now
from db.passwords import dummy_hash
from db.secret_key import is_key_named, secret_keys
from db.set_up_code import set_up_code
from recovery.errors import RecoveryError
from web.collecting import keep_collecting
from web.demo import open_demo, remove_demos
from web.deployment import NO_KEY, Deployment, InvalidDeployment, check_listening, read_deployment
from web.jobs import jobs, keep_running
from web.observing.door import MetricsDoor
from web.observing.lifetime import measured, open_port, read_settings
from web.observing.logs import line_of, set_up_logs, watch_stray_errors
from web.options import has_certificate, served_address
from web.origin import listening_on

_SLOW_IMPORTS = ("pandas", "pyarrow", "altair")
_BINDING_POLLS = 100
_POLL_SECONDS = 0.05
_TRUE = {"1", "true", "yes", "on"}


@asynccontextmanager
async def lifespan(
    app: object,  # noqa: ARG001 - the interface
    *,
    warm_up: Callable[[], None] | None = None,
) -> AsyncIterator[dict[str, object] | None]:
    """
    Open the database before the first request, and close it after the last.

    Args:
        app: The application, which is not asked.
        warm_up: Loads what pages need before somebody opens one.
    """
    set_up_logs(os.environ)
    watch_stray_errors()
    try:
        door = read_settings(os.environ)
        deployment = read_deployment(os.environ)
        _check_sockets(deployment)
        _check_key(deployment)
        await anyio.to_thread.run_sync(_read_content)
        database = await anyio.to_thread.run_sync(partial(open_served, is_demo=wants_demo()))
        await anyio.to_thread.run_sync(_warm_up, warm_up)
        _announce(database, deployment)
    except RecoveryError as error:
        _refuse_start(str(error))
    watcher = asyncio.create_task(_check_late_sockets(deployment, door))
    running = [asyncio.create_task(keep_running(database, each)) for each in jobs()]
    running.append(asyncio.create_task(keep_collecting()))
    try:
        async with measured(door):
            yield None
    finally:
        watcher.cancel()
        for each in running:
            each.cancel()
        database.engine.dispose()
        remove_demos()


def wants_demo() -> bool:
    """Tell whether the start asked for a throw-away demo clinic."""
    return "--demo" in sys.argv[1:] or os.environ.get("MENDLINE_DEMO", "").lower() in _TRUE


def open_served(*, is_demo: bool) -> Database:
    """
    Open the database to serve, and make its tables when it is empty.

    Raises:
        DatabaseUnavailable: If it is damaged, cannot be used, is of another version, or was
            sealed with another secret key than this process has.
    """
    if is_demo:
        return serve(open_demo())
    # Made or read before anybody needs it, so that what is wrong with it shows at once.
    secret_keys()
    opened = open_configured()
    if not refuse_damage(opened.engine, seconds=START_SECONDS):
        _say("The database is large: only its first part was looked at for damage.")
    if schema.revision_of(opened.engine) is None:
        schema.upgrade(opened.engine)
    schema.check(opened.engine)
    check_key_of(opened)
    return serve(opened)


def _read_content() -> None:
    """Read what pages say before anybody asks, so that what is broken in it shows at once."""
    try:
        served()
    except BrokenContent as broken:
        _refuse_start(f"Its content has to be mended first:\n{broken}")
    except OSError as error:
        _refuse_start(f"Its content has to be mended first:\n{unreadable(error)}")


def _check_key(deployment: Deployment) -> None:
    """Want the key named where others are served, so that a new machine does not make another."""
    if deployment.may_be_reached and not wants_demo() and not is_key_named():
        raise InvalidDeployment(NO_KEY)


def _check_sockets(deployment: Deployment) -> None:
    addresses = [host for host, _ in listening_on()]
    check_listening(deployment, addresses, has_certificate=has_certificate())


async def _check_late_sockets(deployment: Deployment, door: MetricsDoor) -> None:
    """End the process when the sockets that uvicorn opens after our start are not allowed."""
    for _ in range(_BINDING_POLLS):
        await asyncio.sleep(_POLL_SECONDS)
        if listening_on():
            break
    try:
        _check_sockets(deployment)
        open_port(door)
    except RecoveryError as error:
        _refuse_start(str(error))


def _warm_up(also: Callable[[], None] | None) -> None:
    # Else the first person to open a chart waits a second for these.
    for name in _SLOW_IMPORTS:
        importlib.import_module(name)
    if also is not None:
        also()
    dummy_hash()
    # What stands now stands until the end: looked through again and again for garbage, it
    # would hold up a page for some tens of milliseconds each time.
    gc.collect()
    gc.freeze()


def _announce(database: Database, deployment: Deployment) -> None:
    # First, since it may refuse the start.
    code = None if database.is_demo else _code_of_empty(database)
    address = deployment.site or served_address()
    if address is not None:
        _say(f"Mendline is open at {address}")
    if database.is_demo:
        _say("This is a demo clinic. Nothing entered in it is kept.")
    if code is not None:
        _say(f"No clinic yet. Open the address in a browser; the code is {code}")


def _code_of_empty(database: Database) -> str | None:
    """Return the set-up code while nobody can sign in; None afterwards."""
    with reading(database) as session:
        if has_accounts(session):
            return None
    with writing(database) as session:
        return set_up_code(session, utc_now())


def _say(sentence: str) -> None:
    # Addressed to whoever started the server.
    print(line_of(sentence, os.environ), flush=True)  # noqa: T201


def _refuse_start(sentence: str) -> NoReturn:
    remove_demos()
    line = line_of(f"Mendline did not start. {sentence}", os.environ, is_error=True)
    print(line, file=sys.stderr, flush=True)  # noqa: T201
    # Raising here would reach the terminal as a traceback, whichever server runs us.
    os._exit(1)
