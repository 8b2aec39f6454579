"""Every path that is answered beside Streamlit."""

from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from web import (
    downloads,
    health,
    join,
    letter,
    one_time_code,
    own_passkeys,
    passkey_join,
    passkeys,
    password,
    print_page,
    provider,
    provider_link,
    set_up,
    sign_in,
)
from web.gate import Gate
from web.observing import door
from web.observing.requests import Observed
from web.paths import (
    ASSETS,
    AUDIT,
    CODE,
    DEMO_SIGN_IN,
    HEALTH,
    JOIN,
    LETTER,
    LOG_OUT,
    METRICS,
    MY_DAYS,
    MY_EVENTS,
    MY_QUESTIONNAIRES,
    MY_RECORD,
    OPTIONS,
    PASSKEY_ADD,
    PASSKEY_JOIN,
    PASSKEY_REMOVE,
    PASSKEY_SIGN_IN,
    PASSKEYS,
    PASSWORD,
    PRINT,
    PROVIDER_BACK,
    PROVIDER_LINK,
    PROVIDER_START,
    PROVIDER_UNLINK,
    READY,
    REVIEW,
    SETUP,
    SETUP_DEMO,
    SIGN_IN,
    SIGN_OUT,
)

MIDDLEWARE = (Middleware(Observed), Middleware(Gate))
"""What every request passes, outermost first: it is counted, then let in or not."""

_ASSETS_FOLDER = Path(__file__).parent / "assets"


def routes() -> list[BaseRoute]:
    """Return the routes that come before Streamlit's own."""
    own = _routes()
    answered = {route.path for route in own if "GET" in (route.methods or ())}
    forms = {route.path for route in own} - answered
    # Whoever loads the address of a form again is led home, not to an empty page.
    ways_home = [Route(path, _lead_home, methods=["GET"]) for path in sorted(forms)]
    return [*own, *ways_home, Mount(ASSETS, StaticFiles(directory=_ASSETS_FOLDER))]


async def _lead_home(_request: Request) -> Response:
    return RedirectResponse("/", 303)


def _routes() -> list[Route]:
    return [
        Route(HEALTH, health.show_live, methods=["GET"]),
        Route(READY, health.show_ready, methods=["GET"]),
        Route(METRICS, door.show, methods=["GET"]),
        Route(SIGN_IN, sign_in.show, methods=["GET"]),
        Route(SIGN_IN, sign_in.submit, methods=["POST"]),
        Route(DEMO_SIGN_IN, sign_in.submit_demo, methods=["POST"]),
        Route(SIGN_OUT, sign_in.sign_out, methods=["POST"]),
        Route(LOG_OUT, sign_in.log_out, methods=["GET"]),
        Route(PASSWORD, password.show, methods=["GET"]),
        Route(PASSWORD, password.submit, methods=["POST"]),
        Route(CODE, one_time_code.show, methods=["GET"]),
        Route(CODE, one_time_code.submit, methods=["POST"]),
        Route(PASSKEYS, own_passkeys.show, methods=["GET"]),
        *_passkey_steps(),
        Route(SETUP, set_up.show, methods=["GET"]),
        Route(SETUP, set_up.submit, methods=["POST"]),
        Route(SETUP_DEMO, set_up.submit_demo, methods=["POST"]),
        Route(JOIN, join.show, methods=["GET"]),
        Route(JOIN, join.submit, methods=["POST"]),
        Route(LETTER, letter.show, methods=["GET"]),
        Route(LETTER, letter.submit, methods=["POST"]),
        Route(PROVIDER_START, provider.show, methods=["GET"]),
        Route(PROVIDER_START, provider.start, methods=["POST"]),
        Route(PROVIDER_LINK, provider_link.show, methods=["GET"]),
        Route(PROVIDER_LINK, provider.link, methods=["POST"]),
        Route(PROVIDER_UNLINK, provider_link.unlink, methods=["POST"]),
        Route(PROVIDER_BACK, provider.back, methods=["GET"]),
        Route(MY_RECORD, downloads.show_record, methods=["GET"]),
        Route(MY_DAYS, downloads.show_table, methods=["GET"]),
        Route(MY_EVENTS, downloads.show_table, methods=["GET"]),
        Route(MY_QUESTIONNAIRES, downloads.show_table, methods=["GET"]),
        Route(AUDIT, downloads.show_audit, methods=["GET"]),
        Route(REVIEW, downloads.show_review, methods=["GET"]),
        Route(PRINT, print_page.show, methods=["GET"]),
    ]


def _passkey_steps() -> list[Route]:
    """Return two routes for each thing done with a passkey: what is asked, and the answer."""
    steps = {
        PASSKEY_SIGN_IN: (passkeys.ask, passkeys.sign_in),
        PASSKEY_JOIN: (passkey_join.ask, passkey_join.join),
        PASSKEY_ADD: (own_passkeys.ask_to_add, own_passkeys.add),
        PASSKEY_REMOVE: (own_passkeys.ask_to_remove, own_passkeys.remove),
    }
    return [
        route
        for path, (ask, answer) in steps.items()
        for route in (
            Route(f"{path}{OPTIONS}", ask, methods=["POST"]),
            Route(path, answer, methods=["POST"]),
        )
    ]
