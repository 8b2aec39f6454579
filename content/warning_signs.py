"""Warning signs: what a person ticks, and what to do at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from content.documents import Document, Shape, read_yaml
from content.placeholders import fill, unknown_placeholders
from content.sources import Identifier, Words, require_source

WARNING_SIGNS_FILE = Path(__file__).parent / "warning_signs.yaml"


class Tier(StrEnum):
    """How soon somebody has to be called, most urgent first."""

    EMERGENCY = "emergency"
    CLINIC_TODAY = "clinic_today"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningSign:
    """
    A sign that needs somebody's attention.

    Attributes:
        id: What stored reports hold.
        label: The sign in a patient's words.
        what_to_do: Plain sentences with places for the numbers to call; see ``advice``.
        tier: How soon to call.
        source_ids: Where the sign is documented.
    """

    id: str
    label: str
    what_to_do: str
    tier: Tier
    source_ids: tuple[str, ...]

    def advice(self, emergency_number: str, clinic_phone: str) -> str:
        """Return what to do, with the numbers to call; reads well when one is empty."""
        return fill(self.what_to_do, emergency_number=emergency_number, clinic_phone=clinic_phone)


class _SignShape(Shape):
    id: Identifier
    label: Words
    tier: Tier
    what_to_do: Words
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


@cache
def warning_signs() -> Mapping[str, WarningSign]:
    """
    Return every warning sign by its id.

    Raises:
        ContentError: If the file is broken.
    """
    return read_warning_signs(WARNING_SIGNS_FILE)


def read_warning_signs(path: Path) -> Mapping[str, WarningSign]:
    """
    Read a file of warning signs.

    Raises:
        ContentError: If a sign is incomplete, stands twice, or has an unknown source.
    """
    document = read_yaml(path, tuple[_SignShape, ...])
    found: dict[str, WarningSign] = {}
    for position, shape in enumerate(document.value):
        if shape.id in found:
            raise document.problem(
                (position, "id"), f"the sign {shape.id} stands twice", "Keep one of them."
            )
        found[shape.id] = _sign(document, position, shape)
    return MappingProxyType(found)


def _sign(
    document: Document[tuple[_SignShape, ...]], position: int, shape: _SignShape
) -> WarningSign:
    for unknown in unknown_placeholders(shape.what_to_do):
        raise document.problem(
            (position, "what_to_do"),
            f"nothing is known as {unknown[0]}",
            "Use {emergency_number} or {clinic_phone}.",
        )
    for number, source_id in enumerate(shape.sources):
        require_source(document, (position, "sources", number), source_id)
    return WarningSign(
        id=shape.id,
        label=shape.label,
        what_to_do=shape.what_to_do,
        tier=shape.tier,
        source_ids=shape.sources,
    )
