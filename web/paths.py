"""Which paths are open, which need a session, and which are answered to nobody."""

from enum import StrEnum

from starlette.datastructures import Headers
from starlette.types import Scope

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
LOG_OUT = "/auth/logout"
DEMO_SIGN_IN = "/demo-sign-in"
PASSWORD = "/account/password"  # noqa: S105 - a path, not a password
CODE = "/account/code"
PASSKEYS = "/account/passkeys"
PASSKEY_SIGN_IN = "/sign-in/passkey"
PASSKEY_JOIN = "/join/passkey"
PASSKEY_ADD = f"{PASSKEYS}/add"
PASSKEY_REMOVE = f"{PASSKEYS}/remove"
OPTIONS = "/options"
"""Behind the path of a passkey: where a browser asks what is needed for it."""

SETUP = "/setup"
SETUP_DEMO = "/setup/demo"
JOIN = "/join"
LETTER = "/invitation-letter"
PROVIDER_START = "/provider/start"
PROVIDER_LINK = "/provider/link"
PROVIDER_UNLINK = "/provider/unlink"
PROVIDER_BACK = "/provider/back"
"""Where a clinic's own provider sends people back to; registered there."""

MY_RECORD = "/my-data/record.json"
MY_DAYS = "/my-data/days.csv"
MY_EVENTS = "/my-data/events.csv"
MY_QUESTIONNAIRES = "/my-data/questionnaires.csv"
AUDIT = "/audit-log.csv"
REVIEW = "/review-list.csv"
PRINT = "/print"
HEALTH = "/healthz"
READY = "/readyz"
METRICS = "/metrics"
PROBES = frozenset({HEALTH, READY, METRICS})
"""What machines ask for, without a session; the last wants a token of its own."""

ASSETS = "/assets"

_PASSKEY_STEPS = (PASSKEY_SIGN_IN, PASSKEY_JOIN, PASSKEY_ADD, PASSKEY_REMOVE)
_PASSKEY_PATHS = frozenset(f"{path}{step}" for path in _PASSKEY_STEPS for step in ("", OPTIONS))

OWN_PAGES = _PASSKEY_PATHS | frozenset(
    {
        SIGN_IN,
        SIGN_OUT,
        LOG_OUT,
        DEMO_SIGN_IN,
        PASSWORD,
        CODE,
        PASSKEYS,
        SETUP,
        SETUP_DEMO,
        JOIN,
        LETTER,
        PROVIDER_START,
        PROVIDER_LINK,
        PROVIDER_UNLINK,
        PROVIDER_BACK,
        MY_RECORD,
        MY_DAYS,
        MY_EVENTS,
        MY_QUESTIONNAIRES,
        AUDIT,
        REVIEW,
        PRINT,
        *PROBES,
    }
)
"""Paths answered by web/ itself; the rest is Streamlit's."""

WAYS_OUT = frozenset({SIGN_OUT, LOG_OUT})
"""What a session may reach before signing in is finished."""

CHOOSES_LANGUAGE = frozenset({SIGN_IN, JOIN})
"""Pages whose address may name a language, before anybody is signed in."""

STAFF_PAGES = frozenset(
    {
        SETUP,
        SETUP_DEMO,
        CODE,
        LETTER,
        PROVIDER_START,
        PROVIDER_LINK,
        PROVIDER_UNLINK,
        PROVIDER_BACK,
        AUDIT,
        REVIEW,
    }
)
"""Pages that only the clinic's staff meets; they are English."""

_FILE_PREFIXES = ("/static/", f"{ASSETS}/")
_FILES = frozenset({"/_stcore/health", "/favicon.ico", "/favicon.png"})
_OPEN_PASSKEYS = (PASSKEY_SIGN_IN, PASSKEY_JOIN)
_OPEN = frozenset(
    {
        SIGN_IN,
        DEMO_SIGN_IN,
        SETUP,
        SETUP_DEMO,
        JOIN,
        PROVIDER_START,
        PROVIDER_BACK,
        *(path for path in _PASSKEY_PATHS if path.startswith(_OPEN_PASSKEYS)),
    }
)
# Nothing is uploaded, the agent interface stays off, and sign-in is our own.
_NOBODY_PREFIXES = (
    "/_stcore/agent",
    "/_stcore/upload_file",
    "/_stcore/script-health",
    "/app/static",
)
_NOBODY = frozenset({"/_stcore/metrics", "/auth/login", "/oauth2callback"})
_MACHINE_PREFIXES = ("/_stcore/", "/media/", "/component/")


class Reach(StrEnum):
    """Who a path is for."""

    FILE = "file"
    HEALTH = "health"
    OPEN = "open"
    SIGNED_IN = "signed in"
    NOBODY = "nobody"


def reach_of(path: str) -> Reach:
    """Classify a path; whatever is not named is for the signed-in."""
    if path in _NOBODY or path.startswith(_NOBODY_PREFIXES):
        return Reach.NOBODY
    if path in PROBES:
        return Reach.HEALTH
    if path in _FILES or path.startswith(_FILE_PREFIXES):
        return Reach.FILE
    return Reach.OPEN if path in _OPEN else Reach.SIGNED_IN


def is_machine_path(path: str) -> bool:
    """Tell whether a path is one that Streamlit's scripts ask for, and no page."""
    return path.startswith(_MACHINE_PREFIXES)


def is_page_request(scope: Scope) -> bool:
    """Tell whether a person's browser asks for a page, which may be answered by another."""
    if is_machine_path(scope["path"]):
        return False
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" or (mode is None and "text/html" in headers.get("accept", ""))
