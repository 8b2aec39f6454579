"""
The language of whoever reads, and the words of Mendline in it.

Sentences are written in English where they are said, as ``tr("Day {pod}", pod=3)``, and looked up
in a catalogue. Which language is spoken is a matter of the moment, not an argument of every
function: a request or a page is for one person.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from gettext import NullTranslations


class Language(StrEnum):
    """A language that patients can read Mendline in."""

    ENGLISH = "en"
    SPANISH = "es"


LOCALES = {Language.ENGLISH: "en_US", Language.SPANISH: "es"}
"""Whose way of writing dates and numbers goes with each language."""

LANGUAGE_NAMES = {Language.ENGLISH: "English", Language.SPANISH: "Español"}
"""Each language by its own name, so that whoever reads no other finds it."""

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)
_catalogues: dict[Language, NullTranslations] = {Language.ENGLISH: NullTranslations()}
_askers: list[Callable[[], Language | None]] = []


def language() -> Language:
    """Return the language spoken now: as by ``speaking``, else as asked, else English."""
    if (spoken := _spoken.get()) is not None:
        return spoken
    answers = (asker() for asker in _askers)
    return next((answer for answer in answers if answer is not None), Language.ENGLISH)


def locale() -> str:
    """Return whose way of writing dates and numbers goes with the language spoken now."""
    return LOCALES[language()]


def others() -> list[Language]:
    """Return the languages that could be spoken instead."""
    return [each for each in Language if each is not language()]


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Speak a language for as long as the block lasts, in this thread or task alone."""
    token = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak_on(spoken: Language) -> None:
    """Speak a language in this thread or task alone from now on, unless told otherwise."""
    _spoken.set(spoken)


def ask_language(asker: Callable[[], Language | None]) -> None:
    """Have *asker* tell the language wherever ``speaking`` does not; None when it cannot."""
    _askers.append(asker)


def learn(spoken: Language, catalogue: NullTranslations) -> None:
    """Take the words of a language from *catalogue* from now on."""
    _catalogues[spoken] = catalogue


def tr(sentence: str, **values: object) -> str:
    """Return an English *sentence* in the language spoken, with *values* in their places."""
    return _filled(_catalogue().gettext(sentence), values)


def trn(one: str, many: str, count: int, **values: object) -> str:
    """Return *one* or *many* as the language counts, with ``{count}`` and *values* filled."""
    return _filled(_catalogue().ngettext(one, many, count), {"count": count, **values})


def marked(sentence: str) -> str:
    """Return *sentence* as it is; it is looked up with ``tr`` where it is shown."""
    return sentence


def _catalogue() -> NullTranslations:
    return _catalogues.get(language(), _catalogues[Language.ENGLISH])


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence.format(**values) if values else sentence
