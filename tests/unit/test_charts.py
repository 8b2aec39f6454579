"""The specifications of the charts: what all share, and those of brace and activity."""

from typing import Any

import pytest

from charts.frames import plan_frame
from charts.palette import DARK, LIGHT
from charts.timeline import DayRange, Documented, Marks, activity_chart, brace_chart, pain_chart
from recovery.episodes import BracePlan
from tests.unit.charting import (
    BAND,
    MARKS,
    NO_MARKS,
    PROCEDURE,
    TWO_WEEKS,
    busy_log,
    channels,
    frame,
    layers,
    pain_spec,
    rows,
    spec,
    stored,
    words,
)

PLAN = plan_frame(BracePlan(hours_per_day=8, from_date=PROCEDURE), PROCEDURE, 0, 13)
NO_PLAN = plan_frame(None, PROCEDURE, 0, 13)


def all_specs(reports: Any, *, dark: bool = False) -> list[dict[str, Any]]:
    """Return the three charts of a page."""
    visits = MARKS.visits
    return [
        spec(pain_chart(reports, Documented(band=BAND), MARKS, days=TWO_WEEKS, dark=dark)),
        spec(brace_chart(reports, PLAN, visits, days=TWO_WEEKS, dark=dark)),
        spec(activity_chart(reports, visits, days=TWO_WEEKS, dark=dark)),
    ]


@pytest.mark.parametrize("reports", [frame(), busy_log()], ids=["empty", "busy"])
def test_every_chart_of_a_page_has_the_same_days(reports: Any) -> None:
    """The days lie above each other and do not move with the data."""
    for drawn in all_specs(reports):
        for x in channels(drawn, "x"):
            assert x["scale"]["domain"] == [-0.5, 13.5]
            assert x["scale"]["nice"] is False
            assert x["title"] == "Days after the procedure"


@pytest.mark.parametrize("reports", [frame(), busy_log()], ids=["empty", "busy"])
def test_every_chart_keeps_to_the_schema(reports: Any) -> None:
    """Pages skip this check, so it is made here."""
    charts = (
        pain_chart(reports, Documented(band=BAND), MARKS, days=TWO_WEEKS),
        brace_chart(reports, PLAN, MARKS.visits, days=TWO_WEEKS),
        activity_chart(reports, MARKS.visits, days=TWO_WEEKS),
    )
    for chart in charts:
        assert chart.to_dict(validate=True)["layer"]


@pytest.mark.parametrize("reports", [frame(), busy_log()], ids=["empty", "busy"])
def test_the_value_axes_never_float(reports: Any) -> None:
    """A mild week must not look severe because the axis shrank around it."""
    expected = [
        ([0, 10], "Pain (0 = none, 10 = worst)"),
        ([0, 24], "Hours in the brace"),
        ([-0.4, 3.7], "Activity"),
    ]
    for drawn, (domain, title) in zip(all_specs(reports), expected, strict=True):
        for y in channels(drawn, "y"):
            assert y["scale"]["domain"] == domain
            assert y["title"][0] == title
            assert y["axis"]["minExtent"] == y["axis"]["maxExtent"]


def test_no_layer_is_without_a_mark() -> None:
    """It would be an image without a name to a screen reader; an empty log has many."""
    for drawn in all_specs(frame()):
        assert all(rows(drawn, layer) for layer in drawn["layer"])


def test_only_the_days_drawn_travel_to_the_browser() -> None:
    """A range of two weeks does not send a year."""
    reports = frame(*(stored(pod) for pod in range(100)))
    drawn = pain_spec(reports, BAND, days=DayRange(50, 63))

    assert max(map(len, drawn["datasets"].values())) == 14


def test_hovering_over_the_brace_says_the_hours() -> None:
    """Zero is said too; a day without an answer has nothing to hover over."""
    drawn = spec(brace_chart(busy_log(), PLAN, NO_MARKS.visits, days=TWO_WEEKS))
    _, strip = layers(drawn, "rect")

    assert [each["told"] for each in rows(drawn, strip)] == [
        "Day 0, Fri 23 Oct 2026: 0 hours in the brace.",
        "Day 1, Sat 24 Oct 2026: 6.5 hours in the brace, entered later.",
        "Day 7, Fri 30 Oct 2026: 8 hours in the brace.",
    ]


