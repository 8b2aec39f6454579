"""The words of a procedure, or of a family's course, in one language."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field

from content.documents import Document, Shape, read_yaml
from content.errors import ContentError
from content.sources import Words
from content.translations import check_translation, fellow
from recovery.wording import Language

WORDS_FILE = "words.yaml"
Checked = TypeVar("Checked", bound=BaseModel)


class PhaseWords(Shape):
    """A phase's name and sentence."""

    label: Words
    sentence: Words


class ValueWords(Shape):
    """What is said of something that each clinic decides, with and without its value."""

    name: Words
    set: Words
    unset: Words
    range: Words


class ProcedureWords(Shape):
    """``words.yaml`` of a procedure; ``course_...`` where its folder holds a course."""

    name: Words
    in_sentence: Words
    pain_site: str
    no_course_reason: str = ""
    caveat: Words
    course_name: str = ""
    course_caveat: str = ""
    phases: dict[str, PhaseWords]
    figures: dict[str, Words] = Field(default_factory=dict)
    values: dict[str, ValueWords] = Field(default_factory=dict)


class CourseWords(Shape):
    """``words.yaml`` of a family that holds a course."""

    course_name: Words
    course_caveat: Words


def read_procedure_words(folder: Path, language: Language) -> Document[ProcedureWords]:
    """
    Read the words of a procedure's folder.

    Raises:
        ContentError: If they are missing or broken, or their translation is.
    """
    return _read(folder, language, ProcedureWords)


def read_course_words(folder: Path, language: Language) -> Document[CourseWords]:
    """
    Read the words of a family's course.

    Raises:
        ContentError: As for ``read_procedure_words``.
    """
    return _read(folder, language, CourseWords)


def _read(folder: Path, language: Language, shape: type[Checked]) -> Document[Checked]:
    path = folder / Language.ENGLISH / WORDS_FILE
    if not path.is_file():
        raise ContentError(path, 1, "this folder has no words", "Write this file.")
    words = read_yaml(path, shape)
    if language is Language.ENGLISH:
        return words
    translated = read_yaml(fellow(path, language), shape)
    check_translation(translated, words, _said(translated.value), _said(words.value))
    return translated


def _said(words: BaseModel) -> str:
    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for each in value.values() for text in texts(each)]
        return [value] if isinstance(value, str) else []

    return "\n".join(texts(words.model_dump()))
