"""The sources that figures, sentences and warning signs rest on."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from content.documents import Document, Location, Shape, read_yaml
from recovery.expectations import Source

SOURCES_FILE = Path(__file__).parent / "sources.yaml"

Words = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _SourceShape(Shape):
    id: Identifier
    citation: Words
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,}/\S+$")] | None = None
    pmid: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    place: str = ""


@cache
def sources() -> Mapping[str, Source]:
    """
    Return every source by its id.

    Raises:
        ContentError: If the file is broken.
    """
    return read_sources(SOURCES_FILE)


def read_sources(path: Path) -> Mapping[str, Source]:
    """
    Read a file of sources.

    Raises:
        ContentError: If a source is incomplete, or its id stands twice.
    """
    document = read_yaml(path, tuple[_SourceShape, ...])
    found: dict[str, Source] = {}
    for position, shape in enumerate(document.value):
        if shape.id in found:
            raise document.problem(
                (position, "id"), f"the source {shape.id} stands twice", "Keep one of them."
            )
        found[shape.id] = Source(**shape.model_dump())
    return MappingProxyType(found)


def require_source(document: Document[Any], where: Location, source_id: str) -> None:
    """
    Refuse a source that is not listed.

    Raises:
        ContentError: Naming the value at *where*.
    """
    if source_id not in sources():
        raise document.problem(
            where,
            f"the source {source_id} is not known",
            "Add it to content/sources.yaml or correct its spelling.",
        )
