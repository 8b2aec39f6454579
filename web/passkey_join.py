"""Using an invitation with a passkey: an account that has no password at all."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from db.accounts import free_username
from db.auth_sessions import start_session
from db.engine import reading, writing
from db.invitations import NewAccount, clean_code, redeem
from db.models import new_id, utc_now
from db.passkeys import MAX_NAME_LENGTH, add_passkey, note_refusal
from db.passwords import no_password
from db.sign_in_counters import Counters, give_back
from recovery.access import Role
from recovery.errors import RecoveryError
from recovery.sign_in import SignInWay
from recovery.text import require_text
from recovery.wording import language, marked
from web.cookies import read_flows
from web.device import device_of
from web.join import look
from web.passkey_flows import (
    PasskeyRefused,
    begin_asking,
    done,
    hand_out,
    new_in,
    options_for_new,
    refusal,
    take_asked,
)
from web.passkey_site import Site, credential_id_of, site_of
from web.sign_in import Opened, client_address, count_or_refuse, hand_over
from web.threads import in_hash_thread, in_lookup_thread
from web.views import read_json, text_in

_PURPOSE = "passkey join"


async def ask(request: Request) -> Response:
    """Look at code and user name, and hand out what a device needs to make a passkey."""
    try:
        site, sent = site_of(request), await read_json(request)
        work = partial(_ask, site, sent, client_address(request))
        flow_id, options = await in_lookup_thread(work)
    except RecoveryError as error:
        return refusal(error)
    return hand_out(request, flow_id, options)


async def join(request: Request) -> Response:
    """Make the account with the passkey that the device made, and sign its holder in."""
    try:
        site, sent = site_of(request), await read_json(request)
        flow_ids, address = read_flows(request.scope), client_address(request)
        work = partial(_make, site, sent, flow_ids, address, device_of(request))
        token = await in_hash_thread(work)
    except RecoveryError as error:
        return refusal(error)
    return await hand_over(request, Opened(token), done(request, "/"))


def _ask(site: Site, sent: dict[str, Any], address: str) -> tuple[str, dict[str, Any]]:
    """
    Check everything that can be refused before the device makes a passkey for nothing.

    Each user name asked for counts against the code, so that its holder cannot ask who is here.
    """
    code = text_in(sent, "code")
    offer = look(code, address)
    name = text_in(sent, "display_name")
    if offer.role is Role.CARER:
        require_text(name, what=marked("name"))
    count_or_refuse(Counters.of_choice(clean_code(code), address), utc_now())
    with reading() as session:
        username = free_username(session, text_in(sent, "username"))
    account_id = new_id()
    kept = {"account": str(account_id), "username": username, "name": name}
    flow_id, challenge = begin_asking(_PURPOSE, kept)
    options = options_for_new(site, challenge, account_id=account_id, username=username)
    return flow_id, {"make": options}


def _make(
    site: Site, sent: dict[str, Any], flow_ids: Sequence[str], address: str, device: str
) -> str:
    """
    Return the token of the new account's first session.

    Raises:
        PasskeyRefused: In the same words whatever is wrong with the passkey.
        SignInRefused: While the address has tried too often.
        InvalidEntry: If the code opens nothing any more, or somebody took the name.
    """
    code = text_in(sent, "code")
    look(code, address)
    now, counters = utc_now(), Counters.of_passkey(address)
    count_or_refuse(counters, now)
    asked = take_asked(site, _PURPOSE, flow_ids)
    new = new_in(asked, sent.get("made"))
    if asked is None or new is None:
        with writing() as session:
            note_refusal(session, credential_id_of(sent.get("made")))
        raise PasskeyRefused
    chosen = NewAccount(
        username=asked.contents["username"],
        display_name=asked.contents["name"],
        password_hash=no_password(),
        account_id=UUID(asked.contents["account"]),
        language=language(),
    )
    with writing() as session:
        opened = redeem(session, code, chosen, now)
        if not add_passkey(session, opened.account_id, new, device[:MAX_NAME_LENGTH], now):
            raise PasskeyRefused
        give_back(session, counters)
        give_back(session, Counters.of_choice(clean_code(code), address))
        return start_session(
            session, opened.account_id, opened.role, now, way=SignInWay.PASSKEY, device=device
        )
