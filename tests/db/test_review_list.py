"""The review list: found, sorted and paged by the database, from an index."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from db.engine import Database, reading
from db.events import add_event
from db.models import ClinicRow
from db.reports import save_report
from db.review import list_episodes
from recovery.access import grant_clinic
from recovery.judgement.reasons import ReasonKind
from recovery.reports import Event, EventKind
from recovery.review import PAGE_SIZE, ReviewOrder, ReviewQuery, ReviewRow
from tests.db.acts import acts
from tests.factories import NOW, TODAY, make_clinician_actor, make_patient, saving
from tests.small_clinic import SmallClinic

FOUND_BY = {
    "ro": {"Rowan Elm"},
    "ELM": {"Rowan Elm", "Elma O'Neil"},
    "Elm, Rowan": {"Rowan Elm"},
    "  rowan   elm ": {"Rowan Elm"},
    "owan": set(),
    "jose": {"Jos\u00e9 Garc\u00eda-L\u00f3pez"},
    "JOS\u00c9": {"Jos\u00e9 Garc\u00eda-L\u00f3pez"},
    "lopez": {"Jos\u00e9 Garc\u00eda-L\u00f3pez"},
    "garcia-lo": {"Jos\u00e9 Garc\u00eda-L\u00f3pez"},
    "o'neil": {"Elma O'Neil"},
    "o\u2019n": {"Elma O'Neil"},
    "neil": {"Elma O'Neil"},
    "\U0001f9b4": {"Bone \U0001f9b4 Ash"},
    "100": {"100% Under_Score"},
    "100%": {"100% Under_Score"},
    "under_": {"100% Under_Score"},
    "%": set(),
    "_": set(),
    "'; DROP TABLE patient; --": set(),
    "\\": set(),
    "nobody": set(),
    "\x00": {"*"},
    "ro\x00w" + chr(0xD800): {"Rowan Elm"},
    "x" * 10_000: set(),
}
"""What is typed, and who is found; a star stands for everybody."""
NAMES = (
    "Jos\u00e9 Garc\u00eda-L\u00f3pez",
    "Elma O'Neil",
    "Bone \U0001f9b4 Ash",
    "100% Under_Score",
)


def _listed(session: Session, clinic: SmallClinic, **query: Any) -> list[ReviewRow]:
    access = grant_clinic(clinic.clinician)
    return list(list_episodes(session, access, ReviewQuery(**query), NOW).rows)


def _names(session: Session, clinic: SmallClinic, **query: Any) -> list[str]:
    return [row.name for row in _listed(session, clinic, **query)]


def test_a_list_is_not_read_without_a_trace(database: Database, clinic: SmallClinic) -> None:
    """A session that would not keep the audit entry lists nobody."""
    with reading(database) as session, pytest.raises(ValueError, match="writing"):
        _listed(session, clinic)


def test_an_empty_clinic_has_an_empty_list(session: Session, clinic: SmallClinic) -> None:
    """And a page far beyond the end is empty, too."""
    empty = ClinicRow(name="New Clinic", time_zone="UTC")
    session.add(empty)
    session.flush()
    access = grant_clinic(make_clinician_actor(session, empty.id, "newcomer"))

    assert list_episodes(session, access, ReviewQuery(), NOW).rows == ()
    assert not list_episodes(session, access, ReviewQuery(), NOW).has_next
    assert _listed(session, clinic, page=1_000_000) == []
    assert len(_listed(session, clinic, page=-1)) == 1


def test_people_are_found_by_the_beginning_of_any_part_of_the_name(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Whatever case, accents and signs; signs of a query language are only signs."""
    for name in NAMES:
        make_patient(session, clinic.clinician, name=name)
    make_patient(session, other_clinic.clinician, name="Rowan Elsewhere")

    found = {search: set(_names(session, clinic, search=search)) for search in FOUND_BY}

    everybody = {*NAMES, "Rowan Elm"}
    assert found == {
        search: everybody if names == {"*"} else names for search, names in FOUND_BY.items()
    }


def test_a_person_without_reports_stands_on_the_list(session: Session, clinic: SmallClinic) -> None:
    """With nothing where nothing was reported, and no stand-in for it."""
    [row] = _listed(session, clinic)

    assert (row.last_day, row.last_worst_pain_nrs) == (None, None)
    assert (row.days_logged, row.days_counted) == (0, 7)
    assert (row.alerts, row.spark, row.recent_pains()) == ((), "", [None] * 10)
    assert (row.post_procedure_day, row.procedure) == (10, "kyphoplasty")
    assert acts(session) == {"review.listed": 1}


