"""Response headers that hold for everything this server sends."""

import base64
import hashlib
import re
from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from web.cookies import is_secure
from web.shell import shell_page

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OWN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: forms would then say "Origin: null" and be refused.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def with_headers(scope: Scope, send: Send, *, is_own_page: bool) -> Send:
    """Return *send* with the security headers added to each response's start."""

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            add_headers(MutableHeaders(scope=message), scope, is_own_page=is_own_page)
        await send(message)

    return sender


@cache
def app_policy() -> str:
    """
    Return the content policy of the Streamlit pages.

    Its inline scripts are allowed by the hash of what is sent; nothing is evaluated, and
    nothing is fetched from another host.
    """
    scripts = " ".join(f"'sha256-{digest}'" for digest in _inline_script_hashes())
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def add_headers(headers: MutableHeaders, scope: Scope, *, is_own_page: bool) -> None:
    """Add to *headers*, of an answer to the request of *scope*, what holds for every answer."""
    for name, value in _FIXED.items():
        headers[name] = value
    if is_secure(scope):
        headers["Strict-Transport-Security"] = "max-age=31536000"
        _secure_cookies(headers)
    kind = headers.get("content-type", "")
    # Files and plain sentences too, so that no other site shows them in a frame of its own.
    if is_own_page or kind.startswith("text/html"):
        headers["Content-Security-Policy"] = _OWN_POLICY if is_own_page else app_policy()
    if kind.startswith("text/html") or scope["path"].startswith("/media/"):
        headers["Cache-Control"] = "no-store"


def _secure_cookies(headers: MutableHeaders) -> None:
    """Mark Streamlit's own cookies Secure; behind a proxy it does not know about TLS."""
    raw = headers.raw
    for position, (name, value) in enumerate(raw):
        if name == b"set-cookie" and b"secure" not in value.lower():
            raw[position] = (name, value + b"; Secure")


def _inline_script_hashes() -> list[str]:
    return [_digest(script) for script in _INLINE_SCRIPT.findall(shell_page())]


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
