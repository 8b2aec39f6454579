"""The words of the short questionnaires, with their sources and licences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from content.documents import Document, Shape, read_yaml
from content.sources import Identifier, Sources, Words, require_sources
from content.translations import check_translation, fellow
from recovery.questionnaires import FORMS, Instrument
from recovery.wording import Language

INSTRUMENTS_FILE = "instruments.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    One question.

    Attributes:
        id: Names it among the questions of its questionnaire.
        short: In a few words, for a table.
        ask: The question itself.
        ends: What the lowest and the highest number mean; empty where levels have words.
    """

    id: str
    short: str
    ask: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """
    A questionnaire in one language.

    Attributes:
        instrument: Which one; its rules are in ``recovery.questionnaires``.
        name: Of its score, as a heading.
        title: What it asks about, as a patient reads it.
        questions: In the order of the answers.
        levels: Words of every answer from the lowest on; empty where numbers are chosen.
        foot: Whose it is, and what its translation is worth, shown under it.
        attribution: Who made it.
        licence: Why it may be shipped, and what must not be changed.
        source_ids: Where its words and its licence were read.
    """

    instrument: Instrument
    name: str
    title: str
    questions: tuple[Question, ...]
    levels: tuple[str, ...]
    foot: str
    attribution: str
    licence: str
    source_ids: tuple[str, ...]


class _InstrumentShape(Shape):
    id: Instrument
    items: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    lowest: int
    highest: int
    attribution: Words
    licence: Words
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class _QuestionWords(Shape):
    short: Words
    ask: Words
    ends: tuple[Words, Words] | None = None


class _InstrumentWords(Shape):
    name: Words
    title: Words
    items: dict[str, _QuestionWords]
    levels: tuple[Words, ...] = ()
    foot: Words


_Facts = Document[tuple[_InstrumentShape, ...]]
_Wording = Document[dict[Instrument, _InstrumentWords]]
Questionnaires = Mapping[Instrument, Questionnaire]


def read_questionnaires(folder: Path, language: Language, known: Sources) -> Questionnaires:
    """
    Read the questionnaires of a folder in one language.

    Raises:
        ContentError: If one is missing, stands twice, does not fit its rules or has an unknown
            source, and if a question or an answer has no words or its translation is stale.
    """
    facts = read_yaml(folder / INSTRUMENTS_FILE, tuple[_InstrumentShape, ...])
    words = _wording(folder, language)
    found: dict[Instrument, Questionnaire] = {}
    for position, shape in enumerate(facts.value):
        if shape.id in found:
            raise facts.problem((position, "id"), f"{shape.id} stands twice", "Keep one of them.")
        _check_facts(facts, position, known)
        _check_words(words, shape)
        found[shape.id] = _questionnaire(shape, words.value[shape.id])
    _require_all(facts, found)
    return MappingProxyType(found)


def _wording(folder: Path, language: Language) -> _Wording:
    path = folder / Language.ENGLISH / INSTRUMENTS_FILE
    words = read_yaml(path, dict[Instrument, _InstrumentWords])
    if language is Language.ENGLISH:
        return words
    translated = read_yaml(fellow(path, language), dict[Instrument, _InstrumentWords])
    check_translation(translated, words, _said(translated), _said(words))
    return translated


def _said(words: _Wording) -> str:
    return "\n".join(
        "\n".join((each.name, each.title, each.foot, *each.levels))
        + "\n".join(f"{item.short} {item.ask} {item.ends}" for item in each.items.values())
        for each in words.value.values()
    )


def _check_facts(facts: _Facts, position: int, known: Sources) -> None:
    shape = facts.value[position]
    form = FORMS[shape.id]
    for key, here, rule in (
        ("items", len(shape.items), form.items),
        ("lowest", shape.lowest, form.lowest),
        ("highest", shape.highest, form.highest),
    ):
        if here != rule:
            raise facts.problem(
                (position, key),
                f"{here} where the rules say {rule}",
                "Make it fit recovery/questionnaires.py.",
            )
    require_sources(facts, (position, "sources"), shape.sources, known)


def _check_words(words: _Wording, shape: _InstrumentShape) -> None:
    said = words.value.get(shape.id)
    if said is None:
        raise words.problem((), f"{shape.id} has no words", "Add them.")
    if set(said.items) != set(shape.items):
        raise words.problem(
            (shape.id, "items"), "other questions than in the facts", "Keep the same questions."
        )
    wordless = [
        item for item in shape.items if (said.items[item].ends is None) != bool(said.levels)
    ]
    if wordless:
        raise words.problem(
            (shape.id, "items", wordless[0]),
            "a scale has words at its ends, or a word for each level",
            "Write one of the two.",
        )
    if said.levels and len(said.levels) != shape.highest - shape.lowest + 1:
        raise words.problem(
            (shape.id, "levels"), "another number of levels than in the facts", "Name each once."
        )


def _require_all(facts: _Facts, found: Questionnaires) -> None:
    for instrument in Instrument:
        if instrument not in found:
            raise facts.problem((), f"{instrument} is missing", "Add it.")


def _questionnaire(shape: _InstrumentShape, words: _InstrumentWords) -> Questionnaire:
    return Questionnaire(
        instrument=shape.id,
        name=words.name,
        title=words.title,
        questions=tuple(
            Question(id=item, short=said.short, ask=said.ask, ends=said.ends or ())
            for item in shape.items
            for said in (words.items[item],)
        ),
        levels=words.levels,
        foot=words.foot,
        attribution=shape.attribution,
        licence=shape.licence,
        source_ids=shape.sources,
    )
