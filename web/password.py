"""Setting an own password; all that a starting password may be used for."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from db.accounts import change_password, check_password_rules
from db.auth_sessions import SessionInfo, start_session, take_over
from db.engine import writing
from db.models import utc_now
from db.sign_in import finish_sign_in
from recovery.errors import InvalidEntry, RecoveryError, SignInRefused
from recovery.wording import marked, tr
from web.cookies import set_token
from web.paths import SIGN_IN
from web.sign_in import ENDED_MEANWHILE, begin_try, client_address
from web.threads import in_hash_thread
from web.views import page, read_form
from web.visitors import visitor_of

_WRONG = marked("The present password is not right. Type it again.")


async def show(request: Request) -> Response:
    """Draw the form."""
    info = visitor_of(request)
    return RedirectResponse(SIGN_IN, 303) if info is None else _form(info)


async def submit(request: Request) -> Response:
    """Change the password and go on with a new session; all others end."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        form = await read_form(request)
        new = form.get("new", "")
        check_password_rules(new, info.username)
        if new != form.get("again", ""):
            raise InvalidEntry(tr("The two new passwords differ. Type the same one twice."))
        change = partial(_change, info, form.get("current", ""), new, client_address(request))
        token = await in_hash_thread(change)
    except RecoveryError as error:
        return _form(info, 422, str(error))
    response = RedirectResponse("/", 303)
    set_token(response, request, token)
    return response


def _change(info: SessionInfo, current: str, new: str, address: str) -> str:
    """Return the token of the new session; tries are counted as at sign-in."""
    now = utc_now()
    attempt = begin_try(info.username, address, now)
    is_right = attempt.verify(current)
    with writing() as session:
        opened = finish_sign_in(session, attempt, password=current, is_right=is_right)
    if opened is None:
        raise InvalidEntry(tr(_WRONG))
    with writing() as session:
        if not take_over(session, info.actor.session_id, now):
            raise SignInRefused(tr(ENDED_MEANWHILE))
        change_password(session, opened.account_id, current=current, new=new)
        return start_session(
            session, opened.account_id, opened.role, now, way=info.way, device=info.device
        )


def _form(info: SessionInfo, status: int = 200, error: str | None = None) -> Response:
    return page(
        "password",
        status,
        username=info.username,
        is_first=info.must_change_password,
        error=error,
    )
