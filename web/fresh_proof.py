"""
A fresh proof of who somebody is, in the request that changes how an account is opened.

An open session alone, on a machine that was left, changes nothing: it takes the password, or
a passkey of an account that has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.audit import note_act
from db.auth_sessions import SessionInfo
from db.engine import reading, writing
from db.models import utc_now
from db.passkeys import has_password, prove_by_passkey
from db.sign_in_counters import Counters, give_back
from recovery.errors import InvalidEntry
from recovery.wording import marked, tr
from web.passkey_flows import (
    Asked,
    PasskeyRefused,
    begin_asking,
    options_for_use,
    take_asked,
    use_in,
)
from web.passkey_site import Site
from web.sign_in import begin_try, count_or_refuse
from web.views import text_in

_PURPOSE = "own passkeys"
_WRONG_PASSWORD = marked("The password is not right. Type it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One request to change own passkeys.

    Attributes:
        act: What is to be done; a proof for one act is none for another.
        site: Whom the passkeys are for.
        info: Who asks, in which session.
        sent: What the page's script sent.
        flow_ids: What this browser was asked before.
        address: Where tries are counted.
        device: What a new passkey is called when its owner names it nothing.
    """

    act: str
    site: Site
    info: SessionInfo
    sent: dict[str, Any]
    flow_ids: Sequence[str]
    address: str
    device: str

    @property
    def account_id(self) -> UUID:
        """Whose passkeys these are."""
        return self.info.actor.account_id


def ask_for_proof(change: Change, known: Sequence[str]) -> tuple[str, bytes, dict[str, Any]]:
    """
    Keep a challenge for this act in this session.

    Returns:
        The id for the browser's cookie, the challenge, and what the browser needs to use one
        of the *known* passkeys; that is empty when the password will be the proof.
    """
    flow_id, challenge = begin_asking(_PURPOSE, _tied_to(change), change.account_id)
    if is_by_password(change):
        return flow_id, challenge, {}
    return flow_id, challenge, {"use": options_for_use(change.site, challenge, known)}


def prove(change: Change) -> Asked | None:
    """
    Take back what was asked, and check that the account's owner is still here.

    Returns:
        None if nothing was asked of this browser for this act in this session.

    Raises:
        InvalidEntry: If the password is not right.
        PasskeyRefused: If the passkey is not accepted.
        SignInRefused: While there were too many tries.
    """
    asked = take_asked(change.site, _PURPOSE, change.flow_ids, change.account_id)
    if asked is not None and not _tied_to(change).items() <= asked.contents.items():
        asked = None
    if is_by_password(change):
        check_password(change)
    else:
        _check_passkey(change, asked)
    return asked


def is_by_password(change: Change) -> bool:
    """Tell whether the account has a password, which then is the proof."""
    with reading() as session:
        return has_password(session, change.account_id)


def check_password(change: Change) -> None:
    """
    Check the password that was sent along; tries are counted as at sign-in.

    Raises:
        InvalidEntry: If it is missing or not right.
        SignInRefused: While there were too many tries.
    """
    confirm_password(change.info, text_in(change.sent, "password"), change.address)


def confirm_password(info: SessionInfo, password: str, address: str) -> None:
    """
    Check that whoever is signed in knows the password; tries are counted as at sign-in.

    Raises:
        InvalidEntry: If it is missing or not right.
        SignInRefused: While there were too many tries.
    """
    if not password:
        raise InvalidEntry(tr("Type your password first."))
    attempt = begin_try(info.username, address, utc_now())
    is_right = attempt.verify(password)
    with writing() as session:
        if is_right:
            give_back(session, attempt.counters)
        else:
            note_act(session, info.actor, "proof.refused")
    if not is_right:
        raise InvalidEntry(tr(_WRONG_PASSWORD))


def _tied_to(change: Change) -> dict[str, str]:
    return {"session": str(change.info.actor.session_id), "act": change.act}


def _check_passkey(change: Change, asked: Asked | None) -> None:
    now, counters = utc_now(), Counters.of_passkey(change.address)
    count_or_refuse(counters, now)
    use = use_in(asked, change.sent.get("used"))
    with writing() as session:
        is_proved = use is not None and prove_by_passkey(session, change.info.actor, use, now)
        if use is None:
            note_act(session, change.info.actor, "passkey.refused")
        if is_proved:
            give_back(session, counters)
    if not is_proved:
        raise PasskeyRefused
