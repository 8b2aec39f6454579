"""Passwords: what is accepted, how they are stored, and how they are checked."""

import secrets
import unicodedata
from functools import cache

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from recovery.errors import InvalidEntry
from recovery.wording import tr

MIN_LENGTH = 12
MAX_LENGTH = 1_024
_MIN_DIFFERENT_CHARACTERS = 5
# Without 0/O, 1/l/I and other pairs that are misread from paper.
_CLEAR_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_STARTING_GROUPS = 4
_STARTING_GROUP_LENGTH = 4

# 46 MiB, one pass, one lane: the first of OWASP's equal settings for Argon2id.
_HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)

# Before the hash of an account without a password; no hash begins with it.
_NO_PASSWORD = "!"  # noqa: S105 - the opposite of a password

# What a guesser who knows the common lists and habits needs, as a power of ten.
_LEAST_GUESSES_LOG10 = 6.0
_GUESSER_READS = 72  # characters; more makes it slow, and nothing of that length is easy


def hash_password(password: str) -> str:
    """Return the Argon2id hash of *password* with its salt and parameters."""
    return _HASHER.hash(_composed(password))


def verify_password(password: str, stored_hash: str) -> bool:
    """Tell whether *password* is the one behind *stored_hash*; takes about 0.1 s."""
    if len(password) > MAX_LENGTH:
        return False
    try:
        _HASHER.verify(stored_hash.removeprefix(_NO_PASSWORD), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_password_set(stored_hash)


def needs_rehash(stored_hash: str) -> bool:
    """Tell whether *stored_hash* was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored_hash)


@cache
def dummy_hash() -> str:
    """Return a hash that no password opens, so that unknown names cost the same time."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def no_password() -> str:
    """
    Return what stands in the place of a hash for an account without a password.

    Nothing opens it, and a try costs the same time as against a hash, so that nobody learns
    by trying who signs in without one.
    """
    return _NO_PASSWORD + _HASHER.hash(secrets.token_urlsafe(32))


def is_password_set(stored_hash: str) -> bool:
    """Tell whether there is a password at all behind what is stored."""
    return not stored_hash.startswith(_NO_PASSWORD)


def check_password_rules(password: str, username: str) -> None:
    """
    Refuse a password that is short, or among the first that anyone would try.

    The lists of leaked and common passwords, and of words, are those that ship in zxcvbn.

    Length is counted in characters. Nothing is asked of their kinds.

    Raises:
        InvalidEntry: Saying what to change.
    """
    composed = _composed(password)
    folded = composed.casefold()
    if len(composed) < MIN_LENGTH:
        raise InvalidEntry(
            tr("Use at least {count} characters. A few words in a row work well.", count=MIN_LENGTH)
        )
    if len(composed) > MAX_LENGTH:
        raise InvalidEntry(tr("Use at most {count:,} characters.", count=MAX_LENGTH))
    if username and username.casefold() in folded:
        raise InvalidEntry(tr("Leave your user name out of the password."))
    if _is_easy(folded, username):
        raise InvalidEntry(tr("That password is easy to guess. Choose a different one."))


def generate_password() -> str:
    """Return a starting password of about 79 bits that is easy to read out."""
    groups = (
        "".join(secrets.choice(_CLEAR_CHARACTERS) for _ in range(_STARTING_GROUP_LENGTH))
        for _ in range(_STARTING_GROUPS)
    )
    return "-".join(groups)


def _is_easy(folded: str, username: str) -> bool:
    if len(set(folded)) < _MIN_DIFFERENT_CHARACTERS:
        return True
    # Imported when asked for: its lists take a while to load.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    found = zxcvbn(folded[:_GUESSER_READS], user_inputs=[username, "mendline"])
    return bool(float(found["guesses_log10"]) < _LEAST_GUESSES_LOG10)


def _composed(password: str) -> str:
    # Keyboards compose accented letters differently; the same keys must open the account.
    return unicodedata.normalize("NFKC", password)
