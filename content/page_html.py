"""
An education page as safe HTML: words to tap on a screen, plain on paper.

The text is Markdown of our own files, filled with what a clinic typed. HTML in either is shown
and not obeyed: all tags are written here or by the writer of Markdown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.glossary import Term
from content.rendering import PageParts, source_line
from content.sources import Sources
from content.words_in_text import Found, WordFinder
from recovery.wording import tr

_CITED = re.compile(r"\[(\d+)\]")
_TICK = (
    '<svg class="tick" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
    '<circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M7 12.5l3.5 3.5L17 9" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
)
_OURS = "ours"
"""Type of tokens that hold HTML of this file; no text makes one."""

_Places = list[tuple[int, int, str]]
"""Pieces of a text, from where to where, with the HTML that stands there."""


def screen_html(parts: PageParts, sources: Sources, terms: Sequence[Term]) -> str:
    """Return a page with words to tap, and marks that lead to their source and back."""
    page = _Page(parts, WordFinder(terms), taps=True)
    return f"{page.text()}{_foot(parts, sources, goes_back=True)}"


def paper_html(parts: PageParts, sources: Sources, terms: Sequence[Term]) -> str:
    """Return a page without anything to tap; its medical words are explained at the foot."""
    page = _Page(parts, WordFinder(terms), taps=False)
    text = page.text()
    meanings = "".join(
        f"<dt>{escape(each.term.term)}</dt><dd>{escape(each.term.meaning)}</dd>"
        for each in page.words.found
    )
    heading = escape(tr("Words on this page"))
    explained = f"<h2>{heading}</h2><dl>{meanings}</dl>"
    return f"{text}{explained if meanings else ''}{_foot(parts, sources, goes_back=False)}"


@dataclass
class _Page:
    """
    One page while it is written.

    Attributes:
        words: Finds medical words; those of headings stay plain.
        taps: Whether a word can be tapped.
        cited: The marks written until now; the first of each is what its source leads back to.
    """

    parts: PageParts
    words: WordFinder
    taps: bool
    cited: set[int] = field(default_factory=set)

    def text(self) -> str:
        """Return the text of the page."""
        writer = _writer()
        tokens: list[Token] = []
        unexplained: list[Found] = []
        is_heading = False
        for token in writer.parse(self.parts.text):
            tokens.append(token)
            if token.type == "inline":
                known = len(self.words.found)
                token.children = self._made_to_act(token.children or [], is_heading=is_heading)
                unexplained += self.words.found[known:]
            elif token.type == "paragraph_close" and self.taps:
                tokens += map(_meaning, unexplained)
                unexplained = []
            is_heading = token.type == "heading_open"
        return str(writer.renderer.render(tokens, writer.options, {}))

    def _made_to_act(self, pieces: list[Token], *, is_heading: bool) -> list[Token]:
        made: list[Token] = []
        depth = 0
        for token in pieces:
            depth += (token.type == "link_open") - (token.type == "link_close")
            if token.type != "text" or depth:
                made.append(token)
                continue
            places = list(self._marks(token.content))
            if not is_heading:
                places += self._terms(token.content)
            made += _cut(token.content, sorted(places))
        return made

    def _marks(self, text: str) -> _Places:
        places: _Places = []
        for match in _CITED.finditer(text):
            number = int(match[1])
            if not 1 <= number <= len(self.parts.source_ids):
                continue
            own_id = "" if number in self.cited else f' id="cited-{number}"'
            self.cited.add(number)
            label = escape(tr("Source {number}", number=number))
            link = f'<a class="cite"{own_id} href="#source-{number}" aria-label="{label}">'
            places.append((*match.span(), f"{link}<span>[{number}]</span></a>"))
        return places

    def _terms(self, text: str) -> _Places:
        found = list(self.words.first_in(text))
        return [(each.start, each.end, _opener(each)) for each in found] if self.taps else []


def _opener(found: Found) -> str:
    return (
        '<button type="button" class="term" aria-expanded="false" '
        f'aria-controls="meaning-{found.number}"><span>{escape(found.shown)}</span></button>'
    )


def _meaning(found: Found) -> Token:
    close = escape(tr("Close"))
    # Empty until the word is tapped, so that a screen reader hears the meaning when it comes.
    return _ours(
        f'<div class="meaning" id="meaning-{found.number}" data-term="{escape(found.term.term)}" '
        f'data-meaning="{escape(found.term.meaning)}"><p role="status"></p>'
        f'<button type="button" class="close" hidden>{close}</button></div>'
    )


def _cut(text: str, places: _Places) -> list[Token]:
    """Return *text* in pieces, with HTML of our own in the given places."""
    made, start = [], 0
    for begin, end, html in places:
        made += [Token("text", "", 0, content=text[start:begin]), _ours(html)]
        start = end
    return [*made, Token("text", "", 0, content=text[start:])]


def _ours(html: str) -> Token:
    return Token(_OURS, "", 0, content=html)


def _foot(parts: PageParts, sources: Sources, *, goes_back: bool) -> str:
    writer = _writer()
    items = []
    for number, source_id in enumerate(parts.source_ids, start=1):
        line = writer.renderInline(source_line(sources[source_id]))
        way = _way_back(number) if goes_back else ""
        items.append(f'<li id="source-{number}" tabindex="-1">{line}{way}</li>')
    heading = escape(tr("Sources"))
    listed = f'<h2>{heading}</h2><ol class="sources">{"".join(items)}</ol>' if items else ""
    return f'{listed}<p class="checked">{writer.renderInline(parts.checked)}</p>'


def _way_back(number: int) -> str:
    label = escape(tr("Back to the text, from source {number}", number=number))
    words = escape(tr("Back to the text"))
    return f' <a class="back" href="#cited-{number}" aria-label="{label}">{words}</a>'


def _writer() -> MarkdownIt:
    """Return a writer of Markdown that lets no HTML through and boxes what is quoted."""
    writer = MarkdownIt("commonmark", {"html": False})
    writer.add_render_rule(_OURS, _write_ours)
    writer.add_render_rule("blockquote_open", lambda *_: f'<div class="box">{_TICK}<div>')
    writer.add_render_rule("blockquote_close", lambda *_: "</div></div>")
    writer.add_render_rule("link_open", _write_link)
    return writer


def _write_ours(_renderer: object, tokens: Sequence[Token], position: int, *_: object) -> str:
    return tokens[position].content


def _write_link(renderer: Any, tokens: Sequence[Token], position: int, *more: Any) -> str:
    link = tokens[position]
    if str(link.attrGet("href")).startswith("http"):
        link.attrSet("target", "_blank")
        link.attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, position, *more))
