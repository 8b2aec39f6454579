"""Outcomes on the server, from a small clinic to a very large one, beside a bare query."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from time import perf_counter
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import select

from benchmarks.fill import ZONE, Filled, fill, insert
from benchmarks.fill_review import PANEL
from benchmarks.results import Result
from benchmarks.serving import empty_database
from charts.days import DayRange
from charts.frames import band_frame
from charts.outcome_frames import active_frame, adherence_frame, curve_frame, response_frame
from charts.outcomes import curve_chart
from content.shelf import course_for
from db.cohorts import cohort_curve
from db.engine import Database, reading, writing
from db.models import CohortCountRow, EpisodeOutcomeRow, EpisodeRow
from db.outcomes import clinic_outcomes
from recovery.access import Actor, ClinicAccess, Role, grant_clinic
from recovery.cohorts import Period, scores_of, series_of
from recovery.days import today_in
from recovery.outcomes import OutcomeQuery

SIZES = (1_000, 100_000)
ROUNDS = 15
AIM = "under 500 ms"
_PROCEDURE = "kyphoplasty"
_LOGGED = 90
_MONTHS = 36
_TEMPLATES = 400
_RESPONSES = ("14n 30n 90n", "14i 30s 90s", "14s 30s 90i", "14i 30i", "14s", "")


def outcomes() -> list[Result]:
    """Time what the page counts and lays out, at two sizes in turn; the smaller is the floor."""
    with ExitStack() as stack:
        clinics = [stack.enter_context(empty_database())[1] for _ in SIZES]
        filled = [_fill(*pair) for pair in zip(clinics, SIZES, strict=True)]
        pairs = list(zip(clinics, filled, strict=True))
        return [result for what, act in _ACTS.items() for result in _compare(what, pairs, act)]


def _fill(database: Database, patients: int) -> Filled:
    """Fill a clinic whose counts are those of ninety reports for each of its people."""
    today = today_in(ZONE, datetime.now(UTC))
    filled = fill(database, patients=patients, reports_each=1, today=today)
    dice = Random(11)  # noqa: S311 - made-up data, no secret
    templates = [_series(dice) for _ in range(_TEMPLATES)]
    counts: Counter[tuple[date, int, int]] = Counter()
    with writing(database) as session:
        connection = session.connection()
        keys = session.exec(select(EpisodeRow.id, EpisodeRow.patient_id)).all()
        rows = [_outcome(filled, *key, (today, dice, templates)) for key in keys]
        insert(connection, EpisodeOutcomeRow, iter(rows))
        of_month: Counter[tuple[date, str]] = Counter(
            (row["procedure_date"].replace(day=1), row["series"]) for row in rows
        )
        for (month, series), number in of_month.items():
            for pod, score in scores_of(series):
                counts[month, pod, score] += number
        insert(connection, CohortCountRow, _counts(filled, counts))
        if connection.dialect.name == "sqlite":
            connection.execute(sa.text("ANALYZE"))
    return filled


def _series(dice: Random) -> str:
    level = dice.gauss(3.5, 2)
    pods = [pod for pod in range(_LOGGED) if pod == _LOGGED - 1 or dice.random() > 0.1]  # noqa: PLR2004 - nine of ten days
    return series_of((pod, min(10, max(0, round(dice.gauss(level, 1.1))))) for pod in pods)


def _outcome(
    filled: Filled, episode_id: Any, patient_id: Any, made_of: tuple[date, Random, list[str]]
) -> dict[str, Any]:
    today, dice, templates = made_of
    return {
        "clinic_id": filled.clinic_id,
        "episode_id": episode_id,
        "patient_id": patient_id,
        "procedure": _PROCEDURE,
        "procedure_date": today - timedelta(days=dice.randrange(_MONTHS * 30)),
        "series": dice.choice(templates),
        "responses": dice.choice(_RESPONSES),
        "active_pod": dice.randrange(1, 90),
        "is_active_again": dice.random() < 0.7,  # noqa: PLR2004 - most people
        "logged_days": dice.randrange(5, 31),
        "brace_percent": dice.randrange(20, 110),
    }


def _counts(filled: Filled, counts: Counter[tuple[date, int, int]]) -> Iterator[dict[str, Any]]:
    for (month, pod, score), number in counts.items():
        yield {
            "clinic_id": filled.clinic_id,
            "procedure": _PROCEDURE,
            "month": month,
            "pod": pod,
            "score": score,
            "number": number,
        }


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
    _page(database, filled, clinician_id=filled.clinician_id)


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
    return grant_clinic(
        Actor(
            account_id=filled.clinician_id,
            clinic_id=filled.clinic_id,
            role=Role.CLINICIAN,
            display_name="Clinician",
            patient_id=None,
            session_id=uuid4(),
        )
    )
