"""How far a long command is, on the terminal of whoever waits for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """
    Draw a bar while the block lasts, on a terminal alone: a log gets nothing of it.

    Args:
        words: What is being done.
        total: Steps of all of it, such as rows.

    Yields:
        What to call with the number of steps just done.
    """
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(words, total=total)
        yield lambda steps: progress.advance(task, steps)
