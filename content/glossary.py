"""Medical words and what they mean, in a patient's words."""

from dataclasses import dataclass
from pathlib import Path

from content.documents import Document, Shape, read_yaml
from content.sources import Words
from content.translations import check_translation, fellow
from recovery.wording import Language

GLOSSARY_FILE = "glossary.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A medical word, its other forms, and its meaning."""

    term: str
    forms: tuple[str, ...]
    meaning: str


class _TermShape(Shape):
    term: Words
    forms: tuple[str, ...] = ()
    meaning: Words


def read_glossary(folder: Path, language: Language) -> tuple[Term, ...]:
    """
    Read the medical words of a folder; none where it explains none.

    Raises:
        ContentError: If the file or its translation is broken, or a word stands twice.
    """
    path = folder / Language.ENGLISH / GLOSSARY_FILE
    if not path.is_file():
        return ()
    words = read_yaml(path, tuple[_TermShape, ...])
    if language is not Language.ENGLISH:
        translated = read_yaml(fellow(path, language), tuple[_TermShape, ...])
        check_translation(translated, words, _said(translated), _said(words))
        if len(translated.value) != len(words.value):
            raise translated.problem(
                (),
                f"it explains {len(translated.value)} words, the English file {len(words.value)}",
                "Explain the same words.",
            )
        words = translated
    return _terms(words)


def _said(words: Document[tuple[_TermShape, ...]]) -> str:
    return "\n".join(shape.meaning for shape in words.value)


def _terms(words: Document[tuple[_TermShape, ...]]) -> tuple[Term, ...]:
    seen: set[str] = set()
    for position, shape in enumerate(words.value):
        for form in (shape.term, *shape.forms):
            if form.casefold() in seen:
                raise words.problem((position,), f"{form} stands twice", "Keep one of them.")
            seen.add(form.casefold())
    return tuple(Term(**shape.model_dump()) for shape in words.value)
