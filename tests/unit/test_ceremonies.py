"""What a device answers, edited anywhere: never an error, and never accepted when signed."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authenticator import PRESENT, Device, to_bytes, to_text
from tests.passkey_client import HOST, ORIGIN, device
from web.ceremonies import ask_for_new, ask_for_use, check_new, check_use
from web.passkey_site import Site, credential_id_of

SITE = Site(host=HOST, origin=ORIGIN)
CHALLENGE = bytes(range(32))
OWNER = UUID(int=7)
SIGNED = ("clientDataJSON", "authenticatorData", "signature")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3)
    ),
    max_leaves=6,
)


def _made(held: Device) -> dict[str, Any]:
    return held.make(ask_for_new(SITE, CHALLENGE, account_id=OWNER, username="ash-1948"))


def _used(held: Device) -> dict[str, Any]:
    return held.use(ask_for_use(SITE, CHALLENGE))


def test_a_device_is_asked_for_a_passkey_that_finds_its_owner() -> None:
    """It is kept on the device, takes the owner's verification, and is made once a device."""
    held = device()
    asked = ask_for_new(SITE, CHALLENGE, account_id=OWNER, username="ash-1948", known=[held.name])

    assert asked["rp"] == {"name": "Mendline", "id": HOST}
    assert asked["user"] == {
        "id": to_text(OWNER.bytes),
        "name": "ash-1948",
        "displayName": "ash-1948",
    }
    selection = asked["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert asked["attestation"] == "none"
    assert [each["id"] for each in asked["excludeCredentials"]] == [held.name]


def test_what_a_device_made_opens_what_it_uses() -> None:
    """The public key of the one checks the signature of the other."""
    held = device(count=3)
    new = check_new(SITE, CHALLENGE, _made(held))
    assert new is not None
    assert (new.credential_id, new.sign_count) == (held.name, 3)

    use = check_use(SITE, CHALLENGE, _used(held), new.public_key)

    assert use is not None
    assert (use.credential_id, use.user_handle) == (held.name, OWNER.bytes)


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "http://localhost:9999"},
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"credential_id": b""},
        {"credential_id": b"x" * 1_024},
    ],
)
def test_a_new_passkey_from_elsewhere_is_refused(changes: dict[str, Any]) -> None:
    """Made for another site, without its owner, or with an id longer than the standard's."""
    assert check_new(SITE, CHALLENGE, _made(device(**changes))) is None


def test_a_new_passkey_answers_its_challenge() -> None:
    """Another one's is refused, and so is a use in the place of a new one."""
    held = device()

    assert check_new(SITE, bytes(32), _made(held)) is None
    assert check_new(SITE, CHALLENGE, _used(held)) is None
    assert check_use(SITE, CHALLENGE, _made(held), held.public_key()) is None


def test_the_longest_id_is_taken() -> None:
    """As long as the standard allows."""
    held = device(credential_id=b"x" * 1_023)
    new = check_new(SITE, CHALLENGE, _made(held))

    assert new is not None
    assert new.credential_id == held.name


@settings(max_examples=300)
@given(part=st.sampled_from(SIGNED), where=st.integers(0, 500), bit=st.integers(0, 7))
def test_whatever_is_signed_cannot_be_edited(part: str, where: int, bit: int) -> None:
    """One bit anywhere and it is no use."""
    held = device(user_handle=OWNER.bytes)
    answer = _used(held)
    said = bytearray(to_bytes(answer["response"][part]))
    said[where % len(said)] ^= 1 << bit
    answer["response"][part] = to_text(bytes(said))

    assert check_use(SITE, CHALLENGE, answer, held.public_key()) is None


@settings(max_examples=500)
@given(
    part=st.sampled_from(["clientDataJSON", "attestationObject"]),
    where=st.integers(0, 500),
    value=st.binary(max_size=4),
)
def test_a_broken_new_passkey_is_no_error(part: str, where: int, value: bytes) -> None:
    """Bytes put in the place of others: it is refused, or it is a passkey of that other form."""
    answer = _made(device())
    said = to_bytes(answer["response"][part])
    at = where % len(said)
    answer["response"][part] = to_text(said[:at] + value + said[at + len(value) :])
    new = check_new(SITE, CHALLENGE, answer)

    if new is not None:
        check_use(SITE, CHALLENGE, _used(device()), new.public_key)


@settings(max_examples=300)
@given(
    key=st.sampled_from(["id", "rawId", "type", "response", "authenticatorAttachment"]), value=JSON
)
def test_another_shape_is_no_error(key: str, value: Any) -> None:
    """Any JSON in the place of any part."""
    held = device(user_handle=OWNER.bytes)
    made, used = _made(held), _used(held)

    check_new(SITE, CHALLENGE, made | {key: value})
    check_use(SITE, CHALLENGE, used | {key: value}, held.public_key())
    credential_id_of(value)


@settings(max_examples=300)
@given(public_key=st.binary(max_size=100))
def test_a_broken_public_key_is_no_error(public_key: bytes) -> None:
    """It opens nothing."""
    assert check_use(SITE, CHALLENGE, _used(device()), public_key) is None
