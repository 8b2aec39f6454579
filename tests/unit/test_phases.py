"""Documented phases: every day from day 0 on lies in one, and figures are scaled."""

from hypothesis import given
from hypothesis import strategies as st

from charts.days import DayRange
from charts.phases import figure_frame, phase_frame
from recovery.figures import FigureKind, StudyFigure
from recovery.phases import Phase, PhaseKind, first_break, phase_on

lengths = st.lists(st.integers(1, 60), min_size=1, max_size=8)


def _days(whole: list[int], *, is_open: bool) -> list[tuple[int, int | None]]:
    days: list[tuple[int, int | None]] = []
    first = 0
    for length in whole:
        days.append((first, first + length - 1))
        first += length
    if is_open:
        days[-1] = (days[-1][0], None)
    return days


def _phases(days: list[tuple[int, int | None]]) -> list[Phase]:
    return [
        Phase(
            id=f"p{place}",
            kind=PhaseKind.FOLLOW,
            first_day=first,
            last_day=last,
            label="Sore days",
            sentence="Sore.",
            source_ids=("a",),
        )
        for place, (first, last) in enumerate(days)
    ]


def _figure(**changes: object) -> StudyFigure:
    fields: dict[str, object] = {
        "id": "f",
        "kind": FigureKind.MEAN_PAIN,
        "day": 30,
        "source_id": "a",
        "how_read": "Read.",
        "sentence": "It was 4.",
        "n": 20,
        "mean_nrs": 4.0,
        "baseline_mean_nrs": 8.0,
    }
    return StudyFigure(**fields | changes)  # type: ignore[arg-type]


@given(lengths, st.booleans())
def test_days_in_a_row_are_whole(whole: list[int], is_open: bool) -> None:
    """Phases that follow each other day by day are never refused, and each day has one."""
    days = _days(whole, is_open=is_open)
    phases = _phases(days)

    assert first_break(days) is None
    for pod in range(sum(whole)):
        assert sum(phase.holds(pod) for phase in phases) == 1
    assert phase_on(phases, -1) is None
    after = phase_on(phases, sum(whole) + 1_000)
    assert after is (phases[-1] if is_open else None)


@given(lengths.filter(lambda whole: len(whole) > 1), st.data())
def test_a_gap_or_overlap_is_found_where_it_is(whole: list[int], data: st.DataObject) -> None:
    """The position told is that of the phase whose beginning is wrong."""
    days = _days(whole, is_open=False)
    position = data.draw(st.integers(1, len(days) - 1))
    first, last = days[position]
    days[position] = (first + data.draw(st.sampled_from([-1, 1])), max(first + 1, last or 0))

    broken = first_break(days)

    assert broken is not None
    assert broken[0] == position


@given(lengths, st.integers(0, 200), st.integers(0, 400))
def test_drawn_spans_cover_the_range_without_overlap(
    whole: list[int], first: int, length: int
) -> None:
    """Each day of the range lies under one span."""
    days = DayRange(first, first + length)
    frame = phase_frame(_phases(_days(whole, is_open=True)), days)

    covered = [
        pod
        for begins, ends in zip(frame["first"], frame["last"], strict=True)
        for pod in range(begins, ends + 1)
    ]
    assert covered == list(range(days.first, days.last + 1))


def test_a_name_is_broken_to_fit_or_left_out() -> None:
    """On a phone a span of one day in a year has no room for words."""
    phases = _phases([(0, 3), (4, None)])

    narrow, wide = phase_frame(phases, DayRange(0, 364))["words"]
    assert (narrow, wide) == ("", "Sore days")
    assert phase_frame(phases, DayRange(0, 13))["words"].iloc[0] == "Sore days"
    short = phase_frame(_phases([(0, 1), (2, None)]), DayRange(0, 13))
    assert short["words"].iloc[0] == "Sore\ndays"


@given(st.integers(0, 10), st.floats(0, 10), st.floats(0.5, 10))
def test_a_scaled_figure_stays_on_the_scale(
    baseline_nrs: int, mean: float, baseline_mean: float
) -> None:
    """It is the person's own pain before times what was left of the study's, or nothing."""
    figure = _figure(mean_nrs=mean, baseline_mean_nrs=baseline_mean)

    scaled = figure.scaled_mean(baseline_nrs)

    assert figure.scaled_mean(None) == mean
    if scaled is None:
        assert baseline_nrs * mean / baseline_mean > 10
    else:
        assert 0 <= scaled <= 10


def test_only_figures_of_pain_in_the_range_are_drawn() -> None:
    """A share of people is no pain, and a figure of another day is not moved into the range."""
    shares = _figure(id="s", kind=FigureKind.HALF_RELIEF, share=0.7, mean_nrs=None)

    frame = figure_frame([_figure(), shares, _figure(id="late", day=90)], 6, DayRange(0, 60))

    assert frame[["pod", "mean", "id"]].to_dict("records") == [{"pod": 30, "mean": 3.0, "id": "f"}]
    assert frame["p10"].isna().all()


def test_a_spread_that_was_read_is_drawn_within_the_scale() -> None:
    """The whisker holds the middle eight of ten, worked out as for the band."""
    [row] = figure_frame([_figure(sd_nrs=2.6)], 10, DayRange(0, 60)).to_dict("records")

    assert 0 <= row["p10"] < row["mean"] < row["p90"] <= 10
