"""The clinician's chart as one view: panels, axes, pointer, headings and colours."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import altair as alt
import pytest

from charts.palette import DARK, LIGHT
from charts.timeline import DayRange
from recovery.alerts import AlertState
from recovery.judgement.reasons import ReasonKind
from tests.unit.charting import frame, stored
from tests.unit.clinical import (
    alert,
    alerts_of,
    busy,
    data,
    drawn,
    drawn_busy,
    marks,
    nothing,
    reach_of,
    told,
    with_field,
)

PHONE_LETTERS = 48


@pytest.mark.parametrize("recorded", [nothing(), busy()], ids=["empty", "busy"])
def test_the_chart_keeps_to_the_schema(recorded: Any) -> None:
    """Pages skip this check, so it is made here, on the grouped form that is sent."""
    alt.LayerChart.from_dict(drawn(recorded))


@pytest.mark.parametrize("recorded", [nothing(), busy()], ids=["empty", "busy"])
def test_all_panels_share_one_axis_of_days(recorded: Any) -> None:
    """Every mark lies on the same days; ticks are the browser's, since they follow the zoom."""
    axes = [layer["encoding"].get("x", {}) for layer in marks(drawn(recorded))]
    axes = [each for each in axes if "field" in each]

    assert {tuple(each["scale"]["domain"]) for each in axes} == {(-0.5, 13.5)}
    assert not any("values" in each["axis"] for each in axes)
    assert all(each["axis"]["tickMinStep"] == 1 for each in axes)


def test_panels_stand_below_each_other_within_the_view() -> None:
    """No panel reaches into another one, and the lowest ends above the days."""
    spec = drawn_busy()
    reaches = sorted({reach for layer in marks(spec) if (reach := reach_of(layer))})

    assert len(reaches) == 9
    assert all(above[1] < below[0] for above, below in pairwise(reaches))
    assert reaches[-1][1] < spec["height"]
    assert spec["resolve"] == {"scale": {"y": "independent"}}
    assert spec["autosize"]["type"] == "fit-x"


def test_the_axes_of_panels_never_float() -> None:
    """A mild week must not look severe because an axis shrank around it."""
    spec = drawn_busy()
    fixed = {"worst_pain_nrs": [0, 10], "brace_hours": [0, 24], "times": [0, 8]}
    for field, domain in fixed.items():
        assert {
            tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in with_field(spec, field)
        } == {tuple(domain)}


@pytest.mark.parametrize("recorded", [nothing(), busy()], ids=["empty", "busy"])
def test_no_layer_is_without_a_mark(recorded: Any) -> None:
    """It would be an image without a name to a screen reader."""
    spec = drawn(recorded)

    assert all(data(spec, layer) for layer in marks(spec))


def test_nothing_leaves_the_plot_when_it_is_zoomed() -> None:
    """Only the headings stand beside it, which do not move."""
    loose = [layer for layer in marks(drawn_busy()) if not layer["mark"].get("clip")]

    assert {layer["mark"]["type"] for layer in loose} == {"text"}
    assert {layer["encoding"]["x"]["value"] for layer in loose} == {-26}


def test_one_pointer_and_one_zoom_concern_all_panels() -> None:
    """Both are bound to the strips over the whole height; the wheel is left to the page."""
    spec = drawn_busy()
    by_name = {each["name"]: each for each in spec["params"]}
    strips = spec["layer"][-1]["layer"][-1]

    assert by_name["closer"]["bind"] == "scales"
    assert by_name["closer"]["select"]["encodings"] == ["x"]
    assert "event.ctrlKey" in by_name["closer"]["select"]["zoom"]
    assert by_name["pointed"]["select"]["fields"] == ["pod"]
    assert all(each["views"] == [strips["name"]] for each in spec["params"])
    assert "y" not in strips["encoding"]


def test_the_day_pointed_at_is_marked_by_one_strip_that_moves() -> None:
    """From top to bottom, so in all panels at once; out of sight while nothing is pointed at."""
    spec = drawn_busy()
    marked = spec["layer"][-1]["layer"][0]

    assert len(data(spec, marked)) == 1
    assert marked["transform"][0]["calculate"] == (
        "(pointed.pod ? pointed.pod[0] : -1000000) - datum.half"
    )
    assert marked["mark"]["fillOpacity"] > 0
    assert "y" not in marked["encoding"]


def test_pointing_at_a_day_tells_all_of_it() -> None:
    """One text holds every panel's record of the day, how it was entered included."""
    said = told(drawn_busy())

    assert said[1] == (
        "Worst pain 6, average 4; entered later; medicine both kinds, 4 times; "
        "brace 6.5 of 8 planned hours."
    )
    assert said[2] == (
        "Worst pain 6, average 4; medicine prescribed, times not given; a note by the patient; "
        "fall at 3:00 PM; closed alert: warning sign."
    )
    assert said[7] == (
        "Worst pain 6, average 4; medicine over the counter, 1 time; brace 8 of 8 planned hours; "
        "out a little, 20 minutes walked; sudden pain at 8:10 AM, pain 9; visit note; "
        "open alert: warning sign; open alert: better, then worse."
    )
    assert said[3] == "No report."
    assert said[8] == "No report; open alert: better, then worse."
    assert said[12] == "Planned visit."
    assert set(said) == {*range(10), 12}


def test_zero_medicine_and_zero_hours_are_told_as_answers() -> None:
    """None is not the same as not answered."""
    said = told(drawn_busy())

    assert "no pain medicine; brace 0 of 8 planned hours" in said[0]
    assert "medicine" not in said[9]
    assert "brace" not in said[9]


def test_only_days_of_the_range_are_told() -> None:
    """A range of two weeks does not send what lies before it."""
    assert set(told(drawn(busy(), DayRange(8, 21)))) == {8, 9, 12}


def test_headings_fit_on_a_phone() -> None:
    """The longest key is broken between its parts."""
    everything = alerts_of(
        *(
            alert(kind, pod, pod, state)
            for kind in ReasonKind
            for pod, state in enumerate(AlertState)
        )
    )
    spec = drawn(busy(alerts=everything))
    headings = [each for each in marks(spec) if each["mark"].get("clip") is False]

    lines = [row["words"] for each in headings for row in data(spec, each)]
    assert max(map(len, lines)) <= PHONE_LETTERS
    assert "1 closed (hollow)" in "".join(lines)


def test_a_year_sends_each_day_once_a_layer() -> None:
    """No table holds more rows than there are days, and days out of range stay away."""
    reports = frame(*(stored(pod) for pod in range(400)))
    spec = drawn(replace(busy(), reports=reports), DayRange(0, 364))

    assert max(map(len, spec["datasets"].values())) == 365


def test_a_dark_page_gets_the_dark_colours() -> None:
    """No colour of the light page is left over."""
    spec = str(drawn(busy(), dark=True))

    assert DARK.strong in spec
    assert not [
        each for each in (LIGHT.strong, LIGHT.text, LIGHT.page, LIGHT.event) if each in spec
    ]


def test_only_named_fields_appear_in_tooltips() -> None:
    """No layer falls back to a tooltip that lists field names."""
    for layer in marks(drawn_busy()):
        assert layer["encoding"].get("tooltip") or layer["mark"].get("tooltip", "") is None
