"""What stands above the tables: what was assumed, and how to read them."""

from collections.abc import Mapping
from typing import Any


def preamble(head: Mapping[str, Any]) -> str:
    """Return the text of ``docs/judgement.md`` up to the tables."""
    settings = ", ".join(f"{name} {value:g}" for name, value in head["settings"].items())
    return _TEXT.format(**head, shipped=settings)


_TEXT = """\
# What the rules find, and how often they are wrong

Written by `uv run python -m benchmarks judgement --write` on {date} with Python {python}: {people} made-up
people, judged on each of 91 days by the rules that ship. Thresholds: {shipped}; silence of
{silence_days} days. Nothing here was measured on patients.

## How to read it

- A figure is followed by the range that holds the truth 95 times of 100 (Wilson for shares; for rates, people and
  not alerts count as drawn).
- A false alarm is any alert about an ordinary person. All are counted, also those of somebody who truly lies
  above the band or forgot to report.
- An alert of a rule opens when its reason appears while none is open. The next one needs a day on which the rule was
  judged and quiet, and 14 days.
- "Found" means that any rule opened an alert soon enough after it began, the column says how soon; without
  relief, up to day 14. "Days before the next visit" are counted to day 14, 30 or 90.
- The oracle knows each person's true level of every day, true daily SD and true autocorrelation, that pain is rounded,
  and the size of the rise that comes. It has as many false alarms as the rule beside it. No rule that must learn
  a person's level and noise from the log can do as well.

## What was assumed

- Pain before: mean 8.0, SD 1.5, from 4 to 10; recorded with an error of SD 0.5 and rounded. Level reached: mean 3.4, SD
  2.0, correlated 0.5 with the pain before. So the relief has an SD of 1.8, as read in one series (5.1, SD 1.8,
  PMC6147886).
- Two thirds of the change are done in 5 days (8 people of 10), 10 or 15 days (1 of 10 each).
- An ordinary person is one to whom nothing happens and who truly responds at day 14 by the published definition (2
  points or 30 % against the pain before as recorded). About one drawn person in six does not; they are drawn again here, because
  telling of them is what the milestone is for.
- Daily noise: SD 0.8, 1.1 or 1.6 points, autocorrelation 0, 0.3 or 0.5, rounded and cut off at 0 and 10. Nothing
  about daily noise after these procedures was read; the range is an assumption.
- 15 of 100 days are missed, 25 of 100 with pain of 7 or more.
- The documented course is the mean and spread of all such people, those without a response included, with a daily SD of 1.1,
  at days 0, 3, 7, 14, 21, 30, 60 and 90, scaled to each person's own pain before.
- Six of ten have a brace for 8 hours a day for six weeks and wear it for 87 % of the hours (SD 10 between
  people, 15 from day to day). Medicine falls from 1 to 7 doses a day to 0, 1 or 2, with an SD of 0.8.
- What truly happens begins on a day drawn between those named. It is found or not whatever else is true of the
  person."""
