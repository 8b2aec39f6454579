"""The review list on the server, from a small clinic to a very large one: what its page asks."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import uuid4

from benchmarks.fill import ZONE, Filled, fill
from benchmarks.results import Result
from benchmarks.serving import empty_database
from db.engine import Database, writing
from db.review import list_episodes
from db.review_counts import count_reasons
from db.review_views import look
from recovery.access import Actor, Role, grant_clinic
from recovery.days import today_in
from recovery.judgement.reasons import ReasonKind
from recovery.review import DayRange, ReviewOrder, ReviewQuery

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 40
_DEEP_PAGE = 20
_FILTERS = {
    "mine": ReviewQuery(is_mine=True),
    "the gravest reason": ReviewQuery(reason=ReasonKind.WARNING_SIGN),
    "the least grave reason": ReviewQuery(reason=ReasonKind.BRACE),
    "a procedure": ReviewQuery(procedure="kyphoplasty"),
    "a procedure, by name": ReviewQuery(procedure="kyphoplasty", order=ReviewOrder.NAME),
    "a phase": ReviewQuery(days=DayRange(first=0, last=14)),
    "visit this week": ReviewQuery(has_visit=True),
    "changed in a day": ReviewQuery(changed_since=datetime.now(UTC) - timedelta(days=1)),
    "mine with a reason": ReviewQuery(is_mine=True, reason=ReasonKind.BRACE),
    "procedure, phase and visit": ReviewQuery(
        procedure="kyphoplasty", days=DayRange(first=0, last=14), has_visit=True
    ),
}


def review_query() -> list[Result]:
    """Time page views, filters and searches at three sizes in turn, the smallest being the floor."""
    with ExitStack() as stack:
        clinics = []
        for size in SIZES:
            _, database = stack.enter_context(empty_database())
            today = today_in(ZONE, datetime.now(UTC))
            clinics.append((database, fill(database, patients=size, reports_each=1, today=today)))
        return [
            result
            for what, queries in _queries(clinics).items()
            for result in _compare(what, clinics, queries)
        ]


def _queries(clinics: list[tuple[Database, Filled]]) -> dict[str, list[ReviewQuery]]:
    # Each clinic is asked for a name of its own, so that every search finds somebody.
    searched = [ReviewQuery(search=filled.names[0][:5]) for _, filled in clinics]
    full = [ReviewQuery(search=filled.names[0]) for _, filled in clinics]
    views = {f"by {order}": [ReviewQuery(order=order)] * len(clinics) for order in ReviewOrder}
    deep = [ReviewQuery(order=ReviewOrder.NAME, page=_DEEP_PAGE)] * len(clinics)
    views |= {name: [query] * len(clinics) for name, query in _FILTERS.items()}
    return views | {"name, page 21": deep, "search, 5 letters": searched, "search, name": full}


def _compare(
    what: str, clinics: list[tuple[Database, Filled]], queries: list[ReviewQuery]
) -> list[Result]:
    times: list[list[float]] = [[] for _ in clinics]
    for turn in range(-2, ROUNDS):
        for at, (database, filled) in enumerate(clinics):
            taken = _view(database, filled, queries[at])
            if turn >= 0:
                times[at].append(taken)
    aim = "at most 300 ms" if "search" in what else "flat"
    return [
        Result(
            what=f"list, {what}, {size:,} patients", values=taken, unit="ms", floor=floor, aim=aim
        )
        for size, taken, floor in zip(SIZES, times, [[], times[0], times[0]], strict=True)
    ]


def _view(database: Database, filled: Filled, query: ReviewQuery) -> float:
    access = grant_clinic(
        Actor(
            account_id=filled.clinician_id,
            clinic_id=filled.clinic_id,
            role=Role.CLINICIAN,
            display_name="Clinician",
            patient_id=None,
            session_id=uuid4(),
        )
    )
    at = datetime.now(UTC)
    began = perf_counter()
    with writing(database) as session:
        look(session, access, at)
        count_reasons(session, access, is_mine=query.is_mine)
        list_episodes(session, access, query, at)
    return (perf_counter() - began) * 1_000
