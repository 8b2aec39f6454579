"""The sources that figures, sentences and warning signs rest on."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from content.documents import Document, Location, Shape, read_yaml
from recovery.expectations import Source

SOURCES_FILE = "sources.yaml"

Words = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Sources = Mapping[str, Source]


class _SourceShape(Shape):
    id: Identifier
    citation: Words
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,}/\S+$")] | None = None
    pmid: Annotated[str, Field(pattern=r"^\d+$")] | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    place: str = ""
    read_on: date


def read_sources(paths: Iterable[Path]) -> Sources:
    """
    Read files of sources into one list.

    Raises:
        ContentError: If a source is incomplete, or its id stands twice in any of them.
    """
    found: dict[str, Source] = {}
    for path in paths:
        document = read_yaml(path, tuple[_SourceShape, ...])
        for position, shape in enumerate(document.value):
            if shape.id in found:
                raise document.problem(
                    (position, "id"), f"the source {shape.id} stands twice", "Keep one of them."
                )
            found[shape.id] = Source(**shape.model_dump())
    return MappingProxyType(found)


def require_source(
    document: Document[Any], where: Location, source_id: str, known: Sources
) -> None:
    """
    Refuse a source that is not listed.

    Raises:
        ContentError: Naming the value at *where*.
    """
    if source_id not in known:
        raise document.problem(
            where,
            f"the source {source_id} is not known",
            "Add it to a sources.yaml or correct its spelling.",
        )


def require_sources(
    document: Document[Any], where: Location, source_ids: Iterable[str], known: Sources
) -> None:
    """Refuse the first source of a list at *where* that is not listed, as ``require_source``."""
    for position, source_id in enumerate(source_ids):
        require_source(document, (*where, position), source_id, known)
