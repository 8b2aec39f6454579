"""The one-time code that lets only whoever started the server set it up."""

import hmac
import secrets
import threading

from recovery.errors import InvalidEntry

_CLEAR_CHARACTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10
_TRIES = 10


class SetupCode:
    """A code of about 49 bits with a limited number of tries; spaces and dashes are ignored."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tries_left = _TRIES
        self._code = "".join(secrets.choice(_CLEAR_CHARACTERS) for _ in range(_LENGTH))

    @property
    def text(self) -> str:
        """The code as it is printed, in two groups."""
        half = _LENGTH // 2
        return f"{self._code[:half]}-{self._code[half:]}"

    def check(self, typed: str) -> None:
        """
        Accept the code, or count a try against it.

        Raises:
            InvalidEntry: If it is wrong, or was tried too often.
        """
        wanted = typed.upper().replace("-", "").replace(" ", "")
        with self._lock:
            if self._tries_left == 0:
                raise InvalidEntry(
                    "The code was tried too often. Start Mendline again to get a new one."
                )
            if hmac.compare_digest(wanted.encode(), self._code.encode()):
                return
            self._tries_left -= 1
        raise InvalidEntry("The code is not right. Copy it from the terminal.")


setup_code = SetupCode()
"""This process's code; printed at the start while the database has no account."""
