"""``python -m db scale``: a large made-up database, to measure on."""

import argparse
from datetime import UTC, datetime
from time import monotonic

from content.consent import CONSENT_VERSION
from content.shelf import procedures, rules_for
from db.cli import ready, say
from db.scale import count_reports, fill_scale
from db.scale_clinics import ORIGINALS, ORIGINALS_EACH, ScalePlan
from recovery.errors import InvalidEntry

_TELL_EVERY_S = 2.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add how large it shall be."""
    parser.add_argument("--patients", type=int, required=True, help="people in all clinics")
    parser.add_argument("--days", type=int, required=True, help="days each logged on average")
    parser.add_argument("--clinics", type=int, default=1, help="between which they are shared out")


def run(asked: argparse.Namespace) -> None:
    """
    Fill the configured database, and say how large it is and how long it took.

    Raises:
        InvalidEntry: If the sizes make no sense, or it holds patients already.
        DatabaseUnavailable: If it cannot be used.
    """
    plan = plan_of(asked.patients, asked.days, asked.clinics)
    began = monotonic()
    with ready() as database:
        try:
            clinics = fill_scale(database, plan, _Teller(plan.patients))
        except KeyboardInterrupt as error:
            raise InvalidEntry(
                "The database is filled in part. Remove it, then begin again with an empty one."
            ) from error
        reports = count_reports(database)
        say(f"{len(clinics):,} clinics with {plan.patients:,} made-up patients were added.")
        say(f"{reports:,} daily reports in {monotonic() - began:.0f} seconds.")
    say("No password opens their accounts; `create-admin` makes an administrator who can sign in.")


def plan_of(patients: int, days: int, clinics: int = 1) -> ScalePlan:
    """
    Return the plan of a database with all procedures that a log is kept after.

    Args:
        patients: In all clinics together.
        days: Logged days of each on average.
        clinics: Between which they are shared out.

    Raises:
        InvalidEntry: Naming what to change.
    """
    logged = [
        each
        for each in procedures()
        if rules_for(each, shares_augmentation_curve=True).has_daily_log
    ]
    logged.sort(key=lambda each: each != MOST_OFTEN)
    return ScalePlan(
        patients=patients,
        days=days,
        clinics=clinics,
        procedures=logged,
        consent_version=CONSENT_VERSION,
        rules_of=rules_for,
        now=datetime.now(UTC),
        originals_each=max(ORIGINALS_EACH, ORIGINALS // max(1, clinics)),
    )


MOST_OFTEN = "kyphoplasty"


class _Teller:
    """Says every few seconds how far the filling is."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._began = self._told = monotonic()

    def __call__(self, done: int) -> None:
        now = monotonic()
        if now - self._told < _TELL_EVERY_S and done < self._wanted:
            return
        self._told = now
        say(f"  {done:>9,} of {self._wanted:,} patients, {now - self._began:.0f} s")
