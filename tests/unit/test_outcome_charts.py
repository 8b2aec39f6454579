"""Outcome charts: intervals as published, empty input, fixed axes, pictures without a network."""

from functools import partial
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.days import DayRange
from charts.intervals import at_risk, day_of_half, event_frame, share_interval
from charts.outcome_frames import (
    active_frame,
    adherence_frame,
    curve_frame,
    response_frame,
)
from charts.outcomes import (
    active_chart,
    adherence_chart,
    at_risk_days,
    curve_chart,
    people_chart,
    share_chart,
)
from exchange.pictures import Picture, picture_of
from recovery.cohorts import CohortDay, cohort_days, counted
from recovery.outcomes import ClinicOutcomes, MilestoneCount
from ui.outcome_sentences import active_sentence, curve_sentence
from ui.outcomes_view import Section, _csv

DAYS = DayRange(0, 30)
NO_BAND = pd.DataFrame(columns=["pod", "mean", "p10", "p25", "p75", "p90"])
CURVE = curve_frame(cohort_days(counted(["87654321"] * 25 + ["....4"])))
# Six people: events on days 6, 6, 6, 10; last heard of on days 9 and 11.
TIMES = {(6, True): 3, (9, False): 1, (10, True): 1, (11, False): 1}

times = st.dictionaries(
    st.tuples(st.integers(1, 60), st.booleans()), st.integers(1, 30), min_size=1, max_size=20
)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 20, 0.0, 16.1), (10, 20, 29.9, 70.1), (20, 20, 83.9, 100.0), (81, 263, 25.5, 36.6)],
)
def test_share_intervals_are_the_published_ones(
    count: int, n: int, low: float, high: float
) -> None:
    """Wilson's score interval; the last is the example of Newcombe, Stat Med 1998;17:857."""
    assert list(share_interval(count, n)) == pytest.approx([low, high], abs=0.06)


def test_a_share_of_more_than_all_is_a_mistake() -> None:
    """A count never lies outside its whole."""
    with pytest.raises(ValueError, match="must not be"):
        share_interval(3, 2)


def test_time_to_event_by_hand() -> None:
    """After three of six, half; then one of the two left of whom one was lost before."""
    frame = event_frame(TIMES)

    assert frame["pod"].tolist() == [0, 6, 10]
    assert frame["share"].tolist() == pytest.approx([0, 50, 75])
    assert frame["at_risk"].tolist() == [6, 6, 2]
    assert (day_of_half(frame, "share"), day_of_half(frame, "low")) == (6, None)


def test_without_people_or_events_there_is_no_step() -> None:
    """Nobody makes an empty table; people without an event make a flat line from day 0."""
    assert event_frame({}).empty
    flat = event_frame({(5, False): 30})
    assert (flat["pod"].tolist(), flat["share"].tolist()) == ([0], [0.0])


def test_when_everybody_had_the_event_the_interval_is_open() -> None:
    """At all of them the method has no interval, and none is made up."""
    last = event_frame({(3, True): 10, (5, True): 10}).iloc[-1]

    assert last["share"] == 100
    assert np.isnan(last["low"])


@given(times)
def test_time_to_event_is_the_product_of_its_steps(found: dict[tuple[int, bool], int]) -> None:
    """The estimate worked out day by day; it rises, and its interval holds it."""
    frame = event_frame(found)
    surviving = 1.0
    for pod in sorted({pod for pod, which in found if which}):
        surviving *= 1 - found[pod, True] / at_risk(found, pod)
        [row] = frame[frame["pod"] == pod].to_dict("records")
        assert row["share"] == pytest.approx(100 * (1 - surviving))
        assert not row["low"] > row["share"] + 1e-9
        assert not row["high"] < row["share"] - 1e-9
    assert frame["share"].is_monotonic_increasing


def test_the_curve_keeps_days_without_enough_people_open() -> None:
    """A missing day ends a run, so that no line crosses it."""
    days = [CohortDay(pod=pod, n=20, p10=1, p25=2, p50=3, p75=4, p90=5) for pod in (0, 1, 4, 5, 9)]

    assert curve_frame(days)["run"].tolist() == [0, 0, 1, 1, 2]
    assert curve_frame([]).empty


