"""The page on which people look after their own passkeys."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.local_forms import full_day
from db.audit import note_act
from db.auth_sessions import SessionInfo
from db.clinics import clinic_settings
from db.engine import current, reading, writing
from db.models import utc_now
from db.passkeys import (
    MAX_NAME_LENGTH,
    add_passkey,
    check_may_add,
    check_may_remove,
    has_password,
    list_passkeys,
    remove_passkey,
)
from db.sign_in_counters import Counters, give_back
from recovery.days import today_in
from recovery.errors import AccessDenied, RecoveryError
from recovery.wording import marked, tr
from web.cookies import read_flows
from web.device import device_of
from web.fresh_proof import Change, ask_for_proof, check_password, is_by_password, prove
from web.passkey_flows import (
    PasskeyRefused,
    done,
    hand_out,
    new_in,
    options_for_new,
    refusal,
)
from web.passkey_site import site_of
from web.paths import PASSKEYS, SIGN_IN
from web.sign_in import client_address, count_or_refuse
from web.threads import in_hash_thread, in_lookup_thread
from web.views import notice, page, read_json, text_in
from web.visitors import visitor_of

_DONE = {"add": "added", "remove": "removed"}
_NOTES = {
    "added": marked("The passkey is added. You can sign in with it from now on."),
    "removed": marked("The passkey is removed. You are signed out everywhere else."),
}


async def show(request: Request) -> Response:
    """List the own passkeys, with what it takes to add and remove one."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    if current().is_demo:
        return notice(tr("A demo keeps no passkeys. Go back to your start page."), 403)
    shown = await in_lookup_thread(partial(_look, info))
    note = next((tr(text) for key, text in _NOTES.items() if key in request.query_params), None)
    return page("passkeys", note=note, username=info.username, **shown)


async def ask_to_add(request: Request) -> Response:
    """Hand out what a device needs to make a passkey, to whoever knows the password."""
    return await _hand_out(request, "add", _ask_to_add)


async def ask_to_remove(request: Request) -> Response:
    """Hand out what a device needs to prove who asks, unless the password will."""
    return await _hand_out(request, "remove", _ask_to_remove)


async def add(request: Request) -> Response:
    """Add the passkey that the device made."""
    return await _change(request, "add", _add)


async def remove(request: Request) -> Response:
    """Remove a passkey; every other session of the account ends."""
    return await _change(request, "remove", _remove)


async def _hand_out(
    request: Request, act: str, work: Callable[[Change], tuple[str, dict[str, Any]]]
) -> Response:
    try:
        change = await _change_of(request, act)
        flow_id, options = await in_hash_thread(partial(work, change))
    except RecoveryError as error:
        return refusal(error)
    return hand_out(request, flow_id, options)


async def _change(request: Request, act: str, work: Callable[[Change], None]) -> Response:
    try:
        change = await _change_of(request, act)
        await in_hash_thread(partial(work, change))
    except RecoveryError as error:
        return refusal(error)
    return done(request, f"{PASSKEYS}?{_DONE[act]}=1")


async def _change_of(request: Request, act: str) -> Change:
    info = visitor_of(request)
    if info is None:
        raise AccessDenied
    sent = await read_json(request)
    return Change(
        # A proof to remove one passkey does not remove another.
        act=f"{act} {text_in(sent, 'passkey')}",
        site=site_of(request),
        info=info,
        sent=sent,
        flow_ids=read_flows(request.scope),
        address=client_address(request),
        device=device_of(request)[:MAX_NAME_LENGTH],
    )


def _ask_to_add(change: Change) -> tuple[str, dict[str, Any]]:
    with reading() as session:
        check_may_add(session, change.account_id, _name_in(change))
        known = [each.credential_id for each in list_passkeys(session, change.account_id)]
    # Before the device makes a passkey for nothing; it is asked for again when it is added.
    if is_by_password(change):
        check_password(change)
    flow_id, challenge, options = ask_for_proof(change, known)
    made = options_for_new(
        change.site,
        challenge,
        account_id=change.account_id,
        username=change.info.username,
        known=known,
    )
    return flow_id, options | {"make": made}


def _ask_to_remove(change: Change) -> tuple[str, dict[str, Any]]:
    with writing() as session:
        check_may_remove(session, change.account_id, text_in(change.sent, "passkey"))
        known = [each.credential_id for each in list_passkeys(session, change.account_id)]
    flow_id, _, options = ask_for_proof(change, known)
    return flow_id, options


def _add(change: Change) -> None:
    asked = prove(change)
    now, counters = utc_now(), Counters.of_passkey(change.address)
    count_or_refuse(counters, now)
    new = new_in(asked, change.sent.get("made"))
    session_id = change.info.actor.session_id
    with writing() as session:
        is_added = new is not None and add_passkey(
            session, change.account_id, new, _name_in(change), now, session_id=session_id
        )
        if is_added:
            give_back(session, counters)
        else:
            note_act(session, change.info.actor, "passkey.refused")
    # Raised only here, so that the count and the audit of a refused try are kept.
    if not is_added:
        raise PasskeyRefused


def _remove(change: Change) -> None:
    prove(change)
    with writing() as session:
        remove_passkey(session, change.info.actor, text_in(change.sent, "passkey"), utc_now())


def _name_in(change: Change) -> str:
    return text_in(change.sent, "name").strip() or change.device


def _look(info: SessionInfo) -> dict[str, Any]:
    account_id = info.actor.account_id
    with reading() as session:
        zone = clinic_settings(session, info.actor).time_zone
        passkeys = list_passkeys(session, account_id)
        is_by_password = has_password(session, account_id)
    shown = [
        {
            "credential_id": each.credential_id,
            "name": each.name,
            "added": _day(zone, each.created_at),
            "used": _day(zone, each.last_used_at) if each.last_used_at else None,
        }
        for each in passkeys
    ]
    return {"passkeys": shown, "has_password": is_by_password}


def _day(zone: str, at: datetime) -> str:
    return full_day(today_in(zone, at))
