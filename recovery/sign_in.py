"""How somebody proves who they are."""

from enum import StrEnum


class SignInWay(StrEnum):
    """What a sign-in session began with."""

    PASSWORD = "password"  # noqa: S105 - the name of a way, not a password
    PASSKEY = "passkey"
    PROVIDER = "provider"
