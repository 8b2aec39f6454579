"""The project's own files, read as text and as syntax trees, for tests of its structure."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tracked_files() -> list[str]:
    """Return what git keeps, and what it would keep if added, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below *folders*, without caches."""
    found = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return sorted(file for file in found if "__pycache__" not in file.parts)


def tree(file: Path) -> ast.Module:
    """Return the syntax tree of *file*."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name_of(node: ast.expr | None) -> str:
    """Return the dotted name that *node* spells, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}".lstrip(".")
    return ""


def calls_in(file: Path) -> set[str]:
    """Return the dotted names of all functions called in *file*."""
    return {name_of(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}


def imports_of(file: Path) -> set[str]:
    """Return the top-level names of the packages that *file* imports."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def shown(file: Path) -> str:
    """Return *file* relative to the root, for test names and messages."""
    return file.relative_to(ROOT).as_posix()
