"""Reasons in words for the staff: their figures and days, and nothing where one is missing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.judgement.reasons import Reason, ReasonKind
from tests.factories import TODAY
from ui.reason_sentences import reason_sentence
from ui.reason_words import REASON_WORDS

SAID: list[tuple[ReasonKind, dict[str, Any], str]] = [
    (
        ReasonKind.WARNING_SIGN,
        {"signs": ["fever", "new_*sign*"]},
        "Ticked on Sun 15 Nov: fever or chills; new\\_\\*sign\\*.",
    ),
    (ReasonKind.FALL, {}, "Recorded on Sun 15 Nov."),
    (ReasonKind.SUDDEN_PAIN, {"pain_nrs": 9}, "Recorded on Sun 15 Nov, pain 9 of 10."),
    (
        ReasonKind.CHANGE,
        {
            "before_nrs": 3.21,
            "now_nrs": 6.8,
            "rise": 3.59,
            "since_day": "2026-11-16",
            "days": 5,
            "before_days": 28,
        },
        "Average pain 6.8 on 5 logged days since Mon 16 Nov, after 3.2 before: 3.6 points more.",
    ),
    (
        ReasonKind.WORSE_AGAIN,
        {"best_nrs": 2.5, "now_nrs": 6.0, "rise": 3.5, "best_day": "2026-11-02"},
        (
            "Average pain 6 in the week up to Sun 22 Nov, after 2.5 in the best week, "
            "up to Mon 2 Nov: 3.5 points more."
        ),
    ),
    (
        ReasonKind.HIGHER,
        {"days": 3, "pains": [7, 8, 8], "limits": [7.2, 7.1, 6.9], "chance": 0.9},
        (
            "Average pain 7, 8, 8 on the last 3 logged days, up to Sun 22 Nov; "
            "the documented 90th centile is 6.9 there."
        ),
    ),
    (
        ReasonKind.NO_RESPONSE,
        {
            "baseline_nrs": 8,
            "milestone_nrs": 7.4,
            "now_nrs": 8.5,
            "better": -0.5,
            "judging_day": 14,
        },
        (
            "Average pain 8.5 in the week up to Sun 22 Nov, 8 before the procedure: "
            "0.5 points more. On day 14 it was 7.4."
        ),
    ),
    (
        ReasonKind.SILENCE,
        {"days": 6, "silence_days": 5, "last_day": "2026-11-16"},
        "No report since Mon 16 Nov.",
    ),
    (
        ReasonKind.SILENCE,
        {"days": 10, "silence_days": 5},
        "Nothing was ever reported.",
    ),
    (
        ReasonKind.MEDICINE,
        {"how": "times", "now_times": 4.25, "before_times": 1.0},
        "Pain medicine 4.2 times a day in the week up to Sun 22 Nov, 1 times before.",
    ),
    (
        ReasonKind.MEDICINE,
        {"how": "prescribed", "days": 5},
        (
            "Prescribed pain medicine on 5 days of the week up to Sun 22 Nov, "
            "on none of the two weeks before."
        ),
    ),
    (
        ReasonKind.BRACE,
        {"worn_hours": 3.1, "planned_hours": 8, "share": 0.388, "limit": 0.5, "days": 5},
        (
            "Brace worn 3.1 of 8 planned hours a day on 5 days up to Sun 22 Nov: 39 %, "
            "with a limit of 50 %."
        ),
    ),
]
IDS = [f"{kind.value}-{number}" for number, (kind, *_) in enumerate(SAID)]
ANY = (
    st.none()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "fever", "times", "2026-11-02", "**x**", [], ["fever"], [7], [None]])
)


def _reason(kind: ReasonKind, values: dict[str, Any], first: date | None = None) -> Reason:
    return Reason(
        kind=kind, first_day=first or TODAY - timedelta(days=7), last_day=TODAY, values=values
    )


@pytest.mark.parametrize(("kind", "values", "words"), SAID, ids=IDS)
def test_a_reason_says_its_figures(kind: ReasonKind, values: dict[str, Any], words: str) -> None:
    """Each in one sentence, with days, figures, and ids of unknown signs letter by letter."""
    assert reason_sentence(_reason(kind, values)) == words


def test_every_kind_has_a_heading_and_a_sentence() -> None:
    """None is shown as an empty line, whatever it rests on."""
    assert set(REASON_WORDS) == set(ReasonKind) == {kind for kind, *_ in SAID}
    assert all(reason_sentence(_reason(kind, {})) for kind in ReasonKind)


@pytest.mark.parametrize(("kind", "values", "words"), SAID, ids=IDS)
def test_a_missing_figure_leaves_the_days(
    kind: ReasonKind, values: dict[str, Any], words: str
) -> None:
    """A figure that an older version did not keep is never made up."""
    for name in values:
        said = reason_sentence(_reason(kind, {**values, name: None}))

        if said != words:
            assert said == "It rests on the answers of Sun 15 Nov to Sun 22 Nov."
            assert reason_sentence(_reason(kind, {**values, name: None}, TODAY)) == (
                "It rests on the answers of Sun 22 Nov."
            )


LEVELS = st.integers(0, 1000).map(lambda hundredths: hundredths / 100)


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        (ReasonKind.CHANGE, "before_nrs"),
        (ReasonKind.WORSE_AGAIN, "best_nrs"),
        (ReasonKind.NO_RESPONSE, "baseline_nrs"),
    ],
)
@given(now_nrs=LEVELS, before_nrs=LEVELS)
def test_a_difference_is_that_of_the_figures_beside_it(
    kind: ReasonKind, before: str, now_nrs: float, before_nrs: float
) -> None:
    """Whoever subtracts what is written finds what is written, to the tenth."""
    [known] = [values for each, values, _ in SAID if each is kind]
    figures = known | {"now_nrs": now_nrs, before: before_nrs}

    said = reason_sentence(_reason(kind, figures))

    now, then = Decimal(f"{now_nrs:.1f}"), Decimal(f"{before_nrs:.1f}")
    change = now - then
    points, way = abs(change).normalize(), "more" if change > 0 else "less"
    unit = "point" if points == 1 else "points"
    expected = f": {points:f} {unit} {way}." if change else ": no change."
    assert expected in said
    assert f" {now.normalize():f} " in said
    assert f" {then.normalize():f} " in said


def test_a_share_is_that_of_the_hours_beside_it() -> None:
    """4.04 of 7.96 hours is 51 %, and reads as half."""
    figures = {"worn_hours": 4.04, "planned_hours": 7.96, "share": 0.508, "limit": 0.6, "days": 5}

    assert "4 of 8 planned hours a day on 5 days up to Sun 22 Nov: 50 %" in reason_sentence(
        _reason(ReasonKind.BRACE, figures)
    )


@given(kind=st.sampled_from(ReasonKind), values=st.data())
def test_no_figure_breaks_a_sentence(kind: ReasonKind, values: st.DataObject) -> None:
    """Whatever a stored alert holds, the page says something about it."""
    names = sorted({name for each, known, _ in SAID if each is kind for name in known})
    drawn = values.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, ANY)))

    assert reason_sentence(_reason(kind, drawn)).endswith(".")
