"""
Asking a clinic's own provider who somebody is: OpenID Connect with a code, done by Authlib.

What the provider publishes about itself decides where we ask, so only what is needed is taken
from it, and only addresses that nobody on the way can read.
"""

import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import anyio
import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteOAuth2App
from joserfc.errors import JoseError

from db.providers import Provider
from recovery.errors import RecoveryError
from recovery.sign_in import is_on_this_machine, is_private_address

LIMIT_SECONDS = 10.0
"""How long a provider may take for all that one step asks of it."""

SILENT = "Your clinic's sign-in does not answer now. Use your password, or try again later."
NOT_SET_UP = "Your clinic's sign-in is not set up right. Use your password and tell the clinic."
NOT_ACCEPTED = "The answer of your clinic's sign-in was not accepted. Start again."

_WELL_KNOWN = "/.well-known/openid-configuration"
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed by the provider alone; a secret that both sides know could sign as well as it.
_ALGORITHMS = frozenset(
    f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in ("256", "384", "512")
)
_ALWAYS_OFFERED = "RS256"
_CLOCKS_APART_SECONDS = 60
_SECRET_BYTES = 48
# Each waits for another machine; a flood of them must not use up this one.
_UNDER_WAY = anyio.CapacityLimiter(16)
# What a provider sends may have any shape; Authlib meets some of it with these.
_MISSHAPEN = (
    httpx2.InvalidURL,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
)


class ProviderFailed(RecoveryError):
    """The provider does not answer, or not as a provider does."""


class AnswerRefused(RecoveryError):
    """The provider's answer proves nothing about who came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    What was asked, to hold the answer against.

    Attributes:
        nonce: Comes back inside the signed answer.
        verifier: Proves that who fetches the answer is who asked (PKCE).
        redirect_uri: Where the provider sends the browser back to.
    """

    nonce: str
    verifier: str
    redirect_uri: str


def new_question(redirect_uri: str) -> Question:
    """Return a question that nobody can guess."""
    return Question(
        nonce=secrets.token_urlsafe(_SECRET_BYTES),
        verifier=secrets.token_urlsafe(_SECRET_BYTES),
        redirect_uri=redirect_uri,
    )


async def address_to_ask(provider: Provider, question: Question, state: str) -> str:
    """
    Return the provider's page on which somebody signs in.

    Raises:
        ProviderFailed: If the provider does not say where that is.
    """
    async with _bounded():
        app = await _discovered(provider)
        asked = await app.create_authorization_url(
            question.redirect_uri,
            state=state,
            nonce=question.nonce,
            code_verifier=question.verifier,
        )
    return str(asked["url"])


async def who_came_back(provider: Provider, question: Question, code: str) -> str:
    """
    Fetch the answer behind *code*, and return the provider's key for whoever signed in.

    The answer counts if the provider signed it, for us, in answer to *question*, just now.

    Raises:
        AnswerRefused: If it does not.
        ProviderFailed: If the provider does not answer.
    """
    async with _bounded():
        app = await _discovered(provider)
        token = await app.fetch_access_token(
            question.redirect_uri, code=code, code_verifier=question.verifier
        )
        claims = await app.parse_id_token(
            token,
            question.nonce,
            claims_options={
                "iss": {"essential": True, "values": [provider.issuer]},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
            leeway=_CLOCKS_APART_SECONDS,
        )
        if claims is None:
            raise AnswerRefused(NOT_ACCEPTED)
        return str(claims["sub"])


async def _discovered(provider: Provider) -> StarletteOAuth2App:
    asking = _app(provider, server_metadata_url=f"{provider.issuer.rstrip('/')}{_WELL_KNOWN}")
    published = await asking.load_server_metadata()
    # The rest is left out: Authlib would take settings of its client from it too.
    return _app(provider, **_needed(published, provider.issuer))


def _needed(published: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    addresses = {name: published.get(name) for name in _ADDRESSES}
    if published.get("issuer") != issuer:
        raise ProviderFailed(NOT_SET_UP)
    if not all(_may_be_asked(address, issuer) for address in addresses.values()):
        raise ProviderFailed(NOT_SET_UP)
    offered = published.get("id_token_signing_alg_values_supported") or []
    methods = published.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    is_by_header = "client_secret_basic" in methods
    return addresses | {
        "issuer": issuer,
        "id_token_signing_alg_values_supported": sorted(_ALGORITHMS & {*offered, _ALWAYS_OFFERED}),
        "token_endpoint_auth_method": "client_secret_basic"
        if is_by_header
        else "client_secret_post",
    }


def _may_be_asked(address: object, issuer: str) -> bool:
    """Tell whether to ask there; a provider elsewhere names no address on this machine."""
    if not isinstance(address, str) or not is_private_address(address):
        return False
    return is_on_this_machine(issuer) or not is_on_this_machine(address)


def _app(provider: Provider, **known: Any) -> StarletteOAuth2App:
    return StarletteOAuth2App(
        None,
        client_id=provider.client_id,
        client_secret=provider.secret,
        client_kwargs={
            "scope": "openid",
            # Always, whether or not the provider says that it looks at it.
            "code_challenge_method": "S256",
            "follow_redirects": False,
            "timeout": LIMIT_SECONDS,
            "verify": _trusted(),
        },
        **known,
    )


@cache
def _trusted() -> ssl.SSLContext:
    # Reading the machine's certificates anew for each of some five requests takes 20 ms each.
    return httpx2.create_ssl_context()


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    try:
        with anyio.fail_after(LIMIT_SECONDS):
            async with _UNDER_WAY:
                yield
    except (TimeoutError, httpx2.HTTPError) as error:
        raise ProviderFailed(SILENT) from error
    except OAuthError as error:
        # A code that was used or is made up; anything else is between the two servers.
        if error.error == "invalid_grant":
            raise AnswerRefused(NOT_ACCEPTED) from error
        raise ProviderFailed(NOT_SET_UP) from error
    except JoseError as error:
        raise AnswerRefused(NOT_ACCEPTED) from error
    except _MISSHAPEN as error:
        raise ProviderFailed(NOT_SET_UP) from error
