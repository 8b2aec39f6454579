"""The commands of docs/deploy.md, as whoever runs the server types them."""

import re
import shlex

from tests.sources import ROOT

GUIDE = ROOT / "docs" / "deploy.md"
_BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def text() -> str:
    """Return the guide."""
    return GUIDE.read_text(encoding="utf-8")


def shell_blocks() -> list[str]:
    """Return what is set apart to be typed."""
    return _SHELL.findall(text())


def quoted() -> list[str]:
    """Return what is quoted inside its sentences."""
    return _QUOTED.findall(_BLOCK.sub("", text()))


def lines() -> list[list[str]]:
    """Return the words of every line to be typed, without variables that are set before it."""
    typed = [line for block in shell_blocks() for line in block.splitlines() if line.strip()]
    split = [shlex.split(line, comments=True) for line in typed]
    return [_without_settings(words) for words in split if _without_settings(words)]


def lines_of(program: str) -> list[list[str]]:
    """Return those that begin with *program*."""
    return [words for words in lines() if words[0] == program]


def _without_settings(words: list[str]) -> list[str]:
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    return words
