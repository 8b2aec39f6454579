"""A clinician's chart of one recovery: everything that was recorded, on one axis of days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from charts.band import band_labels, band_layers
from charts.cohort import cohort_label, cohort_layers
from charts.daily import activity_layers, brace_layers, plan_labels
from charts.days import DayRange
from charts.frames import answered
from charts.labels import Label, covered, label_layers
from charts.lanes import draw_alerts, draw_events, draw_missing, draw_visits
from charts.layer import Layer, Layered, plain
from charts.layers import day_rules, rule_labels, within
from charts.medicine import medicine_key, medicine_layers, medicine_top
from charts.own_level import level_key, level_layers
from charts.pain import line_labels, pain_dots, report_layers
from charts.palette import Palette, palette
from charts.panels import Stack, Strip
from charts.phases import phase_layers
from charts.recorded import Recorded
from charts.scales import ACTIVITY_WORDS, day_axis
from charts.shapes import shape_legend
from charts.told import told_frame
from recovery.reports import MAX_BRACE_HOURS, NRS_MAX

PAIN_PX = 280
LOOK_CLOSER = (
    "Point at a day to read all of it. Hold Ctrl and turn the wheel to look closer, "
    "drag to move, double click to go back."
)
"""How the chart is handled by a pointer; the range buttons and the tables need none."""

_POINTED, _CLOSER = "pointed", "closer"
_SELECTIONS: dict[str, Mapping[str, Any]] = {
    _POINTED: {
        "select": {"type": "point", "on": "pointerover", "clear": "pointerout", "fields": ["pod"]}
    },
    # With Ctrl only: a wheel over a chart this tall is mostly meant for the page.
    _CLOSER: {
        "select": {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.ctrlKey]"},
        "bind": "scales",
    },
}
_NOWHERE = -1_000_000  # a day that no plot shows
_RULE_WORDS_PX = 18


def clinical_chart(recorded: Recorded, *, days: DayRange, dark: bool = False) -> Layered:
    """
    Draw pain, missing days, alerts, events, visits, medicine, brace and activity in one view.

    Pointing at a day marks it in all panels and tells everything of it.

    Args:
        recorded: What to draw.

        days: The range shown at first; the reader can look closer.

        dark: Whether the page is dark.
    """
    days = replace(days, zooms=True)
    stack = Stack(days, palette(dark=dark))
    _Panels(stack, recorded).draw()
    rules = day_rules(_noted(recorded.visits), days, stack.colours)
    rules = [rule.restyled(clip=True) for rule in rules]
    return stack.finish(rules, _hover(told_frame(recorded, days), days, stack.colours))


@dataclass(frozen=True)
class _Panels:
    stack: Stack
    recorded: Recorded

    @property
    def _days(self) -> DayRange:
        return self.stack.days

    @property
    def _colours(self) -> Palette:
        return self.stack.colours

    @cached_property
    def _reports(self) -> pd.DataFrame:
        return within(self.recorded.reports, self._days)

    def draw(self) -> None:
        recorded, reports = self.recorded, self._reports
        self._pain()
        draw_missing(self.stack, within(recorded.missing, self._days), recorded.due)
        draw_alerts(self.stack, recorded.alerts)
        draw_events(self.stack, recorded.events)
        draw_visits(self.stack, recorded.visits, reports.loc[reports["has_note"], ["pod"]])
        self._medicine()
        if recorded.has_brace:
            self._brace()
        self._activity()

    def _pain(self) -> None:
        days, colours, reports = self._days, self._colours, self._reports
        strip = Strip(
            heading="Pain: 0 none, 10 worst",
            key=level_key(self.recorded.levels),
            height_px=PAIN_PX,
            high=NRS_MAX,
            ticks=tuple(range(0, NRS_MAX + 1, 2)),
            room_px=_RULE_WORDS_PX,
        )
        panel = self.stack.place(strip)
        recorded = self.recorded
        band, cohort = within(recorded.documented.band, days), within(recorded.cohort, days)
        legend = shape_legend(reports, recorded.events.iloc[:0])
        layers = [
            *phase_layers(recorded.documented, days, colours, panel.axis),
            *band_layers(band, days, colours, panel.axis),
            *cohort_layers(cohort, days, colours, panel.axis),
            *level_layers(recorded.levels, colours, panel.axis),
            *report_layers(reports, days, colours, legend, panel.axis),
            *label_layers(self._pain_words(band, cohort), days, panel.axis, colours),
        ]
        self.stack.draw(layers)

    def _pain_words(self, band: pd.DataFrame, cohort: pd.DataFrame) -> list[Label]:
        """Name the lines, the person's own first, since they have the least choice."""
        days, colours, unit_px = self._days, self._colours, PAIN_PX / NRS_MAX
        labels = line_labels(self._reports, days, colours)
        dots = pain_dots(self._reports, labels, days)
        # The person's own levels are named in the key; their lines are not written over.
        dots += [
            (float(pod), float(nrs))
            for nrs in self.recorded.levels["nrs"]
            for pod in range(days.first, days.last + 1)
        ]
        found = cohort_label(cohort, dots, days, colours, unit_px)
        labels += found
        dots += [dot for label in found for dot in covered(label, days, unit_px)]
        labels += band_labels(band, dots, days, colours, unit_px)
        return labels + rule_labels(_noted(self.recorded.visits), days, colours, top=NRS_MAX)

    def _medicine(self) -> None:
        reports, key = self._reports, medicine_key(self._reports)
        if not key:
            self.stack.place(Strip(heading="Medicine: no answers on these days"))
            return
        top = medicine_top(reports)
        strip = Strip(
            heading="Medicine, times a day",
            key=key,
            height_px=72,
            high=top,
            ticks=tuple(range(0, top + 1, 4)),
        )
        panel = self.stack.place(strip)
        self.stack.draw(medicine_layers(reports, self._days, self._colours, panel.axis))

    def _brace(self) -> None:
        days, colours = self._days, self._colours
        worn, plan = answered(self._reports, "brace_hours"), within(self.recorded.plan, days)
        strip = Strip(
            heading="Hours in the brace",
            height_px=110,
            high=MAX_BRACE_HOURS,
            ticks=(0, 12, MAX_BRACE_HOURS),
        )
        panel = self.stack.place(strip)
        labels = plan_labels(plan, worn, days, colours)
        layers = [
            *brace_layers(worn, plan, days, colours, panel.axis),
            *label_layers(labels, days, panel.axis, colours),
        ]
        self.stack.draw(layers)

    def _activity(self) -> None:
        days, colours = self._days, self._colours
        active = answered(self._reports, "activity_rank")
        most = len(ACTIVITY_WORDS) - 1
        strip = Strip(
            heading="Activity",
            # Above the plot: beside its levels the words would lie over the first days.
            key=tuple(f"{rank} {words.lower()}" for rank, words in enumerate(ACTIVITY_WORDS)),
            height_px=90,
            low=-0.4,
            high=most + 0.4,
            ticks=tuple(range(most + 1)),
        )
        panel = self.stack.place(strip)
        self.stack.draw(activity_layers(active, days, colours, panel.axis))


