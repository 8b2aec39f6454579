"""The specification of the pain chart."""

from datetime import UTC, datetime

from charts.band import BAND_WORDS, MEAN_WORDS
from charts.frames import band_frame, event_frame
from charts.layers import EVERY_POINT_UP_TO
from charts.pain import line_labels, pain_dots
from charts.palette import LIGHT
from charts.shapes import SHAPES
from charts.timeline import DayRange, Marks
from recovery.days import zone
from recovery.reports import Event, EventKind
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
    stored,
    words,
)

NO_BAND = band_frame(None, 8, 0, 13)


def test_the_pain_axis_says_which_way_is_worse() -> None:
    """Nobody has to guess what up means."""
    assert channels(pain_spec(frame(), BAND), "y")[0]["title"][1] == "Higher is more pain"


def test_no_band_and_no_words_about_it_where_nothing_is_documented() -> None:
    """An undocumented course draws nothing and names nothing."""
    drawn = pain_spec(busy_log(), NO_BAND)

    assert not list(layers(drawn, "area"))
    assert not {BAND_WORDS, MEAN_WORDS} & set(words(drawn))


def test_an_empty_log_still_shows_the_band_with_its_name() -> None:
    """What is documented can be read before the first report."""
    drawn = pain_spec(frame(), BAND)

    assert [layer["encoding"]["y"]["field"] for layer in layers(drawn, "area")] == ["p10", "p25"]
    assert [layer["encoding"]["y2"]["field"] for layer in layers(drawn, "area")] == ["p90", "p75"]
    assert {BAND_WORDS, MEAN_WORDS} <= set(words(drawn))


def test_an_empty_log_brings_no_layer_without_a_mark() -> None:
    """Such a layer would be an image without a name to a screen reader."""
    drawn = pain_spec(frame(), BAND)

    assert all(rows(drawn, layer) for layer in drawn["layer"])


def test_a_mean_without_any_spread_draws_a_line_and_no_area() -> None:
    """No area is made up around a middle that was documented alone."""
    drawn = pain_spec(frame(), BAND[BAND["p90"].isna()])

    assert not list(layers(drawn, "area"))
    assert MEAN_WORDS in words(drawn)
    assert BAND_WORDS not in words(drawn)


def test_lines_are_split_at_every_gap() -> None:
    """Worst and average pain are drawn run by run."""
    drawn = pain_spec(busy_log(), NO_BAND)
    average, worst = layers(drawn, "line")

    for line, field in ((average, "average_pain_nrs"), (worst, "worst_pain_nrs")):
        assert line["encoding"]["detail"] == {"field": "run", "type": "nominal"}
        assert line["encoding"]["y"]["field"] == field
        assert [row["run"] for row in rows(drawn, line)] == [0, 0, 0, 1, 2, 2]
    assert worst["mark"]["strokeWidth"] > average["mark"]["strokeWidth"]


def test_late_and_corrected_days_differ_by_shape_and_outline() -> None:
    """They are told apart without colour, and explained where they occur."""
    drawn = pain_spec(busy_log(), NO_BAND)
    [shaped] = [layer for layer in layers(drawn, "point") if "shape" in layer["encoding"]]
    shape = shaped["encoding"]["shape"]

    assert [row["entry"] for row in rows(drawn, shaped)] == ["Entered later", "Corrected"]
    assert dict(zip(shape["scale"]["domain"], shape["scale"]["range"], strict=True)) == SHAPES
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert shaped["mark"]["fill"] == LIGHT.page
    assert shape["legend"]["values"] == ["Entered later", "Corrected"]


def test_a_plain_log_needs_no_legend() -> None:
    """Words that explain nothing are left out."""
    drawn = pain_spec(frame(stored(0), stored(1)), BAND)

    assert not channels(drawn, "shape")


def test_a_lone_day_keeps_its_points_in_a_long_range() -> None:
    """A single day between two gaps has no line that would show it."""
    days = DayRange(0, EVERY_POINT_UP_TO)
    drawn = pain_spec(busy_log(), NO_BAND, days=days)

    dots = [
        rows(drawn, layer) for layer in layers(drawn, "point") if "shape" not in layer["encoding"]
    ]
    assert [[row["pod"] for row in drawn_rows] for drawn_rows in dots] == [[7], [7]]


def test_hovering_anywhere_over_a_day_names_it() -> None:
    """One sentence says the day, the values, and how they were entered when not on the day."""
    drawn = pain_spec(busy_log(), BAND)
    [strip] = layers(drawn, "rect")
    days = rows(drawn, strip)

    assert strip["encoding"]["tooltip"]["field"] == "told"
    assert [each["told"] for each in days[:3]] == [
        "Day 0, Fri 23 Oct 2026: worst pain 6, average 4.",
        "Day 1, Sat 24 Oct 2026: worst pain 6, average 4, entered later.",
        "Day 2, Sun 25 Oct 2026: worst pain 6, average 4, corrected.",
    ]
    assert [(each["left"], each["right"]) for each in days[:2]] == [(-0.5, 0.5), (0.5, 1.5)]


def test_events_stand_at_their_pain_or_at_the_upper_edge() -> None:
    """An event without a number is not drawn at a pain nobody reported."""
    drawn = pain_spec(frame(), BAND, MARKS)
    known, unknown = (layer for layer in layers(drawn, "point") if "tooltip" in layer["encoding"])

    assert known["encoding"]["y"]["field"] == "pain_nrs"
    assert [row["kind"] for row in rows(drawn, known)] == ["Sudden pain"]
    assert unknown["encoding"]["y"] == {"value": 10}
    assert [(row["kind"], row["pain"]) for row in rows(drawn, unknown)] == [("Fall", "Not given")]


def test_an_extra_reading_can_be_seen() -> None:
    """Its shape is a dash, which has an edge and nothing to fill."""
    reading = Event(
        kind=EventKind.PAIN_READING, pain_nrs=7, occurred_at=datetime(2026, 10, 26, 12, tzinfo=UTC)
    )
    marks = Marks(visits=NO_MARKS.visits, events=event_frame([reading], PROCEDURE, zone("UTC")))
    drawn = pain_spec(busy_log(), NO_BAND, marks)

    [mark] = [each["mark"] for each in layers(drawn, "point") if "kind" in str(each["encoding"])]
    assert mark["stroke"] == LIGHT.event != LIGHT.page


def test_names_keep_away_from_the_lines_between_their_days() -> None:
    """A steep line passes between two days where no day is."""
    steep = frame(
        *(stored(pod, worst_pain_nrs=0 if pod % 2 else 10, average_pain_nrs=0) for pod in range(10))
    )
    labels = line_labels(steep, TWO_WEEKS, LIGHT)
    dots = pain_dots(steep, labels, TWO_WEEKS)

    assert (0.5, 5.0) in dots
    assert (0.25, 7.5) in dots
