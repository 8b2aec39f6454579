"""
A real identity provider on this machine, and ways to bend what it answers.

It does not check the proof of PKCE itself, so what it heard is kept for tests to look at.
"""

import base64
import io
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import authlib.deprecate  # noqa: F401 - sets how its warnings are shown, over what is set below
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Request, Response

with warnings.catch_warnings():
    # It stands on a part of Authlib that is being replaced.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oidc_provider_mock import run_server_in_thread

ITS_OWN_WARNINGS = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
"""For tests that let it sign answers: how it does that is going out of use."""

CLIENT_ID = "mendline-at-oak"
SECRET = "canary-of-the-client-secret-71"
DISCOVERY, JWKS = "/.well-known/openid-configuration", "/jwks"
AUTHORIZE, TOKEN = "/oauth2/authorize", "/oauth2/token"
Bend = Callable[[Response], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """A request that the provider received."""

    path: str
    sent: dict[str, str]
    authorization: str


@dataclass(slots=True)
class RealProvider:
    """
    A provider that runs now.

    Attributes:
        issuer: Its address.
        heard: What it received, in order.
        bends: What to do to its answer, by path.
    """

    issuer: str
    heard: list[Heard] = field(default_factory=list)
    bends: dict[str, Bend] = field(default_factory=dict)

    def asked(self, path: str) -> list[dict[str, str]]:
        """Return what was sent to a path."""
        return [each.sent for each in self.heard if each.path == path]

    def bend_token(self, key: RSAKey | None = None, **claims: Any) -> None:
        """Change claims of the answer, signed with a key that the provider then publishes."""
        own = key or RSAKey.generate_key(2048, {"kid": "bent"})

        def sign(found: dict[str, Any]) -> str:
            header = {"alg": "RS256", "kid": own.kid}
            return jwt.encode(header, {**found, **claims}, own)

        self.bend_id_token(sign)
        self.bends[JWKS] = lambda response: response.set_data(
            json.dumps({"keys": [own.as_dict(private=False)]})
        )

    def bend_id_token(self, remade: Callable[[dict[str, Any]], str]) -> None:
        """Make the signed answer anew from its claims."""

        def bend(response: Response) -> None:
            token = json.loads(response.get_data())
            token["id_token"] = remade(claims_of(token["id_token"]))
            response.set_data(json.dumps(token))

        self.bends[TOKEN] = bend

    def bend_json(self, path: str, **changes: Any) -> None:
        """Change fields of a JSON answer."""

        def bend(response: Response) -> None:
            response.set_data(json.dumps(json.loads(response.get_data()) | changes))

        self.bends[path] = bend


@contextmanager
def running() -> Iterator[RealProvider]:
    """Run a provider on a free port of this machine until the block ends."""
    with run_server_in_thread() as server:
        provider = RealProvider(f"http://127.0.0.1:{server.server_port}")
        real = server.app

        def bent(environ: Any, start_response: Any) -> Any:
            request = Request(environ)
            # Read and kept by the request, so that the provider can read it again.
            form = request.get_data(parse_form_data=False)
            sent = dict(request.args) | dict(parse_qsl(form.decode()))
            authorization = request.headers.get("authorization", "")
            provider.heard.append(Heard(request.path, sent, authorization))
            environ["wsgi.input"] = io.BytesIO(form)
            response = Response.from_app(real, environ)
            if bend := provider.bends.get(request.path):
                bend(response)
            return response(environ, start_response)

        server.app = bent
        yield provider


def approve(address: str, subject: str) -> str:
    """Sign in at the provider's page as *subject*; return the path it sends the browser back to."""
    return _answered(address, {"sub": subject})


def deny(address: str) -> str:
    """Refuse at the provider's page; return the path it sends the browser back to."""
    return _answered(address, {"action": "deny"})


def claims_of(id_token: str) -> dict[str, Any]:
    """Return what a signed answer says, without a look at its signature."""
    payload = id_token.split(".")[1]
    claims: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return claims


def _answered(address: str, form: dict[str, str]) -> str:
    answer = httpx.post(address, data=form)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"
