"""Whether the server can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from db import schema
from db.accounts import has_accounts
from db.engine import Database, current, reading
from recovery.errors import DatabaseUnavailable
from web.threads import in_lookup_thread

_checked: list[Database] = []


async def show(_request: Request) -> Response:
    """Answer 200 while the database is there and of this version, else 503 and why."""
    try:
        await in_lookup_thread(_probe)
    except DatabaseUnavailable as error:
        return JSONResponse({"status": "unavailable", "reason": str(error)}, 503)
    return JSONResponse({"status": "ok"})


def _probe() -> None:
    database = current()
    # Reading the migrations takes longer than a probe should; the version holds once seen.
    if database not in _checked:
        schema.check(database.engine)
        _checked[:] = [database]
    with reading(database, waits=False) as session:
        has_accounts(session)
