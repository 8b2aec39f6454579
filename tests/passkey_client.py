"""What a browser with a passkey sends to our own routes."""

import json
from typing import Any

import httpx2

from db.engine import Database, writing
from db.models import utc_now
from db.passkeys import NewPasskey, add_passkey
from recovery.access import Actor
from tests.authenticator import Device
from tests.web_client import TestClient, browser

HOST = "localhost"
ORIGIN = f"http://{HOST}:8501"
REFUSED = "The passkey was not accepted. Try again, or use your password."
_SENT = {"Origin": ORIGIN}


def named_browser(**options: Any) -> TestClient:
    """Return a client that knows the server by a name, which passkeys need."""
    return browser(**{"base_url": ORIGIN} | options)


def device(**changes: Any) -> Device:
    """Return a device at this server, changed as asked."""
    return Device(**{"origin": ORIGIN, "host": HOST} | changes)


def give(database: Database, actor: Actor, **changes: Any) -> Device:
    """Return a device whose passkey opens the account of *actor*."""
    held = device(user_handle=actor.account_id.bytes, **changes)
    new = NewPasskey(credential_id=held.name, public_key=held.public_key(), sign_count=held.count)
    with writing(database) as session:
        assert add_passkey(session, actor.account_id, new, "My phone", utc_now())
    return held


def send(client: TestClient, path: str, body: object) -> httpx2.Response:
    """Send what a script of our pages sends."""
    # Spelled in ASCII, so that a test may send half a sign.
    answer: httpx2.Response = client.post(path, content=json.dumps(body), headers=_SENT)
    return answer


def ask(client: TestClient, path: str, **fields: Any) -> dict[str, Any]:
    """Ask what a browser needs for something, and return it."""
    answer = send(client, f"{path}/options", fields)
    assert answer.status_code == 200, answer.text
    asked: dict[str, Any] = answer.json()
    return asked


def sign_in_with(client: TestClient, held: Device, **fields: Any) -> httpx2.Response:
    """Sign in with a device as the page does, and return the last answer."""
    asked = ask(client, "/sign-in/passkey")["use"]
    return send(client, "/sign-in/passkey", fields | {"used": held.use(asked)})
