"""``python -m db forget-codes``: a new device for one-time codes when nobody else can allow it."""

import argparse

from sqlmodel import select

from db.accounts import clean_username
from db.cli import ready, say
from db.engine import writing
from db.key_mark import forget_mark
from db.models import AccountRow, OneTimeCodeRow, utc_now
from db.one_time_codes import forget_codes
from recovery.errors import InvalidEntry


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add whose codes are forgotten, or that the secret key is lost."""
    parser.add_argument("username", nargs="?", default="", help="name to sign in with")
    parser.add_argument("--lost-key", action="store_true", help="the secret key is lost for good")


def run(asked: argparse.Namespace) -> None:
    """
    Forget an account's device and recovery codes, and end its sessions; or which key was used.

    Raises:
        InvalidEntry: If there is no such account, or it has no device.
        DatabaseUnavailable: If the database cannot be used.
    """
    if asked.lost_key:
        with ready() as database, writing(database) as session:
            forget_mark(session)
        say(
            "The next start keeps to the key that it is given. "
            "Forget each code device that is still sealed with the lost one, too."
        )
        return
    if not asked.username:
        raise InvalidEntry("Write: uv run python -m db forget-codes USERNAME")
    name = clean_username(asked.username)
    with ready() as database, writing(database) as session:
        row = session.exec(select(AccountRow).where(AccountRow.username == name)).one_or_none()
        if row is None or session.get(OneTimeCodeRow, row.id) is None:
            raise InvalidEntry("Nobody of that name has a device. Check the spelling.")
        forget_codes(session, row.id, utc_now())
    say(f"{name} sets up a new device at the next sign-in.")
