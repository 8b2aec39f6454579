"""
Ceremonies with passkeys (W3C WebAuthn): what a browser is asked for, and whether its answer holds.

A device has to have verified its owner by finger, face or PIN, every time. So a passkey is two
proofs in one: something held, and something its holder is or knows.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from db.passkeys import NewPasskey, PasskeyUse
from db.sign_in_flows import LIFETIME
from web.passkey_site import Site, credential_id_of

_NAME = "Mendline"
_TIMEOUT_MS = int(LIFETIME.total_seconds() * 1_000)
# The library's own refusals, and what its parsers raise at an answer of another shape.
_NOT_VALID = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)


def ask_for_new(
    site: Site, challenge: bytes, *, account_id: UUID, username: str, known: Sequence[str] = ()
) -> dict[str, Any]:
    """
    Return what a browser needs to make a passkey.

    Args:
        site: Whom it is for.
        challenge: What the device signs.
        account_id: Whom the device will name; it says nothing to anybody else.
        username: What the device shows in its list; never a person's name.
        known: Passkeys of the account; a device that holds one makes no second.
    """
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=account_id.bytes,
        user_name=username,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_named(known),
    )
    return options_to_json_dict(options)


def ask_for_use(site: Site, challenge: bytes, known: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a browser needs to use a passkey: one of *known*, or any that it finds."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def check_new(site: Site, challenge: bytes, answer: dict[str, Any]) -> NewPasskey | None:
    """
    Return the passkey that a device made; None if anything about the answer is wrong.

    Who built the device is not asked, so nothing is made of its attestation.
    """
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _NOT_VALID:
        return None
    credential_id = bytes_to_base64url(made.credential_id)
    # The one that was made is the one that will be asked for.
    if credential_id != credential_id_of(answer):
        return None
    return NewPasskey(
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )


def check_use(
    site: Site, challenge: bytes, answer: dict[str, Any], public_key: bytes
) -> PasskeyUse | None:
    """
    Return a use whose site, challenge, verified owner and signature hold, else None.

    Whether its count has gone back is for the database to say, which holds the last one.
    """
    try:
        read = parse_authentication_credential_json(answer)
        used = verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _NOT_VALID:
        return None
    return PasskeyUse(
        credential_id=bytes_to_base64url(used.credential_id),
        sign_count=used.new_sign_count,
        user_handle=read.response.user_handle,
    )


def _named(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]
