"""A device that makes and uses passkeys, in software, and a browser that speaks for it."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
_SIGNED_BY_OWNER = PRESENT | VERIFIED


def to_text(value: bytes) -> str:
    """Return bytes as base64url without padding, as browsers send them."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """Return the bytes behind base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(kw_only=True)
class Device:
    """
    One passkey and how the device that holds it behaves; tests change what they are about.

    Attributes:
        origin: What the browser says that it was talking to.
        host: What the device says that the passkey is for; its own when it is made.
        flags: What the device says of its owner: there, and verified.
        count: How often it says it was used; raised by ``step`` with each use.
        step: 0 for devices that do not count.
        user_handle: Whom it belongs to; what it was told when the passkey was made.
    """

    origin: str
    host: str
    flags: int = _SIGNED_BY_OWNER
    count: int = 0
    step: int = 0
    user_handle: bytes | None = None
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def name(self) -> str:
        """The passkey's id as it is sent."""
        return to_text(self.credential_id)

    def public_key(self) -> bytes:
        """Return the public half, as the device sends it."""
        point = self.key.public_key().public_numbers()
        # COSE: an elliptic curve key (2) for ES256 (-7) on P-256 (1), and its point.
        named = {1: 2, 3: -7, -1: 1}
        return cbor2.dumps(
            named | {-2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )

    def make(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer ``navigator.credentials.create``."""
        self.user_handle = to_bytes(asked["user"]["id"])
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + self.public_key()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._said(WITH_KEY) + attested}
        response = {
            "clientDataJSON": to_text(self._client("webauthn.create", asked)),
            "attestationObject": to_text(cbor2.dumps(statement)),
        }
        return self._answer(response)

    def use(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer ``navigator.credentials.get``."""
        self.count += self.step
        client, said = self._client("webauthn.get", asked), self._said()
        signed = said + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": to_text(client),
            "authenticatorData": to_text(said),
            "signature": to_text(self.key.sign(signed, ec.ECDSA(SHA256()))),
        }
        if self.user_handle is not None:
            response["userHandle"] = to_text(self.user_handle)
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": self.name, "rawId": self.name, "type": "public-key", "response": response}

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _said(self, more: int = 0) -> bytes:
        flags = bytes([self.flags | more])
        return hashlib.sha256(self.host.encode()).digest() + flags + self.count.to_bytes(4, "big")
