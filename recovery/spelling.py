"""Pain of many days as text, a sign a day: what the review list and a clinic's counts are kept as."""

NOT_LOGGED = "."
"""The sign of a day without a report."""

_SIGNS = "0123456789X"


def sign_of(pain_nrs: int | None) -> str:
    """Return ``0`` to ``9``, ``X`` for ten (NRS 0-10), ``.`` for a day without a report."""
    return NOT_LOGGED if pain_nrs is None else _SIGNS[pain_nrs]


def pain_of(sign: str) -> int | None:
    """
    Return what ``sign_of`` spelled.

    Raises:
        ValueError: If *sign* is none of its signs.
    """
    return None if sign == NOT_LOGGED else _SIGNS.index(sign)
