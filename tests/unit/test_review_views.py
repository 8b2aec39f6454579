"""Views of the list as they are kept, phases by which it is filtered, and the list as a table."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.list_phases import GENERAL, find_phase, list_phases, query_of
from content.shelf import procedures
from exchange.review import COLUMNS, review_csv
from recovery.alerts import AlertState, OpenAlert
from recovery.judgement.reasons import Reason, ReasonKind
from recovery.review import MAX_LISTED, DayRange, ReviewOrder, ReviewRow
from recovery.review_views import ReviewView

DAY = date(2026, 11, 22)
SINCE = datetime(2026, 11, 20, tzinfo=UTC)
views = st.builds(
    ReviewView,
    order=st.sampled_from(ReviewOrder),
    is_mine=st.booleans(),
    reason=st.none() | st.sampled_from(ReasonKind),
    procedure=st.sampled_from(["", "kyphoplasty"]),
    phase=st.sampled_from(["", "later"]),
    has_visit=st.booleans(),
    is_changed=st.booleans(),
)
ROW = ReviewRow(
    patient_id=uuid4(),
    name="=1+1",
    procedure="kyphoplasty",
    procedure_date=date(2026, 11, 12),
    post_procedure_day=10,
    today=DAY,
    last_day=DAY,
    last_worst_pain_nrs=7,
    days_logged=5,
    days_counted=6,
    spark="3",
    changed_at=SINCE,
)


def _alert(kind: ReasonKind, **changes: object) -> OpenAlert:
    reason = Reason(kind=kind, first_day=DAY, last_day=DAY)
    alert = OpenAlert(alert_id=uuid4(), reason=reason, state=AlertState.NEW)
    return replace(alert, **changes)  # type: ignore[arg-type]


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@given(views)
def test_a_view_comes_back_as_it_was_kept(view: ReviewView) -> None:
    """Through JSON in the database, and through an address, where all values are texts."""
    kept = view.as_saved()

    assert ReviewView.from_saved(json.loads(json.dumps(kept))) == view
    assert ReviewView.from_saved({name: str(value) for name, value in kept.items()}) == view


@given(st.dictionaries(st.sampled_from([each.name for each in fields(ReviewView)]), st.text()))
def test_a_view_of_another_version_is_read_as_far_as_it_is_known(kept: dict[str, object]) -> None:
    """What means nothing here leaves nobody out."""
    view = ReviewView.from_saved(kept)

    assert view.order in set(ReviewOrder)
    assert view.reason is None or view.reason in set(ReasonKind)
    assert ReviewView.from_saved({"order": 3, "reason": [], "is_mine": 1}) == ReviewView()


def test_a_view_holds_no_name_that_was_searched_for() -> None:
    """What is kept or stands in an address names no person."""
    assert not {name for name in ReviewView().as_saved() if "search" in name or "name" in name}
    assert not ReviewView(order=ReviewOrder.NAME).is_filtered
    assert ReviewView(has_visit=True).is_filtered


@pytest.mark.parametrize("procedure", ["", "unknown", *procedures()])
def test_phases_hold_every_day_once(procedure: str) -> None:
    """Each day before and after belongs to one phase at most, and every early day to one."""
    for pod in range(-30, 400):
        holding = [
            phase
            for phase in list_phases(procedure)
            if (phase.days.first is None or phase.days.first <= pod)
            and (phase.days.last is None or pod <= phase.days.last)
        ]
        assert len(holding) <= 1
        assert holding or pod > 14


def test_an_unknown_phase_leaves_nobody_out() -> None:
    """As after a change of the content; one of another procedure is unknown too."""
    assert find_phase("kyphoplasty", "first_weeks") is None
    assert find_phase("", "later") == GENERAL[-1]
    assert query_of(ReviewView(procedure="kyphoplasty", phase="gone"), since=None).days is None


def test_a_view_asks_for_what_it_says() -> None:
    """Changes are asked for only against a look; before the first there is none."""
    view = ReviewView(phase="first_weeks", is_changed=True, is_mine=True)
    query = query_of(view, since=SINCE, search="elm", page=2)

    assert (query.search, query.page, query.is_mine) == ("elm", 2, True)
    assert (query.days, query.changed_since) == (DayRange(first=0, last=14), SINCE)
    assert query_of(view, since=None).changed_since is None
    assert query_of(replace(view, is_changed=False), since=SINCE).changed_since is None


def test_the_list_as_a_table_says_what_the_rows_say() -> None:
    """Several reasons in one cell, with day and state at the same place; no formula runs."""
    alerts = (
        _alert(ReasonKind.FALL, state=AlertState.ACTED),
        _alert(ReasonKind.SILENCE, is_escalated=True),
    )
    [with_alerts, silent] = _read(
        review_csv(
            [
                replace(ROW, alerts=alerts, visits=(DAY,)),
                replace(
                    ROW, last_day=None, last_worst_pain_nrs=None, days_logged=0, snoozed_until=DAY
                ),
            ]
        )
    )

    assert tuple(with_alerts) == COLUMNS
    assert with_alerts["name"] == "'=1+1"
    assert with_alerts["reasons"] == "silence; fall"
    assert with_alerts["reason_days"] == "2026-11-22; 2026-11-22"
    assert with_alerts["states"] == "New, passed on; Acted on"
    assert (with_alerts["days_logged"], with_alerts["days_counted"]) == ("5", "6")
    assert (with_alerts["last_report"], with_alerts["visits_this_week"]) == (
        "2026-11-22",
        "2026-11-22",
    )
    assert with_alerts["snoozed_until"] == silent["visits_this_week"] == ""
    assert (silent["reasons"], silent["last_report"], silent["last_worst_pain_nrs"]) == ("", "", "")
    assert (silent["days_logged"], silent["snoozed_until"]) == ("0", "2026-11-22")


def test_a_list_that_was_cut_says_so() -> None:
    """A row more than may be taken away becomes a sentence at the end."""
    cut = _read(review_csv([ROW] * (MAX_LISTED + 1)))

    assert len(cut) == MAX_LISTED + 1
    assert cut[-1]["name"] == "More are left out after 5,000. Choose a filter."
    assert "left out" not in review_csv([ROW] * MAX_LISTED)
    assert _read(review_csv([])) == []
