"""``python -m db recount``: the counts on the outcomes page, made anew."""

import argparse

from db.cli import ready, refuse_missing, say
from db.engine import writing
from db.recount import recount


def run(_asked: argparse.Namespace) -> None:
    """
    Count anew, and say how many counts were wrong.

    Raises:
        DatabaseUnavailable: If the database cannot be used, or is of another version.
    """
    with ready() as database:
        refuse_missing(database)
        with writing(database) as session:
            found = recount(session)
    if found.wrong:
        say(f"{found.wrong:,} counts were wrong, and all {found.counts:,} are right now.")
    else:
        say(f"All {found.counts:,} counts were right.")
