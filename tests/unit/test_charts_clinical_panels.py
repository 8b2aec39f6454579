"""What each panel of the clinician's chart draws: a mark, a lane and words for each kind of record."""

from dataclasses import replace

from charts.frames import plan_frame
from charts.happenings import missing_frame, visit_frame
from charts.outcome_frames import curve_frame
from charts.own_level import level_frame
from charts.palette import LIGHT
from charts.timeline import DayRange
from recovery.alerts import AlertState
from recovery.judgement.reasons import ReasonKind
from recovery.reports import PainMedicine
from tests.unit.charting import PROCEDURE, frame, stored
from tests.unit.clinical import (
    NO_CURVE,
    alert,
    alerts_of,
    busy,
    cohort,
    data,
    day,
    drawn,
    drawn_busy,
    marks,
    nothing,
    reach_of,
    with_field,
    words,
)


def test_days_without_a_report_are_marked_one_by_one_and_counted() -> None:
    """A gap in a line alone could be overlooked."""
    spec = drawn_busy()
    [ticks] = [each for each in with_field(spec, "mid") if each["mark"]["shape"].startswith("M")]

    assert [row["pod"] for row in data(spec, ticks)] == [3, 4, 5, 6, 8]
    assert "No report on 5 of 10 days" in words(spec)


def test_a_full_log_says_so_and_marks_nothing() -> None:
    """No empty lane is left."""
    spec = drawn(busy(missing=missing_frame([0, 1], range(2)), due=2))

    assert "A report on each of 2 days" in words(spec)
    assert not [each for each in with_field(spec, "mid") if each["mark"]["shape"].startswith("M")]


def test_where_no_report_was_due_none_is_missed() -> None:
    """As after a test block."""
    assert not [each for each in words(drawn(nothing())) if "eport" in each]


def test_alerts_reach_over_their_days_open_ones_filled() -> None:
    """Open and closed differ by fill and are counted in words."""
    spec = drawn_busy()
    spans = [
        (layer["mark"]["fill"], [(row["begins"], row["ends"]) for row in data(spec, layer)])
        for layer in with_field(spec, "begins", "x")
    ]

    assert spans == [
        (LIGHT.page, [(1.5, 2.5)]),
        (LIGHT.event, [(6.5, 7.5)]),
        (LIGHT.event, [(6.5, 9.5)]),
    ]
    assert {"Alert: Warning sign:  1 open (filled)", "1 closed (hollow)"} <= set(words(spec))
    assert "Alert: Better, then worse:  1 open (filled)" in words(spec)


def test_every_kind_of_alert_has_its_own_shape_and_lane() -> None:
    """Kinds are told apart without colour, by shape and by the words above."""
    alerts = alerts_of(*(alert(kind, 1, 3, AlertState.CLOSED) for kind in ReasonKind))
    spec = drawn(busy(alerts=alerts))
    ends = with_field(spec, "last", "x")

    assert len({layer["mark"]["shape"] for layer in ends}) == len(ReasonKind)
    assert len({reach_of(layer) for layer in ends}) == len(ReasonKind)
    assert len([each for each in words(spec) if each.startswith("Alert: ")]) == len(ReasonKind)


def test_an_alert_of_other_days_has_no_lane() -> None:
    """What does not rest on the days drawn is said not to."""
    spec = drawn(busy(), DayRange(20, 33))

    assert "Alerts: none on these days" in words(spec)
    assert not with_field(spec, "begins", "x")


def test_events_stand_at_their_hour_in_their_shape() -> None:
    """The key names the kinds that occur and no other."""
    spec = drawn_busy()
    places = [
        (layer["mark"]["shape"], [row["at"] for row in data(spec, layer)])
        for layer in with_field(spec, "at", "x")
    ]

    assert [(shape, [round(at, 2) for at in found]) for shape, found in places] == [
        ("triangle-up", [6.84]),
        ("triangle-down", [2.12]),
    ]
    assert "Events:  ▲ sudden pain, ▼ fall" in words(spec)


def test_visits_are_filled_once_they_took_place() -> None:
    """A planned day that has a note is one visit; the text of notes stays out of the chart."""
    spec = drawn_busy()
    diamonds = [each for each in with_field(spec, "mid") if each["mark"].get("size") == 150]
    visits = [
        (each["mark"]["fill"], [row["pod"] for row in data(spec, each)])
        for each in diamonds
        if each["mark"]["shape"] == "diamond" and "pod" in each["encoding"]["x"]["field"]
    ]
    [rules] = [
        each
        for each in marks(spec)
        if each["mark"]["type"] == "rule" and "y" not in each["encoding"]
    ]

    assert visits == [(LIGHT.strong, [7]), (LIGHT.page, [12])]
    assert [row["pod"] for row in data(spec, rules)] == [0, 7]
    assert "canary" not in str(spec)


