"""``python -m db audit verify``: whether every audit entry stands as it was written."""

import argparse

from db import schema
from db.audit_check import find_break
from db.cli import looked_at, say
from db.engine import reading
from recovery.errors import InvalidEntry


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with the audit."""
    parser.add_argument("what", nargs="?", help="verify: check every entry")


def run(asked: argparse.Namespace) -> None:
    """
    Check every chain and say how many entries hold, or name the first that does not.

    Raises:
        InvalidEntry: If it is broken, or something else was asked for.
        DatabaseUnavailable: If the database cannot be used.
    """
    if asked.what != "verify":
        raise InvalidEntry("Write: uv run python -m db audit verify")
    with looked_at() as database:
        schema.check(database.engine)
        with reading(database) as session:
            found = find_break(session)
    if found.broken is not None:
        raise InvalidEntry(
            f"The audit is broken at entry {found.broken.number} of chain {found.broken.chain}: "
            f"{found.broken.why}. Keep the file as it is, and compare it with a backup."
        )
    chains = "1 chain" if found.chains == 1 else f"{found.chains:,} chains"
    say(f"The audit holds: {found.entries:,} entries in {chains}.")
