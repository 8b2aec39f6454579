"""What a browser sends of each kind of widget."""

import json
from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import user_key_from_element_id

TRIGGERS = frozenset({"button", "download_button"})
"""Kinds that a press sets for one run."""

_EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"


def kind_of(element: Element) -> str:
    """Return the name of what *element* holds, such as ``text_area``; empty for nothing."""
    return element.WhichOneof("type") or ""


def proto_of(element: Element) -> Any:
    """Return the message inside *element*."""
    return getattr(element, kind_of(element))


def id_of(element: Element) -> str:
    """Return the id of the widget that *element* is, or an empty text when it is none."""
    return str(getattr(proto_of(element), "id", "")) if kind_of(element) else ""


def key_of(element: Element) -> str:
    """Return the key that the page gave the widget, or an empty text."""
    widget_id = id_of(element)
    return (user_key_from_element_id(widget_id) or "") if widget_id else ""


def label_of(element: Element) -> str:
    """Return the words of a widget by which a person knows it."""
    if kind_of(element) == "bidi_component":
        words = component_data(element)
        return str(words.get("label") or words.get("caption") or "")
    return str(getattr(proto_of(element), "label", "")) if kind_of(element) else ""


def component_data(element: Element) -> dict[str, Any]:
    """Return what the page handed to one of our components; empty when it is no mapping."""
    sent = json.loads(element.bidi_component.json or "{}")
    return sent if isinstance(sent, dict) else {}


def state_of(element: Element, value: object) -> WidgetState:
    """
    Return what a browser sends once *value* stands in the widget.

    Args:
        element: Any widget of the app that holds a value.
        value: As the page reads it: a text, number, truth value, date, time, the words of an
            option or several; a number of the pain scale; an id, ids or None of our choices;
            None for an emptied field.

    Raises:
        AssertionError: If the kind is unknown here, or the option is not offered.
    """
    kind = kind_of(element)
    assert kind in _WRITERS, f"add {kind} to tests/screens/widgets.py, as its script sends it"
    state = WidgetState(id=id_of(element))
    _WRITERS[kind](state, proto_of(element), value, element)
    return state


def first_state_of(element: Element) -> WidgetState | None:
    """Return what a browser holds of a widget from the moment it is drawn; None for nothing."""
    kind = kind_of(element)
    if kind not in _WRITERS or kind == "bidi_component":
        return None
    return state_of(element, _shown(kind, proto_of(element)))


def pressed_state_of(element: Element) -> WidgetState:
    """Return what a browser sends when a button is pressed."""
    assert kind_of(element) in TRIGGERS, f"{label_of(element)!r} is no button"
    return WidgetState(id=id_of(element), trigger_value=True)


def event_state_of(element: Element, event: str, value: object) -> WidgetState:
    """Return what a browser sends when a component of ours tells of an *event*."""
    payload = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=_EVENTS.format(id_of(element)), json_trigger_value=payload)


def _shown(kind: str, proto: Any) -> object:
    """Return what the page put into a widget: its default, or what it set since."""
    if kind in {"selectbox", "radio"}:
        if proto.set_value:
            return proto.raw_value if proto.HasField("raw_value") else None
        return proto.options[proto.default] if proto.HasField("default") else None
    if kind == "multiselect":
        return list(proto.raw_values if proto.set_value else map(_option_at(proto), proto.default))
    field = "value" if proto.set_value else "default"
    if kind == "date_input":
        return list(getattr(proto, field))
    is_empty = proto.DESCRIPTOR.fields_by_name[field].has_presence and not proto.HasField(field)
    return None if is_empty else getattr(proto, field)


def _option_at(proto: Any) -> Callable[[int], str]:
    return lambda place: str(proto.options[place])


def _text(state: WidgetState, _proto: Any, value: Any, _element: Element) -> None:
    if value is not None:
        state.string_value = value


def _option(state: WidgetState, proto: Any, value: Any, _element: Element) -> None:
    assert value is None or value in proto.options, f"{value!r} is none of {list(proto.options)}"
    if value is not None:
        state.string_value = value


def _options(state: WidgetState, proto: Any, value: Any, _element: Element) -> None:
    unknown = set(value) - set(proto.options)
    assert not unknown, f"{unknown} are none of {list(proto.options)}"
    state.string_array_value.data.extend(value)


def _truth(state: WidgetState, _proto: Any, value: Any, _element: Element) -> None:
    state.bool_value = bool(value)


def _number(state: WidgetState, proto: Any, value: Any, _element: Element) -> None:
    if value is None:
        return
    if proto.data_type == NumberInput.DataType.INT:
        state.int_value = int(value)
    else:
        state.double_value = float(value)


def _dates(state: WidgetState, _proto: Any, value: Any, _element: Element) -> None:
    several = value if isinstance(value, list | tuple) else [] if value is None else [value]
    state.string_array_value.data.extend(
        each.isoformat() if isinstance(each, date) else each for each in several
    )


def _time(state: WidgetState, _proto: Any, value: Any, _element: Element) -> None:
    if value is not None:
        state.string_value = value.strftime("%H:%M") if isinstance(value, time) else value


def _component(state: WidgetState, proto: Any, value: Any, element: Element) -> None:
    fill = component_data(element).get("fill")
    name = proto.component_name.rpartition(".")[2]
    if name == "pain_scale":
        value = {"choice": {"nrs": value, "fill": fill}}
    elif name == "choices":
        value = {"choice": {"chosen": _chosen(value), "fill": fill}}
    state.json_value = json.dumps(value)


def _chosen(value: object) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return [value]
    assert isinstance(value, Iterable)
    return list(value)


_WRITERS: dict[str, Callable[[WidgetState, Any, Any, Element], None]] = {
    "text_input": _text,
    "text_area": _text,
    "selectbox": _option,
    "radio": _option,
    "multiselect": _options,
    "checkbox": _truth,
    "number_input": _number,
    "date_input": _dates,
    "time_input": _time,
    "bidi_component": _component,
}
