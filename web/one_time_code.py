"""The second step of signing in: a one-time code, and setting up the device that makes them."""

from dataclasses import dataclass
from functools import partial

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.audit import note_act
from db.auth_sessions import SessionInfo, start_session, take_over
from db.engine import Session, act, reading, writing
from db.models import utc_now
from db.one_time_codes import (
    WRONG_CODE,
    CodeSetUp,
    confirm_set_up,
    count_recovery_codes,
    has_codes,
    is_setting_up,
    start_set_up,
    take_code,
)
from db.open_sessions import end_other_sessions
from db.sign_in_counters import Counters, give_back
from recovery.errors import InvalidEntry, RecoveryError, SignInRefused
from recovery.wording import tr
from web.cookies import set_token
from web.fresh_proof import confirm_password
from web.origin import local_path
from web.paths import SIGN_IN
from web.sign_in import (
    ENDED_MEANWHILE,
    asks_for_code,
    begin_try,
    client_address,
    count_or_refuse,
)
from web.threads import in_hash_thread, in_lookup_thread
from web.views import page, read_form
from web.visitors import visitor_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """
    A session that was just begun.

    Attributes:
        token: Its token.
        recovery_codes: New ones to write down, the one time they are known.
    """

    token: str
    recovery_codes: list[str]


async def show(request: Request) -> Response:
    """Ask for a code, show how to set up a device, or offer to change it."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    if not asks_for_code(info.actor.role):
        return RedirectResponse("/", 303)
    return await _form(info, local_path(request.query_params.get("next", "/")))


async def submit(request: Request) -> Response:
    """Take a code and go on with a session that opens the app, or change the device."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    if not asks_for_code(info.actor.role):
        return RedirectResponse("/", 303)
    target = "/"
    try:
        form = await read_form(request)
        target = local_path(form.get("next", "/"))
        address = client_address(request)
        if not info.needs_code and await in_lookup_thread(partial(_has_finished, info)):
            await in_hash_thread(partial(_allow_another, info, form, address))
            return await _form(info, target)
        if not info.needs_code and not await in_lookup_thread(partial(_has_device, info)):
            # A session alone, on a machine that was left, sets up nobody's device.
            given = info, form.get("password", ""), address
            await in_hash_thread(partial(confirm_password, *given))
        passed = await in_lookup_thread(partial(_pass, info, form.get("code", "")))
        if passed is None:
            raise InvalidEntry(WRONG_CODE)
    except RecoveryError as error:
        status = 429 if isinstance(error, SignInRefused) else 422
        return await _form(info, target, status, str(error))
    if passed.recovery_codes:
        response: Response = page("recovery_codes", codes=passed.recovery_codes, target=target)
    else:
        response = RedirectResponse(target, 303)
    set_token(response, request, passed.token)
    return response


def _pass(info: SessionInfo, typed: str) -> _Passed | None:
    """
    Check a code and begin a session with a new token in place of the one that waited for it.

    Returns:
        None if the code is not right; the try stays counted and in the audit.

    Raises:
        InvalidEntry: If the first code of a new device is not right.
        SignInRefused: While there were too many tries.
    """
    now, account_id = utc_now(), info.actor.account_id
    counters = Counters.of_one_time_code(account_id)
    count_or_refuse(counters, now)

    def check(session: Session) -> _Passed | None:
        recovery_codes = []
        if is_setting_up(session, account_id, info.actor.session_id):
            recovery_codes = confirm_set_up(session, account_id, info.actor.session_id, typed, now)
            end_other_sessions(session, info.actor, now)
        elif not take_code(session, account_id, typed, now):
            note_act(session, info.actor, "code.refused")
            return None
        give_back(session, counters)
        return _Passed(token=_begin_anew(session, info), recovery_codes=recovery_codes)

    return act(check)


def _allow_another(info: SessionInfo, form: dict[str, str], address: str) -> None:
    """
    Show a new device's key to whoever has both proofs; the old device works until it is confirmed.

    Raises:
        InvalidEntry: If one of them is not right.
        SignInRefused: While there were too many tries.
    """
    now, account_id = utc_now(), info.actor.account_id
    attempt = begin_try(info.username, address, now)
    counters = Counters.of_one_time_code(account_id)
    count_or_refuse(counters, now)
    is_right = attempt.verify(form.get("password", ""))
    with writing() as session:
        # A code is used up only together with the right password.
        is_right = is_right and take_code(session, account_id, form.get("code", ""), now)
        if is_right:
            give_back(session, counters)
            give_back(session, attempt.counters)
            start_set_up(session, account_id, info.actor.session_id, has_proof=True)
        else:
            note_act(session, info.actor, "code.refused")
    # Raised only here, so that the count and the audit of a refused try are kept.
    if not is_right:
        raise InvalidEntry("The password or the code is not right. Type both again.")


def _begin_anew(session: Session, info: SessionInfo) -> str:
    """
    Begin a session in place of the one that asks.

    Raises:
        SignInRefused: If that one ended meanwhile.
    """
    now, actor = utc_now(), info.actor
    if not take_over(session, actor.session_id, now):
        raise SignInRefused(tr(ENDED_MEANWHILE))
    return start_session(
        session, actor.account_id, actor.role, now, way=info.way, device=info.device
    )


async def _form(
    info: SessionInfo, target: str, status: int = 200, error: str | None = None
) -> Response:
    try:
        shown = await in_lookup_thread(partial(_look, info))
    except RecoveryError as refusal:
        return page("notice", 503, sentence=str(refusal))
    if isinstance(shown, CodeSetUp):
        qr = segno.make(shown.address, error="m").svg_data_uri(scale=5, border=4, light="#ffffff")
        return page(
            "code_set_up",
            status,
            qr=qr,
            secret=shown.secret,
            asks_password=not info.needs_code and not shown.is_replacement,
            target=target,
            error=error,
        )
    name = "code" if info.needs_code else "code_change"
    return page(name, status, codes_left=shown, target=target, error=error)


def _has_device(info: SessionInfo) -> bool:
    with reading() as session:
        return has_codes(session, info.actor.account_id)


def _has_finished(info: SessionInfo) -> bool:
    """Tell whether there is a device and no new one is being set up in this session."""
    account_id, session_id = info.actor.account_id, info.actor.session_id
    with reading() as session:
        return has_codes(session, account_id) and not is_setting_up(session, account_id, session_id)


def _look(info: SessionInfo) -> CodeSetUp | int:
    """Return what a new device needs, or how many recovery codes an old one has left."""
    account_id = info.actor.account_id
    if _has_finished(info):
        with reading() as session:
            return count_recovery_codes(session, account_id)
    with writing() as session:
        return start_set_up(session, account_id, info.actor.session_id)
