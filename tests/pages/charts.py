"""Read a drawn chart back from what was sent to the browser."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

Spec = dict[str, Any]


def specs(app: AppTest) -> list[Spec]:
    """Return the specification of every chart on the page, from top to bottom."""
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def alt_texts(app: AppTest) -> list[str]:
    """Return what a screen reader hears for each chart."""
    return [str(chart.proto.alt) for chart in app.get("vega_lite_chart")]


def domains(spec: Spec, channel: str) -> list[Any]:
    """Return the different domains of *channel* over all layers of a chart."""
    found = [
        encoding[channel]["scale"]["domain"]
        for encoding in _encodings(spec)
        if isinstance(encoding.get(channel), dict) and "scale" in encoding[channel]
    ]
    return [domain for number, domain in enumerate(found) if domain not in found[:number]]


def fields(spec: Spec) -> set[str]:
    """Return the columns that the chart draws on any channel."""
    return {
        channel["field"]
        for encoding in _encodings(spec)
        for channel in encoding.values()
        if isinstance(channel, dict) and "field" in channel
    }


def data_of(app: AppTest, number: int = 0) -> str:
    """Return the data of chart *number* as one text to search in."""
    proto = app.get("vega_lite_chart")[number].proto
    return f"{proto.spec}{proto.datasets}{proto.data}"


def _encodings(spec: Spec) -> list[Spec]:
    here = [spec["encoding"]] if "encoding" in spec else []
    return here + [found for layer in spec.get("layer", []) for found in _encodings(layer)]
