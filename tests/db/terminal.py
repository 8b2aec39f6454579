"""A command run on a database, and what it said."""

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
"""Runs a command on the database at an address: its exit code, what it said, and its refusal."""


def is_refusal(answer: tuple[int, str, str], words: str) -> bool:
    """Tell whether a command refused in one plain sentence with *words* in it."""
    code, _said, refused = answer
    is_plain = refused.count("\n") == 1 and "Traceback" not in refused and "usage" not in refused
    return code == 1 and is_plain and words in refused
