"""Warning signs: what a person ticks, and what to do at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from content.documents import Document, Shape, read_yaml
from content.errors import ContentError
from content.placeholders import fill, unknown_placeholders
from content.sources import Identifier, Sources, Words, require_sources
from content.translations import check_translation, fellow
from recovery.wording import Language

SIGNS_FILE = "warning_signs.yaml"
WORDS_FILE = "signs.yaml"


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
        short: The same inside a sentence.
        what_to_do: Plain sentences with places for the numbers to call; see ``advice``.
        tier: How soon to call.
        source_ids: Where the sign is documented.
    """

    id: str
    label: str
    short: str
    what_to_do: str
    tier: Tier
    source_ids: tuple[str, ...]

    def advice(self, emergency_number: str, clinic_phone: str) -> str:
        """Return what to do, with the numbers to call; reads well when one is empty."""
        return fill(self.what_to_do, emergency_number=emergency_number, clinic_phone=clinic_phone)


class _SignShape(Shape):
    id: Identifier
    tier: Tier
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class _WordsShape(Shape):
    label: Words
    short: Words
    what_to_do: Words


_Facts = Document[tuple[_SignShape, ...]]
_Wording = Document[dict[str, _WordsShape]]
Signs = Mapping[str, WarningSign]


def read_warning_signs(
    folder: Path, language: Language, known: Sources, taken: Signs
) -> dict[str, WarningSign]:
    """
    Read the signs of a folder in one language.

    Args:
        folder: Holds ``warning_signs.yaml`` and a folder for each language.
        language: Of the words.
        known: The sources that a sign may name.
        taken: The signs of other folders.

    Raises:
        ContentError: If a sign is incomplete, stands twice, or has an unknown source, and if
            its words are missing or their translation is.
    """
    found: dict[str, WarningSign] = {}
    facts = read_yaml(folder / SIGNS_FILE, tuple[_SignShape, ...])
    words = _wording(folder, language)
    for position, shape in enumerate(facts.value):
        if shape.id in found or (language is Language.ENGLISH and shape.id in taken):
            raise facts.problem(
                (position, "id"), f"the sign {shape.id} stands twice", "Keep one of them."
            )
        require_sources(facts, (position, "sources"), shape.sources, known)
        found[shape.id] = _sign(shape, facts, words, position)
    _refuse_others(facts, words)
    return found


def _wording(folder: Path, language: Language) -> _Wording:
    path = folder / Language.ENGLISH / WORDS_FILE
    if not path.is_file():
        raise ContentError(path, 1, "the signs have no words", "Write this file.")
    words = read_yaml(path, dict[str, _WordsShape])
    _check_places(words)
    if language is Language.ENGLISH:
        return words
    translated = read_yaml(fellow(path, language), dict[str, _WordsShape])
    check_translation(translated, words, _said(translated), _said(words))
    _check_places(translated)
    return translated


def _said(words: _Wording) -> str:
    return "\n".join(text for each in words.value.values() for text in each.model_dump().values())


def _check_places(words: _Wording) -> None:
    for sign_id, shape in words.value.items():
        for unknown in unknown_placeholders(shape.what_to_do):
            raise words.problem(
                (sign_id, "what_to_do"),
                f"nothing is known as {unknown[0]}",
                "Use {emergency_number} or {clinic_phone}.",
            )


def _sign(shape: _SignShape, facts: _Facts, words: _Wording, position: int) -> WarningSign:
    said = words.value.get(shape.id)
    if said is None:
        raise facts.problem(
            (position, "id"), f"the sign {shape.id} has no words", f"Add them to {words.path.name}."
        )
    return WarningSign(id=shape.id, tier=shape.tier, source_ids=shape.sources, **said.model_dump())


def _refuse_others(facts: _Facts, words: _Wording) -> None:
    known = {shape.id for shape in facts.value}
    for sign_id in words.value:
        if sign_id not in known:
            raise words.problem(
                (sign_id,), f"{sign_id} is no sign of this folder", "Correct its spelling."
            )