def test_few_people_behind_a_share_hide_it() -> None:
    """A milestone that few reached has no row; a small count has a row without figures."""
    rows = response_frame(
        [
            MilestoneCount(pod=14, reached=40, judged=30, important=20, substantial=3),
            MilestoneCount(pod=30, reached=40, judged=19, important=10, substantial=9),
            MilestoneCount(pod=90, reached=19, judged=19, important=10, substantial=9),
        ]
    )

    assert rows["pod"].tolist() == [14, 14, 30, 30]
    assert rows["count"].isna().tolist() == [False, True, True, True]
    assert rows["share"].isna().tolist() == [False, True, True, True]


def test_time_to_active_needs_enough_people_and_stops_with_few_left() -> None:
    """Below twenty there is no line; it ends where fewer than five are left."""
    assert active_frame({(5, True): 19}).empty
    shown = active_frame({(5, True): 17, (9, True): 1, (20, True): 4})
    assert shown["pod"].tolist() == [0, 5, 9]


def test_adherence_needs_enough_people_for_each_row() -> None:
    """Twenty patients reported, nineteen had a brace."""
    outcomes = ClinicOutcomes(
        recoveries=20,
        curve=(),
        milestones=(),
        active={},
        logged_days={15: 20},
        brace_percents={80: 19},
    )

    rows = adherence_frame(outcomes)

    assert rows["row"].tolist() == ["Days logged"]
    assert rows["p50"].tolist() == [50.0]


def test_every_chart_keeps_to_the_schema_in_light_and_dark() -> None:
    """Each is valid Vega-Lite, and dark differs from light."""
    rows = response_frame(
        [MilestoneCount(pod=14, reached=40, judged=30, important=20, substantial=10)]
    )
    active = active_frame({(5, True): 30, (9, False): 10})
    left = pd.DataFrame({"pod": [0], "words": ["40"]})
    adherence = pd.DataFrame(
        {"row": ["Days logged"], "n": [20], "p25": [50.0], "p50": [60.0], "p75": [70.0]}
    )
    for draw in (
        partial(curve_chart, CURVE, NO_BAND, days=DAYS),
        partial(people_chart, CURVE, days=DAYS),
        partial(share_chart, rows),
        partial(active_chart, active, left, days=DAYS),
        partial(adherence_chart, adherence),
    ):
        light = draw().to_dict(validate=True)
        assert light["layer"]
        assert draw(dark=True).to_dict()["config"] != light["config"]


@pytest.mark.parametrize("last", [13, 30, 365])
def test_numbers_under_the_line_fit_a_phone(last: int) -> None:
    """Five at most, from day 0 on, within the days drawn."""
    days = at_risk_days(DayRange(0, last))

    assert days[0] == 0
    assert len(days) <= 5
    assert days[-1] <= last


def test_sentences_say_what_is_known() -> None:
    """The last day drawn where no milestone is; no day of half where it is never reached."""
    assert curve_sentence(CURVE, [90]).startswith("On day 7, the median of average pain was 1 of")
    flat = event_frame({(5, True): 10, (40, False): 30})
    assert active_sentence(flat) == (
        "Of 40 patients, an estimated 25 % were active again by day 5."
    )


def test_a_table_to_take_away_leaves_unknown_cells_empty() -> None:
    """Missing is missing, and every column has its name."""
    rows = response_frame(
        [MilestoneCount(pod=14, reached=40, judged=30, important=20, substantial=3)]
    )
    section = Section("x", "", partial(share_chart, rows), rows, {"pod": "Day", "count": "n"})

    assert _csv(section).splitlines() == ["pod,count", "14,20", "14,"]


def test_pictures_are_drawn_on_this_machine() -> None:
    """Both forms hold a picture; an address in a chart is not asked (tests have no network)."""
    drawn = curve_chart(CURVE, NO_BAND, days=DAYS).to_dict()

    svg, png = (picture_of(drawn, form) for form in Picture)

    assert ET.fromstring(svg).tag.endswith("svg")
    assert b"Our median" in svg
    assert png.startswith(b"\x89PNG")
    elsewhere = {"data": {"url": "http://192.0.2.1/x.csv"}, "mark": "point"}
    with pytest.raises(ValueError, match="allowed"):
        picture_of(elsewhere, Picture.SVG)
