"""Administer the database from a terminal: ``uv run python -m db``."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from db import (
    cli_admin,
    cli_audit,
    cli_backup,
    cli_backup_plan,
    cli_check,
    cli_codes,
    cli_demo,
    cli_move,
    cli_provider,
    cli_recount,
    cli_scale,
    schema,
)
from db.cli import configured, say
from recovery.errors import InvalidEntry, RecoveryError


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence instead of printing its usage."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse's words name its own parts
        """
        Refuse a command line.

        Raises:
            InvalidEntry: Always.
        """
        raise InvalidEntry("That is no command here. Run `uv run python -m db` to see the list.")


def main(arguments: Sequence[str]) -> int:
    """
    Do what the command line asks for.

    Returns:
        0 when it was done, 1 when it was refused.
    """
    verb = ""
    try:
        asked = command_line().parse_args(arguments)
        verb = asked.verb or ""
        _VERBS[asked.verb][1](asked) if asked.verb else _list_verbs()
    except RecoveryError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - addressed to the person at the terminal
        return 1
    except KeyboardInterrupt:
        print(_STOPPED.get(verb, _STOPPED_SOMEWHERE), file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


def _upgrade(_asked: argparse.Namespace) -> None:
    with configured() as database:
        before = schema.revision_of(database.engine)
        schema.upgrade(database.engine)
    after = schema.head()
    is_new = before != after
    say(f"The database is now at revision {after}." if is_new else f"Already at revision {after}.")


def _list_verbs() -> None:
    say("Administer Mendline's database. Write: uv run python -m db VERB")
    for verb, (words, _) in _VERBS.items():
        say(f"  {verb:<13} {words}")
    say("MENDLINE_DATABASE_URL chooses the database; without it, data/mendline.db is used.")


def command_line() -> argparse.ArgumentParser:
    """Return what reads a command line; it refuses with ``InvalidEntry``."""
    parser = _Parser(prog="python -m db", description="Administer Mendline's database.")
    verbs = parser.add_subparsers(dest="verb")
    for verb, (words, _) in _VERBS.items():
        added = verbs.add_parser(verb, help=words, description=words)
        if verb in _OPTIONS:
            _OPTIONS[verb](added)
    return parser


_STOPPED_SOMEWHERE = (
    "Stopped before it said that it was done. Look at what is there before you run it again."
)
_ONLY_LOOKED = "Stopped. Nothing was changed."
_STOPPED = {
    "": _ONLY_LOOKED,
    "check": _ONLY_LOOKED,
    "audit": _ONLY_LOOKED,
    "upgrade": "Stopped. An upgrade is done as a whole or not at all: run it again.",
    "recount": "Stopped. Outcomes are counted anew as a whole or not at all: run it again.",
    "backup": "Stopped. Nothing was changed, and there is no backup unless it said so.",
    "restore": (
        "Stopped. What was there is in its place or kept beside it, and the backup is as it was: "
        "run it again, or look with `uv run python -m db check`."
    ),
}

_OPTIONS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "create-admin": cli_admin.add_options,
    "forget-codes": cli_codes.add_options,
    "provider": cli_provider.add_options,
    "scale": cli_scale.add_options,
    "audit": cli_audit.add_options,
    "move": cli_move.add_options,
    "backup": cli_backup.add_options,
    "restore": cli_backup.add_restore_options,
    "backup-plan": cli_backup_plan.add_options,
}

_VERBS: dict[str, tuple[str, Callable[[argparse.Namespace], None]]] = {
    "upgrade": ("Bring the tables up to this version.", _upgrade),
    "demo": ("Add a demo clinic with 40 made-up patients.", cli_demo.run),
    "scale": ("Fill an empty database with very many made-up patients.", cli_scale.run),
    "create-admin": ("Make an administrator, and the clinic if there is none.", cli_admin.run),
    "forget-codes": ("Let somebody set up a new device for one-time codes.", cli_codes.run),
    "provider": ("Set or remove a clinic's own sign-in (OpenID Connect).", cli_provider.run),
    "move": ("Move all of it into another database.", cli_move.run),
    "audit": ("Check the audit: every entry tied to the one before it.", cli_audit.run),
    "check": ("Look for damage, and count what is there.", cli_check.run),
    "recount": ("Count outcomes anew, and say how many counts were wrong.", cli_recount.run),
    "backup": ("Copy the SQLite file while people work, and check the copy.", cli_backup.run),
    "restore": ("Put a backup in the place of the SQLite file.", cli_backup.run_restore),
    "backup-plan": ("Show, set or remove when the server backs itself up.", cli_backup_plan.run),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
