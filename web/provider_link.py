"""The page on which one of the staff links an account at the clinic's own provider, or unlinks it."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.auth_sessions import SessionInfo
from db.engine import current, reading, writing
from db.identities import Identity, list_identities, unlink_identity
from db.models import utc_now
from db.providers import find_provider
from recovery.errors import AccessDenied, RecoveryError
from web.fresh_proof import confirm_password
from web.paths import PROVIDER_LINK, SIGN_IN
from web.sign_in import client_address
from web.threads import in_hash_thread, in_lookup_thread
from web.views import notice, page, read_form
from web.visitors import visitor_of

_NOTES = {
    "linked": "Linked. You can sign in that way from now on.",
    "unlinked": "Unlinked. That sign-in opens nothing here any more.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Links:
    """What the page shows: the clinic's provider, if it has one, and the own links to it."""

    provider: str | None
    identities: list[Identity]


async def show(request: Request) -> Response:
    """Show what is linked, and both forms."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    note = next((text for key, text in _NOTES.items() if key in request.query_params), None)
    return await _form(info, note=note)


async def unlink(request: Request) -> Response:
    """Unlink an account at the provider; it takes the password, as linking does."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        form = await read_form(request)
        given = info, form.get("password", ""), client_address(request)
        await in_hash_thread(partial(confirm_password, *given))
        identity = Identity(issuer=form.get("issuer", ""), subject=form.get("subject", ""))
        await in_lookup_thread(partial(_unlink, info, identity))
    except AccessDenied as refusal:
        return notice(str(refusal), 403)
    except RecoveryError as error:
        return await _form(info, 422, error=str(error))
    return RedirectResponse(f"{PROVIDER_LINK}?unlinked=1", 303)


async def _form(info: SessionInfo, status: int = 200, **shown: str | None) -> Response:
    if not info.actor.role.is_staff or current().is_demo:
        return notice(str(AccessDenied()), 403)
    try:
        links = await in_lookup_thread(partial(_look, info))
    except RecoveryError as refusal:
        return notice(str(refusal), 503)
    return page("provider_link", status, links=links, **{"note": None, "error": None} | shown)


def _look(info: SessionInfo) -> _Links:
    with reading() as session:
        provider = find_provider(session, info.actor.clinic_id)
        return _Links(
            provider=None if provider is None else provider.name,
            identities=list_identities(session, info.actor.account_id),
        )


def _unlink(info: SessionInfo, identity: Identity) -> None:
    with writing() as session:
        unlink_identity(session, info.actor, identity, utc_now())
