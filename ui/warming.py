"""What pages load when one is first opened, loaded before anybody opens one."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

_PAGES = Path(__file__).parent.parent / "pages"
# Streamlit loads this one when the first page names its icon.
_BESIDE = ("PIL.Image",)


def warm_up() -> None:
    """Import all that pages import, and draw a chart of nobody."""
    for name in (*_imported_by_pages(), *_BESIDE):
        importlib.import_module(name)
    # Not at the top: a start that is refused does not wait for pandas and Altair.
    from ui.first_chart import draw_first_chart  # noqa: PLC0415

    draw_first_chart()


def _imported_by_pages() -> Iterator[str]:
    """Yield the names of the modules, as the pages' sources say: to import a page would run it."""
    for page in sorted(_PAGES.rglob("*.py")):
        for statement in ast.parse(page.read_bytes()).body:
            if isinstance(statement, ast.ImportFrom) and statement.module:
                yield statement.module
            elif isinstance(statement, ast.Import):
                yield from (alias.name for alias in statement.names)
