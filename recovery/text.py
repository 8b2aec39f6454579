"""Free text from people: what is kept, and what is refused."""

import unicodedata

from recovery.errors import InvalidEntry
from recovery.wording import marked, tr

MAX_NOTE_LENGTH = 2_000
MAX_NAME_LENGTH = 120

_NOTE = marked("note")

_KEPT_CONTROLS = {"\n", "\t"}


def clean_text(text: str, *, max_length: int = MAX_NOTE_LENGTH, what: str = _NOTE) -> str:
    """
    Return *text* without surrounding space, in composed form.

    Markup, formula prefixes, right-to-left text and emoji are kept as typed: they
    are made harmless where they are shown or exported.

    Args:
        text: As typed.
        max_length: In characters.
        what: Names it inside a refusal, marked; a translation brings its article along.

    Raises:
        InvalidEntry: If it is longer than *max_length* characters, or holds control
            characters, which one of the databases cannot store.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(_is_unstorable(character) for character in composed):
        raise InvalidEntry(
            tr("The {what} holds characters that cannot be stored. Type it again.", what=tr(what))
        )
    stripped = composed.strip()
    if len(stripped) > max_length:
        raise InvalidEntry(
            tr(
                "The {what} is {length:,} characters long. Shorten it to {most:,}.",
                what=tr(what),
                length=len(stripped),
                most=max_length,
            )
        )
    return stripped


def require_text(text: str, *, max_length: int = MAX_NAME_LENGTH, what: str) -> str:
    """
    Return *text* cleaned, refusing an empty one.

    Raises:
        InvalidEntry: As for ``clean_text``, and if nothing is left.
    """
    cleaned = clean_text(text, max_length=max_length, what=what)
    if not cleaned:
        raise InvalidEntry(tr("Enter the {what}.", what=tr(what)))
    return cleaned


def _is_unstorable(character: str) -> bool:
    category = unicodedata.category(character)
    return (category == "Cc" and character not in _KEPT_CONTROLS) or category == "Cs"
