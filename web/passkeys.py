"""Signing in with a passkey instead of a name and a password."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from db.auth_sessions import start_session
from db.engine import Session, act
from db.models import utc_now
from db.passkeys import note_refusal, open_by_passkey
from db.sign_in_counters import Counters, give_back
from recovery.errors import RecoveryError
from recovery.sign_in import SignInWay
from web.cookies import read_flows
from web.device import device_of
from web.origin import local_path
from web.passkey_flows import (
    PasskeyRefused,
    begin_asking,
    done,
    hand_out,
    options_for_use,
    refusal,
    take_asked,
    use_in,
)
from web.passkey_site import Site, credential_id_of, site_of
from web.sign_in import Opened, client_address, count_or_refuse, hand_over, next_step
from web.threads import in_lookup_thread
from web.views import read_json, text_in

_PURPOSE = "passkey sign-in"


async def ask(request: Request) -> Response:
    """Hand out a challenge; the device offers the passkeys that it holds for this site."""
    try:
        flow_id, options = await in_lookup_thread(partial(_ask, site_of(request)))
    except RecoveryError as error:
        return refusal(error)
    return hand_out(request, flow_id, options)


async def sign_in(request: Request) -> Response:
    """Check the answer of a device, and begin a session."""
    try:
        site, sent = site_of(request), await read_json(request)
        flow_ids, address = read_flows(request.scope), client_address(request)
        work = partial(_open, site, sent, flow_ids, address, device_of(request))
        opened = await in_lookup_thread(work)
    except RecoveryError as error:
        return refusal(error)
    target = local_path(text_in(sent, "next"))
    return await hand_over(request, opened, done(request, next_step(opened, target)))


def _ask(site: Site) -> tuple[str, dict[str, Any]]:
    flow_id, challenge = begin_asking(_PURPOSE)
    return flow_id, {"use": options_for_use(site, challenge)}


def _open(
    site: Site, sent: dict[str, Any], flow_ids: Sequence[str], address: str, device: str
) -> Opened:
    """
    Begin a session for whoever holds the passkey and verified it at the device.

    No one-time code is asked for after that; a starting password is changed all the same.

    Raises:
        PasskeyRefused: In the same words whatever is wrong.
        SignInRefused: While the address has tried too often.
    """
    now, counters = utc_now(), Counters.of_passkey(address)
    count_or_refuse(counters, now)
    answer = sent.get("used")
    use = use_in(take_asked(site, _PURPOSE, flow_ids), answer)

    def begin(session: Session) -> Opened | None:
        if use is None:
            note_refusal(session, credential_id_of(answer))
            return None
        account = open_by_passkey(session, use, now)
        if account is None:
            return None
        give_back(session, counters)
        token = start_session(
            session, account.account_id, account.role, now, way=SignInWay.PASSKEY, device=device
        )
        return Opened(token, account.must_change_password)

    begun = act(begin)
    # Raised only here, so that the count and the audit of a refused try are kept.
    if begun is None:
        raise PasskeyRefused
    return begun
