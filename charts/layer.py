"""
Layers of a chart: a table, a mark and channels, put together without Altair's own classes.

Altair says what a channel looks like in Vega-Lite, once for each channel that occurs. It would
say it anew for every layer of every page, copying all of them several times on the way, and
that was most of what a page with a chart cost the server; see docs/adr/0044. What is kept
between pages is keyed by fields, titles, scales and days, so nothing about a person is.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

_KINDS = {
    "x": alt.X,
    "x2": alt.X2,
    "y": alt.Y,
    "y2": alt.Y2,
    "text": alt.Text,
    "detail": alt.Detail,
    "tooltip": alt.Tooltip,
    "color": alt.Color,
    "shape": alt.Shape,
}


@dataclass(frozen=True, slots=True)
class Channel:
    """
    How a field is shown.

    Attributes:
        name: Of the channel, as Vega-Lite spells it.
        spec: What it is in Vega-Lite; never changed.
    """

    name: str
    spec: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return what it is in Vega-Lite."""
        return dict(self.spec)


def channel(name: str, shorthand: str, **options: Any) -> Channel:
    """
    Return a channel as Altair makes it; keep what does not hold a person's figures.

    Args:
        name: Such as ``x2``.
        shorthand: Field and type, such as ``pod:Q``.
        **options: As Altair takes them, such as ``title``.
    """
    made = _KINDS[name](shorthand, **options)
    return Channel(name, made.to_dict(validate=False))


@lru_cache(maxsize=512)
def plain(name: str, shorthand: str, title: str | None = None) -> Channel:
    """Return a channel that a name, a field and a title say all about."""
    return channel(name, shorthand) if title is None else channel(name, shorthand, title=title)


@dataclass(frozen=True, slots=True)
class Layer:
    """
    One table and how it is drawn.

    Attributes:
        data: The table.
        mark: What is drawn for each row, in Vega-Lite.
        encoding: The channels by their names, in Vega-Lite.
        transform: What the browser works out of the table first.
        params: Selections that begin on this layer.
    """

    data: pd.DataFrame
    mark: Mapping[str, Any] = field(default_factory=dict)
    encoding: Mapping[str, Any] = field(default_factory=dict)
    transform: Sequence[Mapping[str, str]] = ()
    params: Sequence[Mapping[str, Any]] = ()

    def mark_area(self, **looks: Any) -> "Layer":
        """Draw areas."""
        return self._marked("area", looks)

    def mark_line(self, **looks: Any) -> "Layer":
        """Draw lines."""
        return self._marked("line", looks)

    def mark_point(self, **looks: Any) -> "Layer":
        """Draw points."""
        return self._marked("point", looks)

    def mark_rect(self, **looks: Any) -> "Layer":
        """Draw rectangles."""
        return self._marked("rect", looks)

    def mark_rule(self, **looks: Any) -> "Layer":
        """Draw rules."""
        return self._marked("rule", looks)

    def mark_text(self, **looks: Any) -> "Layer":
        """Draw words."""
        return self._marked("text", looks)

    def restyled(self, **looks: Any) -> "Layer":
        """Change how the mark looks."""
        return replace(self, mark={**self.mark, **looks})

    def encode(self, *channels: Channel, tooltip: Sequence[Channel] = ()) -> "Layer":
        """
        Show fields by channels.

        Args:
            *channels: One for each name.
            tooltip: Several fields that are told together.
        """
        shown: dict[str, Any] = {each.name: each.spec for each in channels}
        if tooltip:
            shown["tooltip"] = [each.spec for each in tooltip]
        return replace(self, encoding={**self.encoding, **shown})

    def calculate(self, **expressions: str) -> "Layer":
        """Let the browser work out further fields by Vega expressions."""
        added = [{"calculate": words, "as": name} for name, words in expressions.items()]
        return replace(self, transform=[*self.transform, *added])

    def select(self, **selections: Mapping[str, Any]) -> "Layer":
        """Let selections begin here, by their names as Vega-Lite has them."""
        added = [{"name": name, **each} for name, each in selections.items()]
        return replace(self, params=[*self.params, *added])

    def _marked(self, kind: str, looks: Mapping[str, Any]) -> "Layer":
        return replace(self, mark={"type": kind, **looks})


class Layered:
    """Layers over each other, bottom first, in groups that share their other axis."""

    def __init__(self, groups: Sequence[Sequence[Layer]], top: Mapping[str, Any]) -> None:
        """
        Put layers together.

        Args:
            groups: The layers of each panel; layers of a single group stand in no panel.
            top: What holds for all of them, in Vega-Lite.
        """
        self._groups, self._top = groups, top

    def to_dict(self, validate: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - Altair's own signature
        """
        Return the specification, with the data as Altair's current settings want them.

        Args:
            validate: Whether to hold it against Vega-Lite's schema, which takes long.
        """
        data, views = _Data(), _Views()
        groups = [[_drawn(each, data, views) for each in group] for group in self._groups]
        layers = groups[0] if len(groups) == 1 else [{"layer": group} for group in groups]
        drawn: dict[str, Any] = {**_theme(), "$schema": alt.SCHEMA_URL, "layer": layers}
        drawn["config"] = {**drawn.get("config", {}), **self._top.get("config", {})}
        drawn |= {key: value for key, value in self._top.items() if key != "config"}
        if views.params:
            drawn["params"] = views.params
        if data.sets:
            drawn["datasets"] = data.sets
        if validate:
            alt.LayerChart.from_dict(drawn)
        return drawn


class _Data:
    """The tables of one chart, each once."""

    def __init__(self) -> None:
        self.sets: dict[str, Any] = {}
        self._known: dict[int, dict[str, Any]] = {}

    def of(self, table: pd.DataFrame) -> dict[str, Any]:
        if id(table) not in self._known:
            self._known[id(table)] = self._sent(table)
        return self._known[id(table)]

    def _sent(self, table: pd.DataFrame) -> dict[str, Any]:
        transform = alt.data_transformers.get()
        assert transform is not None  # noqa: S101 - Altair begins with one
        found = dict(transform(table))
        if "values" not in found:
            return found
        words = json.dumps(found["values"], sort_keys=True, default=str)
        name = f"data-{hashlib.sha256(words.encode()).hexdigest()[:32]}"
        self.sets[name] = found["values"]
        return {"name": name}


class _Views:
    """The layers that selections begin on."""

    def __init__(self) -> None:
        self.params: list[dict[str, Any]] = []
        self._count = 0

    def name(self, params: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        if not params:
            return {}
        self._count += 1
        name = f"view_{self._count}"
        self.params += [{**each, "views": [name]} for each in params]
        return {"name": name}


def _drawn(layer: Layer, data: _Data, views: _Views) -> dict[str, Any]:
    drawn = {
        "data": data.of(layer.data),
        "mark": layer.mark,
        "encoding": layer.encoding,
        **views.name(layer.params),
    }
    return drawn | ({"transform": list(layer.transform)} if layer.transform else {})


def _theme() -> dict[str, Any]:
    theme = alt.theme.get()
    return dict(theme()) if theme is not None else {}
