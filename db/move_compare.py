"""Two databases read side by side, row by row."""

from collections.abc import Callable, Generator
from contextlib import closing

import sqlalchemy as sa

from db.move_rows import Moved, Row, batches


def differences(
    old: sa.Connection, new: sa.Connection, moved: Moved, seen: Callable[[int], None]
) -> Generator[str]:
    """
    Name the rows of a table that are not the same in both, by table and key alone.

    Every value of every row is compared, as both engines hand it back.

    Args:
        old: In a transaction.
        new: In a transaction.
        moved: The table.
        seen: Is told of rows of *old* that were compared, now and then.
    """
    with closing(_rows(old, moved, seen)) as ours, closing(_rows(new, moved, _nobody)) as theirs:
        our, their = next(ours, None), next(theirs, None)
        while our is not None or their is not None:
            if our == their:
                our, their = next(ours, None), next(theirs, None)
            elif _is_only(our, their, moved):
                yield f"{moved.place_of(our or ())} is missing"
                our = next(ours, None)
            elif _is_only(their, our, moved):
                yield f"{moved.place_of(their or ())} is in the new one alone"
                their = next(theirs, None)
            else:
                yield f"{moved.place_of(our or ())} differs"
                our, their = next(ours, None), next(theirs, None)


def _is_only(row: Row | None, other: Row | None, moved: Moved) -> bool:
    """Say whether *row* comes before *other*, so that the other side does not have it."""
    if row is None or other is None:
        return row is not None
    return moved.key_of(row) < moved.key_of(other)


def _rows(connection: sa.Connection, moved: Moved, seen: Callable[[int], None]) -> Generator[Row]:
    with closing(batches(connection, moved)) as read:
        for batch in read:
            yield from batch
            seen(len(batch))


def _nobody(_rows: int) -> None:
    """Tell nobody."""
