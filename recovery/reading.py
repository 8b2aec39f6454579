"""What somebody read, and how the question at the end of a page was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """
    That one person opened one page.

    Attributes:
        slug: The page.
        opened_by: The account that did.
        is_by_proxy: Whether a carer did.
        times: How often it was come to.
    """

    slug: str
    opened_by: UUID
    is_by_proxy: bool
    first_opened_at: datetime
    last_opened_at: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """
    One answer to the question at the end of a page.

    Attributes:
        slug: The page.
        answer: Number of the answer, from 1.
        is_right: Whether it was the right one when it was given.
        is_by_proxy: Whether a carer gave it.
        answered_at: When.
    """

    slug: str
    answer: int
    is_right: bool
    is_by_proxy: bool
    answered_at: datetime


def tries_until_right(answers: Sequence[PageAnswer]) -> int | None:
    """Return the number of the first right one of *answers*, from 1; None when there is none."""
    return next((number for number, each in enumerate(answers, start=1) if each.is_right), None)
