"""What is wrong with content files, told to the person who edits them."""

from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).parent


class ContentError(ValueError):
    """
    A content file breaks a rule.

    Attributes:
        path: The file, from the content folder down when it lies there.
        line: The line to look at, 1 for the first.
        remedy: What to change.
    """

    def __init__(self, path: Path, line: int, problem: str, remedy: str) -> None:
        self.path = shown_path(path)
        self.line = line
        self.remedy = remedy
        super().__init__(f"{self.path}, line {line}: {problem}. {remedy}")


class BrokenContent(ValueError):
    """
    The content cannot be served.

    Attributes:
        errors: What is wrong, one for each file.
    """

    def __init__(self, errors: Sequence[ContentError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


def shown_path(path: Path) -> str:
    """Return *path* without the folders above the content folder."""
    if path.is_relative_to(_ROOT):
        return (Path("content") / path.relative_to(_ROOT)).as_posix()
    return path.name


def unreadable(error: OSError) -> str:
    """Say which file cannot be read, and what to do."""
    name = shown_path(Path(str(error.filename))) if error.filename else "A content file"
    return f"{name} cannot be read ({error.strerror}). Check that it is there and may be read."
