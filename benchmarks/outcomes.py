"""Outcomes on the server, from a small clinic to a very large one, beside a bare query."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from sqlmodel import select

from benchmarks.clinic import ZONE, Filled, fill
from benchmarks.results import Result
from benchmarks.serving import empty_database
from charts.days import DayRange
from charts.frames import band_frame
from charts.outcome_frames import active_frame, adherence_frame, curve_frame, response_frame
from charts.outcomes import curve_chart
from content.shelf import course_for
from db.cohorts import cohort_curve
from db.engine import Database, reading
from db.models import EpisodeOutcomeRow
from db.outcomes import clinic_outcomes
from db.scale_clinics import PANEL
from recovery.access import ClinicAccess, grant_clinic
from recovery.cohorts import Period
from recovery.days import today_in
from recovery.outcomes import OutcomeQuery

SIZES = (1_000, 100_000)
ROUNDS = 15
AIM = "under 500 ms"
_PROCEDURE = "kyphoplasty"
_LOGGED = 90
_DAYS = 30
"""Logged days of each on average: the page reads none of them, and ninety take long to fill."""


def outcomes() -> list[Result]:
    """Time what the page counts and lays out, at two sizes in turn; the smaller is the floor."""
    with ExitStack() as stack:
        clinics = [stack.enter_context(empty_database())[1] for _ in SIZES]
        filled = [
            fill(database, patients=size, days=_DAYS)
            for database, size in zip(clinics, SIZES, strict=True)
        ]
        pairs = list(zip(clinics, filled, strict=True))
        return [result for what, act in _ACTS.items() for result in _compare(what, pairs, act)]


Act = Callable[[Database, Filled], None]


def _bare(database: Database, _filled: Filled) -> None:
    with reading(database) as session:
        session.exec(select(EpisodeOutcomeRow).limit(1)).all()


def _curve(database: Database, filled: Filled) -> None:
    with reading(database) as session:
        cohort_curve(session, _access(filled), _PROCEDURE)


def _page(database: Database, filled: Filled, **narrowed: Any) -> None:
    today = today_in(ZONE, datetime.now(UTC))
    query = OutcomeQuery(procedure=_PROCEDURE, milestone_days=(14, 30, 90), today=today, **narrowed)
    with reading(database) as session:
        found = clinic_outcomes(session, _access(filled), query)
    course = course_for(_PROCEDURE, shares_augmentation_curve=True)
    days = DayRange(0, _LOGGED)
    curve_chart(curve_frame(found.curve), band_frame(course, None, 0, _LOGGED), days=days).to_dict()
    response_frame(found.milestones)
    active_frame(found.active)
    adherence_frame(found)


def _year(database: Database, filled: Filled) -> None:
    month = today_in(ZONE, datetime.now(UTC)).replace(day=1)
    _page(database, filled, period=Period(first=month.replace(year=month.year - 1)))


def _clinician(database: Database, filled: Filled) -> None:
    _page(database, filled, clinician_id=filled.clinician.account_id)


_ACTS: dict[str, Act] = {
    "one row read": _bare,
    "curve alone": _curve,
    "page": partial(_page),
    "page, last year": _year,
    f"page, {PANEL:,} patients of one clinician": _clinician,
}


def _compare(what: str, pairs: list[tuple[Database, Filled]], act: Act) -> list[Result]:
    times: list[list[float]] = [[] for _ in pairs]
    for turn in range(-2, ROUNDS):
        for at, (database, filled) in enumerate(pairs):
            began = perf_counter()
            act(database, filled)
            if turn >= 0:
                times[at].append((perf_counter() - began) * 1_000)
    return [
        Result(
            what=f"outcomes, {what}, {size:,} patients",
            values=taken,
            unit="ms",
            floor=floor,
            aim=AIM if act is not _bare else "",
        )
        for size, taken, floor in zip(SIZES, times, [[], times[0]], strict=True)
    ]


def _access(filled: Filled) -> ClinicAccess:
    return grant_clinic(filled.clinician)