def test_a_report_shows_at_once(session: Session, clinic: SmallClinic) -> None:
    """In the transaction of the report, the late one before it, and the correction."""
    save_report(session, clinic.own, saving(worst_pain_nrs=7))
    late = saving(day=TODAY - timedelta(days=2), worst_pain_nrs=9)
    save_report(session, clinic.own, late)
    [row] = _listed(session, clinic)
    assert (row.last_day, row.last_worst_pain_nrs, row.days_logged) == (TODAY, 7, 2)

    save_report(session, clinic.own, saving(worst_pain_nrs=4, expected_version=1))
    [row] = _listed(session, clinic)
    assert (row.last_worst_pain_nrs, row.days_logged) == (4, 2)


def _fill(session: Session, clinic: SmallClinic) -> None:
    """Add three people who differ in everything that the list can be sorted by."""
    for name, procedure, back, worst in (
        ("Ann Ash", "vertebroplasty", 30, 2),
        ("Zoe Yew", "kyphoplasty", 3, 9),
        ("\u00c4nne Birch", "arthroplasty", 20, 5),
    ):
        date = TODAY - timedelta(days=back)
        access = make_patient(
            session, clinic.clinician, name=name, procedure=procedure, procedure_date=date
        )
        day = TODAY - timedelta(days={2: 2, 9: 1, 5: 0}[worst])
        save_report(session, access, saving(day=day, worst_pain_nrs=worst, average_pain_nrs=1))
        if worst == 5:
            fall = Event(kind=EventKind.FALL, occurred_at=NOW - timedelta(days=2))
            add_event(session, access, fall, idempotency_key=access.patient_id, now=NOW)
        if worst == 2:
            signs = frozenset({"fever"})
            pain = {"worst_pain_nrs": worst, "average_pain_nrs": 1}
            sign = saving(day=day, **pain, warning_signs=signs, expected_version=1)
            save_report(session, access, sign)


FIRST_AND_LAST = {
    ReviewOrder.NAME: ("Ann Ash", "Zoe Yew"),
    ReviewOrder.NEWEST_PROCEDURE: ("Zoe Yew", "Ann Ash"),
    ReviewOrder.LATEST_REPORT: ("\u00c4nne Birch", "Rowan Elm"),
    ReviewOrder.LONGEST_SILENT: ("Rowan Elm", "\u00c4nne Birch"),
    ReviewOrder.HIGHEST_PAIN: ("Zoe Yew", "Rowan Elm"),
    ReviewOrder.PROCEDURE: ("\u00c4nne Birch", "Ann Ash"),
}


def test_every_order_sorts_by_what_it_says(session: Session, clinic: SmallClinic) -> None:
    """People without a report come last where a report is what counts, first where it lacks."""
    _fill(session, clinic)

    for order, (first, last) in FIRST_AND_LAST.items():
        names = _names(session, clinic, order=order)
        assert (order, names[0], names[-1]) == (order, first, last)
    kinds = [[each.reason.kind for each in row.alerts] for row in _listed(session, clinic)]
    assert [each[:1] for each in kinds[:2]] == [[ReasonKind.WARNING_SIGN], [ReasonKind.FALL]]
    assert _names(session, clinic, order=ReviewOrder.NAME)[:2] == ["Ann Ash", "\u00c4nne Birch"]


def test_pages_show_everybody_once(session: Session, clinic: SmallClinic) -> None:
    """Equal keys, too, keep their order from page to page."""
    for number in range(2 * PAGE_SIZE - 1):
        make_patient(session, clinic.clinician, name=f"Ash {number % 3}")
    access = grant_clinic(clinic.clinician)

    for order in ReviewOrder:
        pages = [
            list_episodes(session, access, ReviewQuery(order=order, page=number), NOW)
            for number in range(3)
        ]
        assert [len(page.rows) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 0]
        assert [page.has_next for page in pages] == [True, False, False]
        assert len({row.patient_id for page in pages for row in page.rows}) == 2 * PAGE_SIZE


def test_days_are_counted_from_the_procedure_up_to_yesterday(
    session: Session, clinic: SmallClinic
) -> None:
    """Whoever logged each day of three reads so, before and after today's report."""
    date = TODAY - timedelta(days=3)
    access = make_patient(session, clinic.clinician, name="Ann Ash", procedure_date=date)
    counted = []
    for back in (3, 2, 1, 0):
        day = TODAY - timedelta(days=back)
        save_report(session, access, saving(day=day, today=day))
        [row] = _listed(session, clinic, search="ann")
        counted.append((row.days_logged, row.days_counted))

    assert counted == [(1, 3), (2, 3), (3, 3), (4, 4)]


def test_days_count_by_each_persons_own_clock(session: Session, clinic: SmallClinic) -> None:
    """At the same instant it is another day elsewhere."""
    make_patient(session, clinic.clinician, name="Far East", time_zone="Pacific/Kiritimati")

    pods = {row.name: row.post_procedure_day for row in _listed(session, clinic)}
    assert pods == {"Rowan Elm": 10, "Far East": 11}
