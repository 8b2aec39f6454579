"""Sealing: what has to be read again, but by nobody who only has the database."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.secret_key import secret_keys
from recovery.errors import DatabaseUnavailable


def seal(text: str, purpose: str) -> str:
    """
    Return *text* encrypted and signed; what is sealed for one purpose opens for no other.

    Raises:
        DatabaseUnavailable: If there is no secret key.
    """
    return _box(tuple(secret_keys()), purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """
    Return what was sealed.

    Raises:
        DatabaseUnavailable: If the secret key is not the one it was sealed with.
    """
    try:
        return _box(tuple(secret_keys()), purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise DatabaseUnavailable(
            "The secret key does not fit this database. Put back the key it was used with."
        ) from error


def is_sealed_by_first(sealed: str, purpose: str) -> bool:
    """Tell whether the key that seals now opens it, without the others."""
    try:
        _box(tuple(secret_keys()[:1]), purpose).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


@cache
def _box(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    info = f"mendline {purpose}".encode()
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
    return base64.urlsafe_b64encode(raw)
