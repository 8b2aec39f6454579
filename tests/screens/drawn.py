"""What stands on a page, put together from what the server sends as a browser does."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.screens.widgets import component_data, id_of, key_of, kind_of, label_of, proto_of

_SPOKEN = ("title", "label", "body", "message", "alt", "placeholder")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    An element at its place on the page.

    Attributes:
        run: The run that drew it last.
        fragment: The fragment that it stands in; empty for none.
        element: What it is.
    """

    run: str
    fragment: str
    element: Element


@dataclass(frozen=True, slots=True)
class Container:
    """What elements stand in; ``words`` are its own, as the label of what folds out."""

    run: str
    fragment: str
    words: str


class Page:
    """The elements that a browser would show now."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, ...], Drawn | Container] = {}
        self._run = ""

    def begin(self, run: str) -> None:
        """Note that what comes now belongs to *run*."""
        self._run = run

    def put(self, place: Iterable[int], delta: Delta) -> Element | None:
        """Put what was sent to its place; return it when it is an element."""
        path, kind = tuple(place), delta.WhichOneof("type")
        if kind == "new_element":
            if isinstance(self._places.get(path), Container):
                self._clear_below(path)
            self._places[path] = Drawn(self._run, delta.fragment_id, delta.new_element)
            return delta.new_element
        if kind == "add_block":
            self._places[path] = Container(self._run, delta.fragment_id, _words_of_block(delta))
        return None

    def end(self, status: int, fragments: Iterable[str]) -> None:
        """Take away what the run that is over did not draw again, as far as it was its to draw."""
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        own = set(fragments)
        self._places = {
            path: drawn
            for path, drawn in self._places.items()
            if drawn.run == self._run or (own and drawn.fragment not in own)
        }

    def elements(self) -> Iterator[Drawn]:
        """Yield the elements from top to bottom, without empty ones."""
        for _, drawn in sorted(self._places.items(), key=lambda each: each[0]):
            if isinstance(drawn, Drawn) and kind_of(drawn.element) not in {"", "empty"}:
                yield drawn

    def of_kind(self, kind: str) -> list[Element]:
        """Return the elements of a kind, such as ``vega_lite_chart``."""
        return [drawn.element for drawn in self.elements() if kind_of(drawn.element) == kind]

    def text(self) -> str:
        """Return all words that stand there, one element a line, from top to bottom."""
        lines = []
        for _, drawn in sorted(self._places.items(), key=lambda each: each[0]):
            words = drawn.words if isinstance(drawn, Container) else _words_of(drawn.element)
            if words:
                lines.append(words)
        return "\n".join(lines)

    def find(self, name: str) -> Drawn:
        """
        Return the one widget that *name* means.

        Args:
            name: Its key; or its label; or what its key ends in after a dash, as keys of
                questions begin with the day; or how its label begins.

        Raises:
            AssertionError: If there is none or several.
        """
        widgets = [drawn for drawn in self.elements() if id_of(drawn.element)]
        for is_meant in _WAYS:
            found = [drawn for drawn in widgets if is_meant(drawn, name)]
            if found:
                assert len(found) == 1, f"{len(found)} widgets are meant by {name!r}"
                return found[0]
        known = sorted(key_of(each.element) or label_of(each.element) for each in widgets)
        raise AssertionError(f"no widget is meant by {name!r}; there are {known}\n{self.text()}")

    def keys_shown(self) -> list[str]:
        """Return the keys of all widgets that the page gave one, from top to bottom."""
        found = (key_of(drawn.element) for drawn in self.elements())
        return [key for key in found if key]

    def widget_ids(self) -> set[str]:
        """Return the ids of all widgets on the page."""
        return {id_of(drawn.element) for drawn in self.elements()} - {""}

    def _clear_below(self, path: tuple[int, ...]) -> None:
        depth = len(path)
        for other in [each for each in self._places if len(each) > depth and each[:depth] == path]:
            del self._places[other]


def _has_key(drawn: Drawn, name: str) -> bool:
    return key_of(drawn.element) == name


def _has_label(drawn: Drawn, name: str) -> bool:
    return label_of(drawn.element) == name


def _key_ends(drawn: Drawn, name: str) -> bool:
    return key_of(drawn.element).endswith(f"-{name}")


def _label_begins(drawn: Drawn, name: str) -> bool:
    return label_of(drawn.element).startswith(name)


_WAYS = (_has_key, _has_label, _key_ends, _label_begins)


def _words_of(element: Element) -> str:
    kind, proto = kind_of(element), proto_of(element) if kind_of(element) else None
    if kind == "bidi_component":
        return " ".join(_texts(component_data(element)))
    spoken = [str(getattr(proto, field, "")) for field in _SPOKEN]
    if kind == "html":
        spoken = [unescape(_TAG.sub(" ", each)) for each in spoken]
    if kind in {"text_area", "text_input"} and proto is not None:
        spoken.append(proto.value if proto.set_value else proto.default)
    return " ".join(each for each in spoken if each)


def _words_of_block(delta: Delta) -> str:
    block = delta.add_block
    kind = block.WhichOneof("type")
    return str(getattr(getattr(block, kind), "label", "")) if kind else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
