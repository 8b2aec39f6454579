"""One try to sign in, as the sign-in page makes it."""

from sqlmodel import Session

from db.sign_in import AccountSummary, Attempt, begin_sign_in, finish_sign_in
from tests.factories import NOW


def try_password(
    session: Session, password: str, username: str = "clinician", address: str = "10.0.0.1"
) -> tuple[Attempt, AccountSummary | None]:
    """Try a password; return the try, and whom it opened."""
    attempt = begin_sign_in(session, username=username, address=address, now=NOW)
    if attempt.locked_until is not None:
        return attempt, None
    is_right = attempt.verify(password)
    return attempt, finish_sign_in(session, attempt, password=password, is_right=is_right)
