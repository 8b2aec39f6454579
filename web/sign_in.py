"""Sign-in and sign-out."""

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.audit import note_act
from db.auth_sessions import SessionInfo, revoke, start_session
from db.engine import Session, act, current, reading, writing
from db.models import utc_now
from db.providers import ProviderChoice, list_providers
from db.sign_in import AccountSummary, Attempt, begin_sign_in, find_sign_in_lock, finish_sign_in
from db.sign_in_counters import Counters, count_try, find_lock
from recovery.access import Role
from recovery.errors import DatabaseUnavailable, InvalidEntry, RecoveryError, SignInRefused
from recovery.wording import marked, tr, trn
from web.cookies import clear_token, set_token
from web.device import device_of
from web.language import other_languages, remember_language, with_choice
from web.origin import is_loopback_only, local_path
from web.paths import CODE, PASSWORD, SIGN_IN
from web.threads import in_hash_thread, in_lookup_thread
from web.views import page, read_form
from web.visitors import visitor_of

WRONG = marked("The user name or the password is not right. Check both and try again.")
DEMO_CLOSED = marked("The demo opens only on the machine that runs it. Ask its owner.")
ENDED_MEANWHILE = marked("Your time here ended meanwhile. Sign in again.")
_NOTES = {
    "ended": marked(
        "Your time here has ended. Sign in again to go on. What you had entered is kept."
    ),
    "out": marked("You are signed out."),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just begun, and whether a step of signing in is left."""

    token: str
    must_change_password: bool = False
    needs_code: bool = False


async def show(request: Request) -> Response:
    """Draw the sign-in page, or go on when somebody is signed in already."""
    target = local_path(request.query_params.get("next", "/"))
    if visitor_of(request) is not None:
        return RedirectResponse(target, 303)
    note = next((tr(text) for key, text in _NOTES.items() if key in request.query_params), None)
    return with_choice(await sign_in_page(request, target=target, note=note), request)


async def submit(request: Request) -> Response:
    """Check a name and a password, and begin a session."""
    username, target = "", "/"
    try:
        form = await read_form(request)
        username, target = form.get("username", ""), local_path(form.get("next", "/"))
        password = form.get("password", "")
        if not username.strip() or not password:
            raise InvalidEntry(tr("Enter your user name and your password."))
        address = client_address(request)
        work = partial(sign_in, username, password, address, device_of(request))
        opened = await in_hash_thread(work)
    except RecoveryError as error:
        status = 401 if isinstance(error, SignInRefused) else 422
        return await sign_in_page(
            request, status, target=target, username=username, error=str(error)
        )
    return await begin(request, opened, target)


async def submit_demo(request: Request) -> Response:
    """Begin a session as the first person of a role, in a demo clinic on this machine."""
    if not current().is_demo or not is_loopback_only(request.scope):
        return await sign_in_page(request, 403, error=tr(DEMO_CLOSED))
    try:
        role = Role((await read_form(request)).get("role", ""))
        opened = await in_lookup_thread(partial(_open_demo, role, device_of(request)))
    except ValueError:
        said = tr("Choose whom to look around as.")
        return await sign_in_page(request, 422, error=said)
    except RecoveryError as error:
        return await sign_in_page(request, 422, error=str(error))
    return await begin(request, opened, "/")


async def sign_out(request: Request) -> Response:
    """End the session at the server, take the cookie back, and go to sign-in."""
    info = visitor_of(request)
    if info is not None:
        await in_lookup_thread(partial(_end, info))
    response = RedirectResponse(f"{SIGN_IN}?out=1", 303)
    if info is not None and not info.actor.role.is_staff:
        remember_language(response, request, info.actor.language)
    response.headers["Clear-Site-Data"] = '"cache"'
    clear_token(response, request)
    return response


async def log_out(request: Request) -> Response:
    """Sign out when our own page or the person asked; ask first when another site did."""
    if request.headers.get("sec-fetch-site") in {"same-origin", "none"}:
        return await sign_out(request)
    return page("sign_out")


def sign_in(username: str, password: str, address: str, device: str) -> Opened:
    """
    Check a password, which takes about 0.1 s outside any transaction.

    Raises:
        SignInRefused: In the same words and after the same time for unknown names.
    """
    now = utc_now()
    attempt = begin_try(username, address, now)
    is_right = attempt.verify(password)

    def finish(session: Session) -> Opened | None:
        opened = finish_sign_in(session, attempt, password=password, is_right=is_right)
        return None if opened is None else _start(session, opened, now, device)

    # Done twice, it opens a session that nobody holds, and takes one more try off the address.
    begun = act(finish, is_keyed=True)
    # Raised only here, so that the count and the audit of a refused try are kept.
    if begun is None:
        raise SignInRefused(tr(WRONG))
    return begun


def asks_for_code(role: Role) -> bool:
    """Tell whether a password alone does not open the account: staff, but not in a demo."""
    return role.is_staff and not current().is_demo


def begin_try(username: str, address: str, now: datetime) -> Attempt:
    """
    Count one try; while the name or the address is locked nothing is written at all.

    Raises:
        SignInRefused: With how long to wait.
    """
    with reading() as session:
        locked_until = find_sign_in_lock(session, username=username, address=address, now=now)
    if locked_until is None:
        attempt = act(
            lambda session: begin_sign_in(session, username=username, address=address, now=now),
            # Counted twice at worst.
            is_keyed=True,
        )
        if attempt.locked_until is None:
            return attempt
        locked_until = attempt.locked_until
    raise SignInRefused(wait_text(locked_until, now))


def count_or_refuse(counters: Counters, now: datetime) -> None:
    """
    Count a try of a code; while it is locked nothing is written at all.

    Raises:
        SignInRefused: With how long to wait.
    """
    with reading() as session:
        locked_until = find_lock(session, counters, now)
    if locked_until is None:
        locked_until = act(lambda session: count_try(session, counters, now), is_keyed=True)
    if locked_until is not None:
        raise SignInRefused(wait_text(locked_until, now))


def wait_text(locked_until: datetime, now: datetime) -> str:
    """Say in plain words how long to wait."""
    seconds = (locked_until - now).total_seconds()
    minutes = math.ceil(seconds / 60)
    if seconds <= 30:  # noqa: PLR2004 - said in words below it
        return tr("There were too many tries. Wait half a minute and try again.")
    return trn(
        "There were too many tries. Wait {count} minute and try again.",
        "There were too many tries. Wait {count} minutes and try again.",
        minutes,
    )


def client_address(request: Request) -> str:
    """Return the network address that tries are counted against."""
    return request.client.host if request.client else "unknown"


async def begin(request: Request, opened: Opened, target: str) -> Response:
    """Hand over a session that was just begun, and go on to *target*."""
    return await hand_over(request, opened, RedirectResponse(next_step(opened, target), 303))


async def hand_over(request: Request, opened: Opened, response: Response) -> Response:
    """Put a session that was just begun in the place of the one that was open, if any."""
    # A sign-in over an open session ends that one, so a planted token is worth nothing.
    previous = visitor_of(request)
    if previous is not None:
        await in_lookup_thread(partial(_end, previous))
    set_token(response, request, opened.token)
    return response


async def sign_in_page(request: Request, status: int = 200, **shown: str | None) -> Response:
    """Draw the sign-in page with what was typed, an *error* or a *note*."""
    is_open_demo = current().is_demo and is_loopback_only(request.scope)
    context = {"target": "/", "username": "", "note": None, "error": None} | shown
    roles = list(Role) if is_open_demo else []
    providers = [] if current().is_demo else await in_lookup_thread(_providers)
    return page(
        "sign_in",
        status,
        roles=roles,
        providers=providers,
        languages=other_languages(request, SIGN_IN, next=context["target"] or "/"),
        **context,
    )


def _providers() -> list[ProviderChoice]:
    # A busy database must not refuse the page; a password still opens an account.
    with suppress(DatabaseUnavailable), reading() as session:
        return list_providers(session)
    return []


def next_step(opened: Opened, target: str) -> str:
    """Return where signing in goes on: to a step that is left, else to *target*."""
    if opened.needs_code:
        return CODE if target == "/" else f"{CODE}?next={quote(target, safe='/')}"
    return PASSWORD if opened.must_change_password else target


def _start(session: Session, opened: AccountSummary, now: datetime, device: str) -> Opened:
    needs_code = asks_for_code(opened.role)
    token = start_session(
        session, opened.account_id, opened.role, now, needs_code=needs_code, device=device
    )
    return Opened(token, opened.must_change_password, needs_code)


def _open_demo(role: Role, device: str) -> Opened:
    # Imported when asked for: a clinic's own server never needs it.
    from db.demo import find_demo_account  # noqa: PLC0415

    with writing() as session:
        account_id = find_demo_account(session, role)
        if account_id is None:
            raise InvalidEntry(tr("This demo has nobody in that role."))
        token = start_session(session, account_id, role, utc_now(), device=device)
    return Opened(token)


def _end(info: SessionInfo) -> None:
    with writing() as session:
        revoke(session, info.actor.session_id, utc_now())
        note_act(session, info.actor, "sign_out")
