"""Names as they are searched and sorted."""

import unicodedata

_AROUND_WORDS = ".,;:'\"()-"
_APOSTROPHES = {"\u2019": "'", "\u2018": "'", "\u2010": "-", "\u2011": "-"}
_UNSEARCHABLE = {"Cc", "Cs"}


def fold(text: str) -> str:
    """
    Return *text* as it is searched and sorted: lower case, accents dropped.

    Controls and halves of characters are dropped too: the databases refuse to be asked
    for them, and no stored name holds any.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        _APOSTROPHES.get(mark, mark)
        for mark in decomposed
        if not unicodedata.combining(mark)
        and (mark.isspace() or unicodedata.category(mark) not in _UNSEARCHABLE)
    )


def words_of(text: str) -> list[str]:
    """Return the folded words of *text*, without the signs around them: ``Elm, Jo`` has two."""
    return [word for part in fold(text).split() if (word := part.strip(_AROUND_WORDS))]
