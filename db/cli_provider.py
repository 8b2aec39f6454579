"""``python -m db provider``: where a clinic's staff sign in with the accounts they have."""

import argparse
import getpass
import os

from db.cli import ask, choose_clinic, clinics_in, ready, say
from db.engine import writing
from db.key_mark import check_mark
from db.providers import Provider, remove_provider, set_provider
from recovery.errors import InvalidEntry

SECRET_VARIABLE = "MENDLINE_PROVIDER_SECRET"  # noqa: S105 - the name of a variable
_USAGE = "Write: uv run python -m db provider set, or: uv run python -m db provider remove"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the answers that can be given on the command line; the rest is asked for."""
    parser.add_argument("what", nargs="?", help="set: add or change it; remove: forget it")
    parser.add_argument("--clinic", help="name of the clinic")
    parser.add_argument("--name", help="what the clinic's staff call it")
    parser.add_argument("--issuer", help="its address, such as https://id.clinic.example")
    parser.add_argument("--client-id", help="what it calls this server")


def run(asked: argparse.Namespace) -> None:
    """
    Set or remove a clinic's provider; the client secret is never an option, which others see.

    Raises:
        InvalidEntry: Naming what to change.
        DatabaseUnavailable: If the database cannot be used.
    """
    if asked.what not in {"set", "remove"}:
        raise InvalidEntry(_USAGE)
    with ready() as database:
        clinic_id = choose_clinic(clinics_in(database), asked.clinic)
        if asked.what == "remove":
            with writing(database) as session:
                remove_provider(session, clinic_id)
            say("Nobody signs in there any more. Passwords work as before.")
            return
        wanted = Provider(
            clinic_id=clinic_id,
            name=asked.name or ask("What the staff call it: "),
            issuer=asked.issuer or ask("Issuer (https://...): "),
            client_id=asked.client_id or ask("Client id: "),
            secret=_secret(),
        )
        with writing(database) as session:
            # Else the secret would be sealed with a key that the server does not have.
            check_mark(session)
            set_provider(session, wanted)
    say(f"The sign-in page offers {wanted.name.strip()} now. Register /provider/back there.")


def _secret() -> str:
    given = os.environ.get(SECRET_VARIABLE)
    if given is not None:
        return given
    try:
        return getpass.getpass("Client secret: ")
    except EOFError as error:
        raise InvalidEntry(
            f"The client secret is missing. Set {SECRET_VARIABLE}, or type it in a terminal."
        ) from error
