"""Where the pain of a patient lies beside that of others: when it is told, and when it is not."""

import pytest

from recovery.judgement.reasons import ReasonKind, Standing, Unjudged
from tests.factories import TODAY
from tests.unit.standings import DAY, judged, judged_today, recovery_of, since, stand_by, told
from ui.standing import Stand


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            Standing.LOWER_OR_MIDDLE,
            "your pain was about what most people report at this point, or less.",
        ),
        (
            Standing.WIDE,
            "your pain was within the wide range of what people report at this point.",
        ),
    ],
)
def test_a_level_is_told_as_it_is(standing: Standing, words: str) -> None:
    """In the middle half or better, or within the wide range; nobody is asked to call."""
    assert told(recovery_of(), judged(standing=standing)) == Stand(
        words=f"Over the last 7 days, {words}"
    )


@pytest.mark.parametrize(
    ("ago", "begins"), [(5, "So far, your"), (6, "Over the last 7 days, your")]
)
@pytest.mark.parametrize("standing", [Standing.LOWER_OR_MIDDLE, Standing.WIDE])
def test_before_a_week_has_passed_none_is_looked_back_on(
    ago: int, begins: str, standing: Standing
) -> None:
    """Day 5 is the sixth day of the recovery, day 6 the seventh."""
    recovery = since(TODAY - ago * DAY, {0: 3})

    assert told(recovery, judged(standing=standing)).words.startswith(begins)


HARDER = "Sunday 22 November was harder for you than the days before."


@pytest.mark.parametrize(
    ("newest", "words"), [(9, HARDER), (7, HARDER), (6, None), (5, None), (2, None)]
)
def test_no_level_is_told_on_a_day_above_the_wide_range(newest: int, words: str | None) -> None:
    """A mean that lies in the middle would deny what was just logged; that limit is about 6.4."""
    recovery = since(TODAY - 20 * DAY, {**dict.fromkeys(range(1, 7), 2), 0: newest})

    stand = judged_today(recovery)

    assert stand is not None
    assert not stand.asks_to_call
    assert (stand.words == words) if words else stand.words.startswith("Over the last 7 days")


@pytest.mark.parametrize(
    ("earlier", "is_said"), [({6: 8}, True), ({6: 9}, False), ({1: 9}, False), ({7: 10}, True)]
)
def test_a_day_is_called_harder_only_where_it_was(
    earlier: dict[int, int], *, is_said: bool
) -> None:
    """Than each logged day of the week that ends with it; else nothing is said in its place."""
    pains = {**dict.fromkeys(range(1, 7), 2), **earlier, 0: 9}
    recovery = since(TODAY - 20 * DAY, pains)

    stand = stand_by(recovery, judged(standing=Standing.WIDE))

    assert (stand.words if stand else "") == (HARDER if is_said else "")


def test_the_limit_is_that_of_the_newest_logged_day() -> None:
    """A day of the first week may be logged higher than one of today, and is told by its name."""
    recovery = since(TODAY - 20 * DAY, {**dict.fromkeys(range(2, 7), 2), 1: 9})

    stand = judged_today(recovery)

    assert stand == Stand(words="Saturday 21 November was harder for you than the days before.")


def test_without_a_band_no_day_lies_above_it() -> None:
    """A judgement of a course that the clinic does not draw any more is told as it is."""
    recovery = since(TODAY - 20 * DAY, {0: 9}, procedure="rfa_sacroiliac")

    assert "wide range" in told(recovery, judged(standing=Standing.WIDE)).words


@pytest.mark.parametrize(
    "procedure", ["cancer_augmentation", "celiac_plexus", "intrathecal_pump", "medial_branch_block"]
)
def test_without_a_status_none_is_told(procedure: str) -> None:
    """Neither a level nor when one could be told."""
    recovery = recovery_of(procedure)

    for judgement in (
        judged(standing=Standing.LOWER_OR_MIDDLE),
        judged(ReasonKind.HIGHER, ReasonKind.NO_RESPONSE),
        judged(unjudged={ReasonKind.HIGHER: Unjudged.TOO_EARLY}),
        judged(unjudged={ReasonKind.HIGHER: Unjudged.NO_STATUS}),
    ):
        assert stand_by(recovery, judgement) is None


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Unjudged.TOO_EARLY, "From day 3 on, you can read here"),
        (Unjudged.TOO_FEW, "Log a few more days, and you can read here"),
        (Unjudged.NO_BAND, None),
    ],
)
def test_a_level_that_cannot_be_told_yet(why: Unjudged, words: str | None) -> None:
    """Too early or too few says from when on; without a band nothing is promised."""
    stand = stand_by(recovery_of(), judged(unjudged={ReasonKind.HIGHER: why}))

    assert (stand is None) if words is None else (stand and stand.words.startswith(words))


def test_without_pain_before_no_comparison_is_promised() -> None:
    """Scaled to 0 there is no band, so more days would lead to none."""
    few = since(TODAY - 10 * DAY, {0: 3}, baseline_nrs=0)
    early = since(TODAY - 2 * DAY, {0: 3}, baseline_nrs=0)

    assert judged_today(few) is None
    assert judged_today(early) is None


@pytest.mark.parametrize(("pod", "is_promised"), [(365, True), (366, False)])
def test_after_the_last_documented_day_no_comparison_is_promised(
    pod: int, *, is_promised: bool
) -> None:
    """However many days are logged from then on, none has a band."""
    recovery = since(TODAY - pod * DAY, {0: 3})

    assert (judged_today(recovery) is not None) is is_promised
