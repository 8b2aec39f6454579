"""The first page of an empty database: the first clinic, or a look around."""

import threading
from datetime import datetime
from functools import cache, partial
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.accounts import create_first_clinic, has_accounts
from db.auth_sessions import start_session
from db.engine import reading, serve, writing
from db.models import utc_now
from db.set_up_code import forget_set_up_code, is_set_up_code
from db.sign_in_counters import Counters, give_back
from recovery.access import Role
from recovery.errors import InvalidEntry, RecoveryError
from web.cookies import set_token
from web.demo import open_demo, remove_demos
from web.device import device_of
from web.origin import is_loopback_only
from web.paths import SIGN_IN
from web.sign_in import client_address, count_or_refuse
from web.threads import in_hash_thread, in_lookup_thread
from web.views import page, read_form

# One at a time: else a clinic could be made while a demo takes its place.
_door = threading.Lock()
_FIELDS = ("code", "clinic_name", "time_zone", "display_name", "username")
_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/",
    "Indian/", "Pacific/",
)  # fmt: skip


async def show(request: Request) -> Response:
    """Draw the form, or go to sign-in when the clinic is set up."""
    if await in_lookup_thread(_is_set_up):
        return RedirectResponse(SIGN_IN, 303)
    return _form(request, {})


async def submit(request: Request) -> Response:
    """Make the first clinic and sign its administrator in."""
    typed: dict[str, str] = {}
    try:
        typed = await read_form(request)
        if await in_lookup_thread(_is_set_up):
            return RedirectResponse(SIGN_IN, 303)
        check = partial(_check_code, typed.get("code", ""), client_address(request), utc_now())
        await in_lookup_thread(check)
        if typed.get("password", "") != typed.get("again", ""):
            raise InvalidEntry("The two passwords differ. Type the same one twice.")
        token = await in_hash_thread(partial(_create, typed, device_of(request), utc_now()))
    except RecoveryError as error:
        return _form(request, typed, 422, str(error))
    response = RedirectResponse("/", 303)
    set_token(response, request, token)
    return response


async def submit_demo(request: Request) -> Response:
    """Serve a throw-away demo clinic until the next start."""
    if not is_loopback_only(request.scope):
        sentence = "The demo opens only on the machine that runs Mendline."
        return _form(request, {}, 403, sentence)
    try:
        await in_hash_thread(_serve_demo)
    except RecoveryError as error:
        return _form(request, {}, 503, str(error))
    return RedirectResponse(SIGN_IN, 303)


def _check_code(typed: str, address: str, now: datetime) -> None:
    """Refuse a wrong code; its tries are counted for all processes together."""
    counters = Counters.of_set_up(address)
    count_or_refuse(counters, now)
    with writing() as session:
        if not is_set_up_code(session, typed, now):
            raise InvalidEntry("The code is not right. Copy it from the terminal.")
        give_back(session, counters)


def _is_set_up() -> bool:
    with reading() as session:
        return has_accounts(session)


def _serve_demo() -> None:
    """Serve a demo, unless somebody set up a clinic before or while it was made."""
    with _door:
        if _is_set_up():
            return
        demo = open_demo()
        # Asked again, since the command line may have made a clinic meanwhile.
        if _is_set_up():
            remove_demos()
        else:
            serve(demo)


def _create(typed: dict[str, str], device: str, now: datetime) -> str:
    with _door, writing() as session:
        account_id = create_first_clinic(
            session,
            clinic_name=typed.get("clinic_name", ""),
            time_zone=typed.get("time_zone", ""),
            username=typed.get("username", ""),
            display_name=typed.get("display_name", ""),
            password=typed.get("password", ""),
        )
        forget_set_up_code(session)
        return start_session(
            session, account_id, Role.ADMINISTRATOR, now, needs_code=True, device=device
        )


@cache
def _time_zones() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def _form(
    request: Request, typed: dict[str, str], status: int = 200, error: str | None = None
) -> Response:
    return page(
        "set_up",
        status,
        typed={field: typed.get(field, "") for field in _FIELDS},
        time_zones=_time_zones(),
        offers_demo=is_loopback_only(request.scope),
        error=error,
    )
