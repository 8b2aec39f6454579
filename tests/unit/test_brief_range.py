"""The level of a brief beside the documented range: a status where a rule says one, else numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from content.shelf import course_for, rules_for
from recovery.expectations import BandLimits
from recovery.judgement.judge import judge
from recovery.judgement.log import log_of
from recovery.judgement.reasons import Judgement, OwnLevel, ReasonKind, Standing, Unjudged
from recovery.judgement.settings import JudgementSettings
from tests import briefs
from tests.factories import TODAY

WEEK = [TODAY - timedelta(days=back) for back in range(7)]
LIMITS = BandLimits(mean=3, p10=0.8, p25=2, p75=4, p90=6)
STANDINGS = [
    ({"standing": Standing.LOWER_OR_MIDDLE}, "in the middle half or lower"),
    ({"standing": Standing.WIDE}, "within the wide range"),
    ({"standing": Standing.HIGHER}, "higher than most people at this point"),
    ({"unjudged": {ReasonKind.HIGHER: Unjudged.NO_STATUS}}, "no status for this procedure"),
]


@pytest.mark.parametrize(("judged", "words"), STANDINGS)
def test_the_level_stands_beside_the_documented_range(
    judged: dict[str, object], words: str
) -> None:
    """In the words for clinicians; where nothing may be said, that is what it says."""
    level = OwnLevel(now_nrs=3.43, best_nrs=2.86, best_day=WEEK[2])
    judgement = Judgement(as_of=TODAY, level=level, **judged)  # type: ignore[arg-type]

    reports = [briefs.report(each) for each in [*WEEK[1:6], TODAY - timedelta(days=7)]]

    text = briefs.text(briefs.record(judgement=judgement, limits=LIMITS, reports=reports))

    assert briefs.line(text, "Now") == "3.4, mean of 5 logged days; before: 8"
    assert briefs.line(text, "Best") == "2.9, week to 20 Nov"
    assert briefs.line(text, "Documented") == f"8 of 10 people 0.8 to 6; {words}"


ABOVE = [
    (6.06, "now above this range"),
    (6.04, "now at the top of this range"),
    (5.94, "now below the top of this range"),
]


@pytest.mark.parametrize(("now_nrs", "words"), ABOVE)
def test_above_the_range_without_an_alert_the_two_numbers_are_compared(
    now_nrs: float, words: str
) -> None:
    """As they are written; under strict settings no rule speaks, and it is no status."""
    judgement = Judgement(as_of=TODAY, level=OwnLevel(now_nrs=now_nrs))

    text = briefs.text(briefs.record(judgement=judgement, limits=LIMITS))

    assert briefs.line(text, "Documented") == f"8 of 10 people 0.8 to 6; {words}"


@pytest.mark.parametrize(
    ("higher_chance", "words"),
    [(0.9, "higher than most people at this point"), (0.975, "now above this range")],
)
def test_stricter_settings_do_not_silence_the_brief(higher_chance: float, words: str) -> None:
    """The alert goes with them; the place beside the range stays."""
    record = briefs.record(reports=[briefs.report(each, worst=8, average=7) for each in WEEK])
    course = course_for("kyphoplasty", shares_augmentation_curve=True)
    assert course is not None
    log = log_of(record.episode, [each.report for each in record.reports])
    rules = rules_for("kyphoplasty", shares_augmentation_curve=True)
    judgement = judge(log, rules, JudgementSettings(higher_chance=higher_chance), TODAY)
    limits = course.limits(10, 8)

    line = briefs.line(
        briefs.text(replace(record, judgement=judgement, limits=limits)), "Documented"
    )

    assert line == f"8 of 10 people 0.7 to 6.1; {words}"


def test_without_a_level_nothing_is_compared() -> None:
    """The range stands alone."""
    assert (
        briefs.line(briefs.text(briefs.record(limits=LIMITS)), "Documented")
        == "8 of 10 people 0.8 to 6"
    )


def test_a_procedure_without_a_status_gets_no_comparison() -> None:
    """However high the pain is."""
    judgement = Judgement(
        as_of=TODAY,
        level=OwnLevel(now_nrs=9),
        unjudged={ReasonKind.HIGHER: Unjudged.NO_STATUS},
    )

    line = briefs.line(briefs.text(briefs.record(judgement=judgement, limits=LIMITS)), "Documented")

    assert line == "8 of 10 people 0.8 to 6; no status for this procedure"
