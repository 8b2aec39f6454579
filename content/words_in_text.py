"""Where medical words stand in a text for the first time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.glossary import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A medical word where a page says it first.

    Attributes:
        start: Where in its piece of text it begins.
        end: Where it ends.
        number: Its place among the words found on the page, from 1.
        shown: The form in which it stands there.
        term: What is known about it.
    """

    start: int
    end: int
    number: int
    shown: str
    term: Term


class WordFinder:
    """
    Finds the medical words of one page, piece by piece, each word once.

    Attributes:
        found: What was found until now, in the order of the page.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        """Look for *terms* in any of their forms, as whole words, in capitals or not."""
        self.found: list[Found] = []
        self._by_form: dict[str, Term] = {}
        for term in terms:
            for form in (term.term, *term.forms):
                self._by_form.setdefault(form.casefold(), term)
        longest_first = sorted(self._by_form, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)

    def first_in(self, text: str) -> Iterator[Found]:
        """Yield the words that *text* says for the first time on the page."""
        known = {each.term.term for each in self.found}
        for match in self._pattern.finditer(text) if self._by_form else ():
            term = self._by_form[match[0].casefold()]
            if term.term in known:
                continue
            known.add(term.term)
            start, end = match.span()
            number = len(self.found) + 1
            found = Found(start=start, end=end, number=number, shown=match[0], term=term)
            self.found.append(found)
            yield found
