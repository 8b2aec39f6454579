"""Using an invitation: a code becomes an account whose password nobody else ever knew."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from db.audit import note_bare_act
from db.auth_sessions import start_session
from db.engine import Session, act
from db.invitations import UNUSABLE, NewAccount, Offer, clean_code, find_offer, redeem
from db.models import utc_now
from db.passwords import check_password_rules, hash_password
from db.sign_in_counters import Counters, give_back
from recovery.errors import InvalidEntry, RecoveryError, SignInRefused
from recovery.wording import language, tr
from web.device import device_of
from web.language import other_languages, with_choice
from web.paths import JOIN
from web.sign_in import Opened, begin, client_address, count_or_refuse
from web.threads import in_hash_thread, in_lookup_thread
from web.views import page, read_form

_FIELDS = ("code", "username", "display_name")


async def show(request: Request) -> Response:
    """
    Ask for a code, filled in when the address brings one.

    It is looked up only when the form is sent, so that no other site's page can use up a
    person's tries by fetching this address.
    """
    typed = {"code": request.query_params.get("code", "")}
    return with_choice(_page(request, typed), request)


async def submit(request: Request) -> Response:
    """Look at a typed code, or make the account and sign its holder in."""
    typed: dict[str, str] = {}
    try:
        form = await read_form(request)
        typed = {name: form.get(name, "") for name in _FIELDS}
        if "password" not in form:
            return await _offer(request, typed)
        if form["password"] != form.get("again", ""):
            raise InvalidEntry(tr("The two passwords differ. Type the same one twice."))
        given = (typed, form["password"], client_address(request), device_of(request))
        make = partial(_make, *given)
        token = await in_hash_thread(make)
    except SignInRefused as error:
        return _page(request, typed, 429, error=str(error))
    except RecoveryError as error:
        return await _offer(request, typed, error=str(error))
    return await begin(request, Opened(token), "/")


async def _offer(request: Request, typed: dict[str, str], error: str | None = None) -> Response:
    """Draw the second step for a code that opens something, else the first with why not."""
    work = partial(look, typed.get("code", ""), client_address(request))
    try:
        offer = await in_lookup_thread(work)
    except RecoveryError as refusal:
        status = 429 if isinstance(refusal, SignInRefused) else 422
        return _page(request, typed, status, error=str(refusal))
    return _page(request, typed, 422 if error else 200, offer=offer, error=error)


def _page(
    request: Request,
    typed: dict[str, str],
    status: int = 200,
    *,
    offer: Offer | None = None,
    error: str | None = None,
) -> Response:
    languages = other_languages(request, JOIN, code=typed.get("code", ""))
    return page("join", status, offer=offer, typed=typed, error=error, languages=languages)


def look(code: str, address: str) -> Offer:
    """
    Return what a code opens; a wrong one counts against the address.

    Raises:
        InvalidEntry: If it opens nothing.
        SignInRefused: While the address has tried too often.
    """
    now = utc_now()
    counters = Counters.of_code(address)
    count_or_refuse(counters, now)

    def find(session: Session) -> Offer | None:
        found = find_offer(session, code, now)
        if found is not None:
            give_back(session, counters)
        else:
            note_bare_act(session, "invitation.refused", clinic_id=None)
        return found

    # Done twice, it takes one more try off the address, or is refused twice in the audit.
    offer = act(find, is_keyed=True)
    # Raised only here, so that the count and the audit of a refused try are kept.
    if offer is None:
        raise InvalidEntry(tr(UNUSABLE))
    return offer


def _make(typed: dict[str, str], password: str, address: str, device: str) -> str:
    """
    Return the token of the new account's first session.

    Names that are taken count against the code, so that its holder cannot ask who is here.
    """
    now = utc_now()
    look(typed["code"], address)
    check_password_rules(password, typed["username"].strip())
    counters = Counters.of_choice(clean_code(typed["code"]), address)
    count_or_refuse(counters, now)
    chosen = NewAccount(
        username=typed["username"],
        display_name=typed["display_name"],
        password_hash=hash_password(password),
        language=language(),
    )

    def begin(session: Session) -> str:
        opened = redeem(session, typed["code"], chosen, now)
        give_back(session, counters)
        return start_session(session, opened.account_id, opened.role, now, device=device)

    return act(begin)
