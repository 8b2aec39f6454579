"""Sign-in at a clinic's own provider, and linking an account there to the one here."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.auth_sessions import SessionInfo, actor_of, start_session
from db.engine import current, reading, writing
from db.identities import Identity, link_identity, note_provider_refusal, open_by_identity
from db.models import utc_now
from db.providers import Provider, find_provider
from db.sign_in_flows import begin_flow, take_flow
from recovery.errors import AccessDenied, DatabaseUnavailable, InvalidEntry, RecoveryError
from recovery.sign_in import SignInWay
from web.cookies import clear_errand, read_errands, set_errand
from web.device import device_of
from web.fresh_proof import confirm_password
from web.origin import local_path, public_origin
from web.paths import PROVIDER_BACK, SIGN_IN
from web.provider_client import (
    NOT_ACCEPTED,
    NOT_SET_UP,
    AnswerRefused,
    ProviderFailed,
    Question,
    address_to_ask,
    new_question,
    who_came_back,
)
from web.sign_in import Opened, begin, client_address, sign_in_page
from web.threads import in_hash_thread, in_lookup_thread
from web.views import notice, page, read_form
from web.visitors import visitor_of

LIFETIME = timedelta(minutes=10)
"""As long as signing in elsewhere may take, with a code from a phone."""

NO_PROVIDER = "This clinic has no sign-in of its own. Use your user name and password."
NOT_LINKED = "This sign-in opens no account here. Sign in another way first, then link it."
BEGUN_ELSEWHERE = "This sign-in was begun elsewhere or took too long. Start again."
NOT_ALLOWED = "You stopped before you were signed in. Start again, or use your password."
ENDED = "Your time here ended before the sign-in was linked. Sign in and link it again."
_IN_DEMO = "A demo has no sign-in of its own. Choose whom to look around as instead."
_PURPOSE = "provider"
_TIE_BYTES = 32
_STATUS = {AnswerRefused: 401, ProviderFailed: 502, DatabaseUnavailable: 503, AccessDenied: 403}


async def show(_request: Request) -> Response:
    """Lead whoever loads an address again, which is for forms, to the sign-in page."""
    return RedirectResponse(SIGN_IN, 303)


async def start(request: Request) -> Response:
    """Send a browser on to a clinic's provider, to sign in."""
    try:
        form = await read_form(request)
        provider = await in_lookup_thread(partial(_provider, _clinic_in(form)))
        return await _send_on(request, provider, form)
    except RecoveryError as error:
        return await _refuse(request, error)