def _noted(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the visits that took place, which lines mark from top to bottom."""
    return visits[visits["is_noted"]]


def _hover(told: pd.DataFrame, days: DayRange, colours: Palette) -> list[Layer]:
    """Lay an unseen strip over each day from top to bottom that tells it, under a seen one."""
    if told.empty:
        return []
    strips = (
        Layer(told.assign(left=told["pod"] - 0.5, right=told["pod"] + 0.5))
        .mark_rect(opacity=0, clip=True)
        .encode(
            day_axis(days, "left:Q"),
            plain("x2", "right:Q"),
            # Two cells: a single text is wider than a phone, the cells of a table are not.
            tooltip=[plain("tooltip", "day:N", "Day"), plain("tooltip", "told:N", "Told")],
        )
        .select(**_SELECTIONS)
    )
    return [_marked_day(days, colours), strips]


def _marked_day(days: DayRange, colours: Palette) -> Layer:
    """
    Draw the strip of the day pointed at.

    One mark that moves: to ask each of a year of strips whether it is pointed at takes a
    browser several times as long.
    """
    middle = f"{_POINTED}.pod ? {_POINTED}.pod[0] : {_NOWHERE}"
    drawn: Layer = (
        Layer(pd.DataFrame({"half": [0.5]}))
        .mark_rect(
            fill=colours.text,
            fillOpacity=0.14,
            # Without an edge, one of 365 days would hardly be seen.
            stroke=colours.text,
            strokeOpacity=0.5,
            strokeWidth=1,
            clip=True,
            tooltip=None,
        )
        .calculate(left=f"({middle}) - datum.half", right=f"({middle}) + datum.half")
        .encode(day_axis(days, "left:Q"), plain("x2", "right:Q"))
    )
    return drawn
