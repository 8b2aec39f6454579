"""What the security documents name is there, and what they count is right."""

import ast
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.sources import ROOT, tree

ASVS = "docs/asvs.md"
DOCUMENTS = (ASVS, "docs/security.md", "docs/security-rules.md")
STATES = ("met", "met, no test", "partly", "not met", "does not apply")
REQUIREMENTS_PER_LEVEL = {"1": 70, "2": 176}
"""As many as the standard has in chapters 1 to 16."""

MAX_WORDS = 12
_QUOTED = re.compile(r"`([^`]+)`")
_FILE = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|md|toml|txt)")
_ROW = re.compile(r"\| V(\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
_COUNT = re.compile(r"^\| ([a-z, ]+) \| (\d+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table."""

    number: str
    level: str
    words: str
    state: str
    proof: str


def _text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def _quoted(document: str) -> list[str]:
    return sorted(set(_QUOTED.findall(_text(document))))


def _requirements() -> list[Requirement]:
    lines = [line for line in _text(ASVS).splitlines() if line.startswith("| V")]
    found = [_ROW.fullmatch(line) for line in lines]
    assert [line for line, row in zip(lines, found, strict=True) if row is None] == []
    return [Requirement(*row.groups()) for row in found if row is not None]


def _has_test(name: str) -> bool:
    file, _, test = name.partition("::")
    if not (ROOT / file).is_file():
        return False
    return test in {
        node.name
        for node in tree(ROOT / file).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_named_test_is_there(document: str) -> None:
    """A test that was renamed or thrown away proves nothing."""
    named = [name for name in _quoted(document) if "::" in name]

    assert named
    assert [name for name in named if not _has_test(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_named_file_is_there(document: str) -> None:
    """Whoever follows a row finds what it speaks of."""
    named = [name for name in _quoted(document) if _FILE.fullmatch(name) and "/" in name]

    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_requirement_stands_once() -> None:
    """None of the two levels is left out, and none is judged twice."""
    rows = _requirements()

    assert [
        number for number, times in Counter(row.number for row in rows).items() if times > 1
    ] == []
    assert Counter(row.level for row in rows) == REQUIREMENTS_PER_LEVEL


def test_the_counts_in_the_head_are_right() -> None:
    """The sum of the table is not written by hand."""
    rows = _requirements()
    stated = {state: int(count) for state, count in _COUNT.findall(_text(ASVS))}

    assert {row.state for row in rows} <= set(STATES)
    counted = Counter(row.state for row in rows)
    assert stated == {state: counted[state] for state in STATES} | {"all": len(rows)}


def test_what_is_met_names_its_test() -> None:
    """Else the row says that there is none."""
    rows = [row for row in _requirements() if row.state == "met"]

    assert [row.number for row in rows if "::" not in row.proof] == []


def test_what_is_asked_for_is_short_and_in_our_words() -> None:
    """The standard's sentences stay in the standard."""
    assert [row.number for row in _requirements() if len(row.words.split()) > MAX_WORDS] == []