def test_own_levels_are_drawn_and_named_where_they_are_known() -> None:
    """Pain before and the best week; nothing is drawn for what is not known."""
    spec = drawn_busy()
    rules = with_field(spec, "nrs")

    assert [[row["nrs"] for row in data(spec, rule)] for rule in rules] == [[8], [2.9]]
    assert len({str(rule["mark"]["strokeDash"]) for rule in rules}) == 2
    assert "long dashes: before, 8 of 10" in str(words(spec))
    assert "dots: best week, 2.9, to day 9" in str(words(spec))
    without = drawn(busy(levels=level_frame(None)))
    assert not with_field(without, "nrs")
    assert not [each for each in words(without) if "before" in each or "best week" in each]


def test_the_clinics_own_patients_are_drawn_only_when_asked_for() -> None:
    """Median and middle half, each ended by a day that is left out."""
    spec = drawn_busy()
    [median] = [each for each in with_field(spec, "p50") if each["mark"]["type"] == "line"]

    assert [row["run"] for row in data(spec, median)] == [0, 0, 0, 0, 1, 1, 1]
    assert median["encoding"]["detail"]["field"] == "run"
    assert "Our patients: median" in words(spec)
    without = drawn(busy(cohort=NO_CURVE))
    assert not with_field(without, "p50")
    assert "Our patients: median" not in words(without)


def test_a_lone_day_of_the_own_patients_is_a_mark() -> None:
    """No line can show it."""
    spec = drawn(busy(cohort=curve_frame(cohort(1, 2, 5))))
    [dash] = [each for each in with_field(spec, "p50") if each["mark"]["type"] == "point"]

    assert [row["pod"] for row in data(spec, dash)] == [5]


def test_medicine_is_told_by_shape_and_height() -> None:
    """No medicine is hollow on the ground; times that were not given are at the edge, and said."""
    spec = drawn_busy()
    points = {
        (each["mark"]["shape"], each["mark"]["fill"]): [
            (row["pod"], row["times"]) for row in data(spec, each)
        ]
        for each in with_field(spec, "times")
        if each["mark"]["type"] == "point"
    }
    [sticks] = [each for each in with_field(spec, "times") if each["mark"]["type"] == "rule"]

    assert points == {
        ("circle", LIGHT.page): [(0, 0)],
        ("circle", LIGHT.strong): [(7, 1)],
        ("square", LIGHT.strong): [(2, 8)],
        ("diamond", LIGHT.strong): [(1, 4)],
    }
    assert [row["pod"] for row in data(spec, sticks)] == [1, 7]
    assert "at the upper edge: times not given" in words(spec)


def test_the_axis_of_medicine_grows_and_never_cuts() -> None:
    """Eleven times a day is drawn where eleven is."""
    often = frame(stored(1, medicine=PainMedicine.BOTH, medicine_times=11))
    spec = drawn(busy(reports=often))

    assert with_field(spec, "times")[0]["encoding"]["y"]["scale"]["domain"] == [0, 12]


def test_a_log_without_answers_about_medicine_says_so() -> None:
    """An empty panel would read as none taken."""
    assert "Medicine: no answers on these days" in words(drawn(nothing()))


def test_nobody_without_a_brace_has_a_panel_for_it() -> None:
    """As nobody without a plan is asked for hours."""
    plan = plan_frame(None, PROCEDURE, 0, 13)
    spec = drawn(busy(plan=plan, has_brace=False))

    assert "Hours in the brace" in words(drawn_busy())
    assert "Hours in the brace" not in words(spec)


def test_levels_of_activity_are_named_above_their_plot() -> None:
    """By the numbers of the axis; nothing is written where the line of the first days lies."""
    spec = drawn_busy()
    levels = with_field(spec, "activity_rank")[0]

    assert levels["encoding"]["y"]["axis"]["labels"]
    assert levels["encoding"]["y"]["axis"]["values"] == [0, 1, 2, 3]
    assert "Activity:  0 lying down, 1 around the house" in words(spec)
    assert "2 out a little, 3 usual day" in words(spec)
    assert not with_field(spec, "rank")


def test_a_visit_beyond_the_days_drawn_is_named_by_its_day() -> None:
    """The nearest of them, alone or beside what is drawn; one that is drawn is not said again."""
    visits = visit_frame([day(7)], [day(7), day(20), day(40)], PROCEDURE)
    spec = drawn(busy(visits=visits))

    assert [each for each in words(spec) if "next visit" in each] == [
        "next visit planned for day 20"
    ]
    alone = words(drawn(replace(nothing(), visits=visit_frame([], [day(20)], PROCEDURE))))
    assert "Visits and notes: none on these days" in alone
    assert "next visit planned for day 20" in alone
    assert not [each for each in words(drawn_busy()) if "next visit" in each]


def test_the_dotted_line_of_a_visit_has_its_name_in_the_key() -> None:
    """Above the plot its word finds no room beside that of the procedure."""
    assert any("◆ visit note (dotted line)" in each for each in words(drawn_busy()))


def test_missing_days_are_those_due_and_not_logged() -> None:
    """A day before the first due one or after the last is not missed."""
    assert missing_frame([1, 3], range(1, 5))["pod"].tolist() == [2, 4]
    assert missing_frame([], range(0)).empty
