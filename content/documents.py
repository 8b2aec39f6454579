"""Content files read into checked shapes, remembering the line of every value."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from content.errors import ContentError

Location = tuple[int | str, ...]
Checked = TypeVar("Checked")

_FENCE = "---"
_TRANSLATES = "translates"
_DEFAULT_REMEDY = "Check the value against its source and correct it."
_REMEDIES = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it or correct its spelling.",
    "literal_error": "Only figures that somebody read in the source may be drawn: "
    "read it there, or leave the point out.",
    "enum": "Use one of the values listed.",
    "string_too_short": "Write it down.",
    "string_type": "Put it in quotation marks.",
    "string_pattern_mismatch": "Use small letters, digits and the sign between them.",
    "date_from_datetime_parsing": "Write the date like 2026-11-22.",
}


class Shape(BaseModel):
    """The base of what a content file may hold: nothing unknown, nothing converted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, allow_inf_nan=False
    )


class _Loader(yaml.CSafeLoader):
    """Reads a date as text, so that one that does not exist is refused with its line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Generic[Checked]):
    """
    A content file that has the right shape.

    Attributes:
        path: The file.
        value: What it holds.
        body: The text after the front matter; empty in a YAML file.
        body_line: The line on which the body begins.
        translates: Digest of the file that this one translates; None when it names none.
        root: Where every value stands.
        first_line: The line on which ``root`` begins.
    """

    path: Path
    value: Checked
    root: yaml.Node
    first_line: int = 1
    body: str = ""
    body_line: int = 0
    translates: str | None = None

    def problem(self, where: Location, problem: str, remedy: str) -> ContentError:
        """Return the error for the value at *where*, a path of keys and positions."""
        line = self.first_line + _line_of(self.root, where)
        return ContentError(self.path, line, problem, remedy)

    def body_problem(self, offset: int, problem: str, remedy: str) -> ContentError:
        """Return the error for the character at *offset* of the body."""
        line = self.body_line + self.body.count("\n", 0, offset)
        return ContentError(self.path, line, problem, remedy)


def read_yaml(path: Path, shape: type[Checked]) -> Document[Checked]:
    """
    Read a YAML file.

    Raises:
        ContentError: If it is not UTF-8 text, not YAML, or does not have the shape.
    """
    root, value, translates = _checked(path, _text(path), 1, shape)
    return Document(path=path, value=value, root=root, translates=translates)


def read_markdown(path: Path, shape: type[Checked]) -> Document[Checked]:
    """
    Read a Markdown file whose front matter stands between two lines of ``---``.

    Raises:
        ContentError: As for ``read_yaml``, and if the front matter or the text is missing.
    """
    lines = _text(path).splitlines()
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise ContentError(
            path, 1, "the front matter is missing", f"Begin with it, between two lines of {_FENCE}."
        )
    end = lines.index(_FENCE, 1)
    root, value, translates = _checked(path, "\n".join(lines[1:end]), 2, shape)
    body = "\n".join(line.rstrip() for line in lines[end + 1 :])
    if not body.strip():
        raise ContentError(path, end + 1, "the page has no text", "Write it below this line.")
    return Document(
        path=path,
        value=value,
        root=root,
        first_line=2,
        body=body,
        body_line=end + 2,
        translates=translates,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(path, 1, "this is not UTF-8 text", "Save it as UTF-8.") from error


def _checked(
    path: Path, text: str, first_line: int, shape: type[Checked]
) -> tuple[yaml.Node, Checked, str | None]:
    try:
        root, value = _parsed(path, text, first_line)
        translates = _take_translates(root, value)
        plain = json.dumps(value, default=str)
    except (RecursionError, TypeError) as error:
        # A file within itself, one nested without end, or keys that are no words.
        raise ContentError(
            path, first_line, "this is no plain list of words and values", "Write it plainly."
        ) from error
    try:
        # As JSON, because its strict mode still takes a list for a tuple and a word for an enum.
        return root, TypeAdapter(shape).validate_json(plain), translates
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where, kind = first["loc"], first["type"]
        raise ContentError(
            path,
            first_line + _line_of(root, where),
            f"{_named(where)}: {first['msg']}",
            _REMEDIES.get(kind, _DEFAULT_REMEDY),
        ) from error


def _take_translates(root: yaml.Node, value: object) -> str | None:
    """Take ``translates`` out of the file, where it stands first; it is about the file itself."""
    if isinstance(root, yaml.MappingNode) and isinstance(value, dict) and _TRANSLATES in value:
        root.value = [pair for pair in root.value if pair[0].value != _TRANSLATES]
        return str(value.pop(_TRANSLATES))
    first = value[0] if isinstance(value, list) and value else None
    if (
        isinstance(root, yaml.SequenceNode)
        and isinstance(value, list)
        and isinstance(first, dict)
        and set(first) == {_TRANSLATES}
    ):
        root.value = root.value[1:]
        value.pop(0)
        return str(first[_TRANSLATES])
    return None


def _parsed(path: Path, text: str, first_line: int) -> tuple[yaml.Node, object]:
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        value = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise ContentError(
            path, first_line + line, f"this is not YAML ({error.problem})", "Correct the line."
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ContentError(path, first_line, "this is not YAML", "Correct the file.") from error
    if root is None:
        raise ContentError(path, first_line, "nothing is written here", "Fill it or delete it.")
    _refuse_repeated_keys(path, root, first_line)
    return root, value


def _refuse_repeated_keys(path: Path, node: yaml.Node, first_line: int) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(path, item, first_line)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            # YAML itself would silently keep the last of them.
            line = first_line + key.start_mark.line
            raise ContentError(path, line, f"{key.value} stands twice", "Keep one of them.")
        seen.add(key.value)
        _refuse_repeated_keys(path, value, first_line)


def _line_of(node: yaml.Node, where: Location) -> int:
    line: int = node.start_mark.line
    if not where:
        return line
    step, rest = where[0], where[1:]
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return _line_of(node.value[step], rest)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return _line_of(value, rest) if rest else int(key.start_mark.line)
    return line


def _named(where: Location) -> str:
    words = [f"number {step + 1}" if isinstance(step, int) else step for step in where]
    return " ".join(words) or "the file"