def test_only_named_fields_appear_in_tooltips() -> None:
    """No layer falls back to a tooltip that lists field names."""
    for drawn in all_specs(busy_log()):
        for layer in drawn["layer"]:
            assert layer["encoding"].get("tooltip") or layer["mark"]["tooltip"] is None


def test_day_zero_and_visits_are_marked_and_named() -> None:
    """Every chart shows the procedure and the visits; the note itself stays out."""
    for drawn in all_specs(frame()):
        [rules] = layers(drawn, "rule")
        assert [(row["pod"], row["what"]) for row in rows(drawn, rules)] == [
            (0, "Procedure"),
            (7, "Visit"),
        ]
        assert {"Procedure", "Visit"} <= set(words(drawn))
        assert "private" not in str(drawn)


def test_days_out_of_range_are_not_marked() -> None:
    """Neither day 0 nor a visit is pulled into a range it does not lie in."""
    assert not list(layers(pain_spec(frame(), BAND, MARKS, DayRange(20, 33)), "rule"))


def test_visits_close_together_do_not_write_over_each_other() -> None:
    """The lines stay; the second word goes."""
    near = MARKS.visits.assign(pod=1)
    drawn = pain_spec(frame(), BAND, Marks(visits=near, events=NO_MARKS.events))

    assert len(rows(drawn, next(iter(layers(drawn, "rule"))))) == 2
    assert "Visit" not in words(drawn)


def test_a_brace_day_of_zero_hours_is_seen_and_an_unanswered_one_is_not() -> None:
    """Zero hours is an answer; its bar keeps an outline."""
    drawn = spec(brace_chart(busy_log(), PLAN, NO_MARKS.visits, days=TWO_WEEKS))
    bars = next(iter(layers(drawn, "rect")))

    assert [(row["pod"], row["brace_hours"]) for row in rows(drawn, bars)] == [
        (0, 0),
        (1, 6.5),
        (7, 8),
    ]
    assert bars["mark"]["strokeWidth"] > 0


def test_the_plan_is_drawn_and_named_only_where_there_is_one() -> None:
    """Nobody without a brace sees a plan."""
    with_plan = spec(brace_chart(frame(), PLAN, NO_MARKS.visits, days=TWO_WEEKS))
    without = spec(brace_chart(frame(), NO_PLAN, NO_MARKS.visits, days=TWO_WEEKS))

    assert "Plan: 8 hours" in words(with_plan)
    assert len(list(layers(with_plan, "line"))) == 1
    assert not list(layers(without, "line"))


def test_activity_breaks_where_it_was_not_answered() -> None:
    """Days logged without an activity are gaps, and each level has its words."""
    drawn = spec(activity_chart(busy_log(), NO_MARKS.visits, days=TWO_WEEKS))
    [line] = layers(drawn, "line")
    [strip] = layers(drawn, "rect")

    assert [(row["pod"], row["run"]) for row in rows(drawn, line)] == [(0, 0), (1, 0), (7, 1)]
    assert "0 lying down, 1 around the house" in str(line["encoding"]["y"]["title"])
    assert line["encoding"]["y"]["axis"]["labels"]
    assert "Lying down" not in words(drawn), "it would lie over the first days"
    assert [row["told"] for row in rows(drawn, strip)] == [
        "Day 0, Fri 23 Oct 2026: lying down.",
        "Day 1, Sat 24 Oct 2026: out a little, 10 minutes walked, entered later.",
        "Day 7, Fri 30 Oct 2026: out a little.",
    ]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_keep_their_contrast_with_the_page(colours: Any) -> None:
    """Marks reach 3:1 and words 4.5:1 on their page."""
    assert (
        min(contrast(colour, colours.page) for colour in (colours.documented, colours.event)) >= 3
    )
    written = (colours.text, colours.strong, colours.second)
    assert min(contrast(colour, colours.page) for colour in written) >= 4.5
    assert contrast(colours.strong, colours.second) >= 1.5


def test_a_dark_page_gets_the_dark_colours() -> None:
    """No colour of the light page is left over."""
    drawn = str(all_specs(busy_log(), dark=True))

    assert DARK.strong in drawn
    assert not [colour for colour in (LIGHT.strong, LIGHT.text, LIGHT.page) if colour in drawn]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
