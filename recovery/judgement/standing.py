"""Where the level of the last week lies beside what is documented."""

from recovery.judgement.reasons import Standing
from recovery.judgement.view import View, mean_pain

MIDDLE_CHANCE = 0.75
"""Upper end of the middle half of people."""

WIDE_CHANCE = 0.90
"""Upper end of the wide range; the same whatever centile a clinic's alerts use."""


def measure_standing(view: View) -> Standing | None:
    """
    Tell where the mean of the last seven days lies among the limits of the same days.

    Returns:
        None before the procedure's first day for a standing, with fewer than four days logged,
        without a documented band, and above the wide range. There, only the rule of that name
        may say ``HIGHER``.
    """
    rules, baseline = view.rules, view.log.baseline_nrs
    first, course = rules.first_status_day, rules.course
    if first is None or course is None or view.pod < first or not view.week_says_enough:
        return None
    level = mean_pain(view.week)
    for chance, standing in (
        (MIDDLE_CHANCE, Standing.LOWER_OR_MIDDLE),
        (WIDE_CHANCE, Standing.WIDE),
    ):
        limits = [course.centile(each.pod, baseline, chance) for each in view.week]
        known = [limit for limit in limits if limit is not None]
        if len(known) < len(limits):
            return None
        if level <= sum(known) / len(known):
            return standing
    return None