async def link(request: Request) -> Response:
    """Send one of the staff on to the provider of the own clinic, to link the account there."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        form = await read_form(request)
        if not info.actor.role.is_staff:
            raise AccessDenied
        given = info, form.get("password", ""), client_address(request)
        await in_hash_thread(partial(confirm_password, *given))
        provider = await in_lookup_thread(partial(_provider, info.actor.clinic_id))
        session_id = str(info.actor.session_id)
        return await _send_on(request, provider, form, session=session_id)
    except RecoveryError as error:
        return await _refuse(request, error)


async def back(request: Request) -> Response:
    """Take a browser back from a provider: begin a session, or link the account there."""
    state, ties = request.query_params.get("state", ""), read_errands(request.scope)
    try:
        errand = await in_lookup_thread(partial(_take, state, ties))
        response = await _finish(request, errand)
    except RecoveryError as error:
        response = await _refuse(request, error)
    clear_errand(response, request)
    return response


async def _send_on(
    request: Request, provider: Provider, form: dict[str, str], **more: str
) -> Response:
    question = new_question(f"{public_origin(request.scope)}{PROVIDER_BACK}")
    tie = secrets.token_urlsafe(_TIE_BYTES)
    errand = {
        "clinic": str(provider.clinic_id),
        "issuer": provider.issuer,
        "tie": tie,
        "next": local_path(form.get("next", "/")),
        **asdict(question),
        **more,
    }
    state = await in_lookup_thread(partial(_keep, errand))
    address = await address_to_ask(provider, question, state)
    response = page("provider", provider=provider.name, address=address)
    # Not a redirect: browsers hold those to the targets that our pages' forms may have.
    response.headers["Refresh"] = f"0;url={address}"
    set_errand(response, request, tie, LIFETIME)
    return response


async def _finish(request: Request, errand: dict[str, str]) -> Response:
    provider = await in_lookup_thread(partial(_provider, UUID(errand["clinic"])))
    try:
        subject = await _ask(request, provider, errand)
    except (AnswerRefused, ProviderFailed) as error:
        await in_lookup_thread(partial(_note_refusal, provider, str(error)))
        raise
    identity = Identity(issuer=provider.issuer, subject=subject)
    target = local_path(errand["next"])
    if "session" in errand:
        await in_lookup_thread(partial(_link, visitor_of(request), errand["session"], identity))
        return RedirectResponse(target, 303)
    work = partial(_open, provider.clinic_id, identity, device_of(request))
    opened = await in_lookup_thread(work)
    if opened is None:
        raise AnswerRefused(NOT_LINKED)
    return await begin(request, opened, target)


async def _ask(request: Request, provider: Provider, errand: dict[str, str]) -> str:
    """
    Return the provider's key for whoever came back.

    Raises:
        AnswerRefused: If the answer proves nothing.
        ProviderFailed: If the provider does not answer, or says that it cannot.
    """
    answer = request.query_params
    if errand["issuer"] != provider.issuer or answer.get("iss", provider.issuer) != provider.issuer:
        raise AnswerRefused(NOT_ACCEPTED)
    if error := answer.get("error"):
        raise AnswerRefused(NOT_ALLOWED) if error == "access_denied" else ProviderFailed(NOT_SET_UP)
    if not answer.get("code"):
        raise AnswerRefused(NOT_ACCEPTED)
    question = Question(
        nonce=errand["nonce"], verifier=errand["verifier"], redirect_uri=errand["redirect_uri"]
    )
    return await who_came_back(provider, question, answer["code"])


async def _refuse(request: Request, error: RecoveryError) -> Response:
    status = _STATUS.get(type(error), 422)
    if visitor_of(request) is not None or current().is_demo:
        return notice(str(error), status)
    return await sign_in_page(request, status, error=str(error))


def _clinic_in(form: dict[str, str]) -> UUID:
    try:
        return UUID(form.get("clinic", ""))
    except ValueError as error:
        raise InvalidEntry(NO_PROVIDER) from error


def _provider(clinic_id: UUID) -> Provider:
    if current().is_demo:
        raise InvalidEntry(_IN_DEMO)
    with reading() as session:
        found = find_provider(session, clinic_id)
    if found is None:
        raise InvalidEntry(NO_PROVIDER)
    return found


def _keep(errand: dict[str, str]) -> str:
    with writing() as session:
        return begin_flow(session, _PURPOSE, errand, utc_now(), lifetime=LIFETIME)


def _take(state: str, ties: tuple[str, ...]) -> dict[str, str]:
    """
    Take away what was kept under *state*; of any number that come with it one gets it.

    Raises:
        AnswerRefused: If nothing is kept there, or another browser began it.
    """
    with writing() as session:
        errand = take_flow(session, _PURPOSE, state, utc_now())
    # Raised only here, so that what another browser began is gone too.
    if errand is None or not any(_is_same(errand["tie"], tie) for tie in ties):
        raise AnswerRefused(BEGUN_ELSEWHERE)
    return errand


def _is_same(kept: str, brought: str) -> bool:
    return secrets.compare_digest(kept.encode(), brought.encode())


def _open(clinic_id: UUID, identity: Identity, device: str) -> Opened | None:
    with writing() as session:
        found = open_by_identity(session, clinic_id, identity)
        if found is None:
            return None
        token = start_session(
            session,
            found.account_id,
            found.role,
            utc_now(),
            way=SignInWay.PROVIDER,
            device=device,
        )
    return Opened(token, found.must_change_password)


def _link(info: SessionInfo | None, begun_in: str, identity: Identity) -> None:
    """
    Link an account at a provider to the account of the session in which that was begun.

    Raises:
        AnswerRefused: If that session is not the one which is open now.
        InvalidEntry: If the account there is linked to another one.
    """
    if info is None or str(info.actor.session_id) != begun_in:
        raise AnswerRefused(ENDED)
    now = utc_now()
    with writing() as session:
        actor = actor_of(session, info.actor.session_id, now)
        if actor is None:
            raise AnswerRefused(ENDED)
        link_identity(session, actor, identity, now)


def _note_refusal(provider: Provider, reason: str) -> None:
    with writing() as session:
        note_provider_refusal(session, provider.clinic_id, reason)
