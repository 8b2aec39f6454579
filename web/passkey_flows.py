"""The two steps with a passkey: a challenge is handed out, and its answer counts once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from db.engine import reading, writing
from db.models import utc_now
from db.passkeys import NewPasskey, PasskeyUse, find_public_key
from db.sign_in_flows import begin_flow, take_flow
from recovery.errors import AccessDenied, DatabaseUnavailable, RecoveryError, SignInRefused
from recovery.wording import marked, tr
from web.cookies import clear_flow, set_flow
from web.passkey_site import Site, credential_id_of

REFUSED = marked("The passkey was not accepted. Try again, or use your password.")
_CHALLENGE_BYTES = 32
_NOT_KEPT = {"Cache-Control": "no-store"}


class PasskeyRefused(SignInRefused):
    """The answer does not hold; said in the same words whatever is wrong with it."""

    def __init__(self) -> None:
        super().__init__(tr(REFUSED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What this browser was asked, taken back with its answer.

    Attributes:
        site: Whom the passkey has to be for.
        challenge: What the device has to have signed.
        contents: What else was kept between the two steps.
    """

    site: Site
    challenge: bytes
    contents: Mapping[str, str]


def begin_asking(
    purpose: str, contents: Mapping[str, str] | None = None, account_id: UUID | None = None
) -> tuple[str, bytes]:
    """
    Keep a new challenge.

    Returns:
        The id for the browser's cookie, and the challenge.
    """
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    kept = {**(contents or {}), "challenge": challenge.hex()}
    with writing() as session:
        return begin_flow(session, purpose, kept, utc_now(), account_id=account_id), challenge


def take_asked(
    site: Site, purpose: str, flow_ids: Sequence[str], account_id: UUID | None = None
) -> Asked | None:
    """Take back what this browser was asked, right answer or not; None if it was not asked."""
    now = utc_now()
    with writing() as session:
        found = [take_flow(session, purpose, each, now, account_id=account_id) for each in flow_ids]
    contents = next((each for each in found if each is not None), None)
    if contents is None:
        return None
    return Asked(site=site, challenge=bytes.fromhex(contents["challenge"]), contents=contents)


def options_for_new(
    site: Site, challenge: bytes, *, account_id: UUID, username: str, known: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a browser needs to make a passkey; see ``web.ceremonies``."""
    # Imported when asked for, here and below: its library takes a third of a second to load.
    from web import ceremonies  # noqa: PLC0415

    return ceremonies.ask_for_new(
        site, challenge, account_id=account_id, username=username, known=known
    )


def options_for_use(site: Site, challenge: bytes, known: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a browser needs to use a passkey; see ``web.ceremonies``."""
    from web import ceremonies  # noqa: PLC0415

    return ceremonies.ask_for_use(site, challenge, known)


def new_in(asked: Asked | None, answer: object) -> NewPasskey | None:
    """Return the passkey that an answer brings; None unless it holds and is nobody's yet."""
    from web import ceremonies  # noqa: PLC0415

    if asked is None or not isinstance(answer, dict):
        return None
    new = ceremonies.check_new(asked.site, asked.challenge, answer)
    if new is None or _key_of(new.credential_id) is not None:
        return None
    return new


def use_in(asked: Asked | None, answer: object) -> PasskeyUse | None:
    """Return the use of a passkey that an answer shows; None unless it holds."""
    from web import ceremonies  # noqa: PLC0415

    if asked is None or not isinstance(answer, dict):
        return None
    public_key = _key_of(credential_id_of(answer))
    if public_key is None:
        return None
    return ceremonies.check_use(asked.site, asked.challenge, answer, public_key)


def hand_out(request: Request, flow_id: str, options: dict[str, Any]) -> Response:
    """Answer with what the browser needs, and tie it to this browser."""
    response = JSONResponse(options, headers=_NOT_KEPT)
    set_flow(response, request, flow_id)
    return response


def done(request: Request, target: str) -> Response:
    """Answer an accepted passkey with where to go next."""
    response = JSONResponse({"next": target}, headers=_NOT_KEPT)
    clear_flow(response, request)
    return response


def refusal(error: RecoveryError) -> Response:
    """Answer with the one sentence of a refusal."""
    return PlainTextResponse(str(error), _status_of(error), headers=_NOT_KEPT)


def _key_of(credential_id: str) -> bytes | None:
    with reading() as session:
        return find_public_key(session, credential_id)


def _status_of(error: RecoveryError) -> int:
    # The first that fits: a refused passkey is a refused sign-in too, but of no try too many.
    kinds: dict[type[RecoveryError], int] = {
        DatabaseUnavailable: 503,
        AccessDenied: 403,
        PasskeyRefused: 401,
        SignInRefused: 429,
    }
    return next((status for kind, status in kinds.items() if isinstance(error, kind)), 422)
