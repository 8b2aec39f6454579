"""What tests of the database ask again and again."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlmodel import Session, col, select

from db.models import AuditRow

_Result = TypeVar("_Result")


def acts(session: Session) -> Counter[str]:
    """Return how often each act stands in the audit, enrolments left out."""
    counted = Counter(entry.action for entry in entries(session))
    del counted["patient.enrolled"]
    return counted


def entries(session: Session) -> list[AuditRow]:
    """Return the audit, each chain in order; what waits for the end of the transaction too."""
    at_end = session.info.pop("at_end", None)
    if at_end is not None:
        at_end(session)
    return list(session.exec(select(AuditRow).order_by(col(AuditRow.chain), col(AuditRow.number))))


def all_at_once(do: Callable[[int], _Result], number: int = 20) -> list[_Result | Exception]:
    """Call *do* with 0, 1, ... from *number* threads at the same time; errors are results."""
    start = Barrier(number)

    def run(which: int) -> _Result:
        start.wait(timeout=30)
        return do(which)

    with ThreadPoolExecutor(number) as pool:
        running = [pool.submit(run, which) for which in range(number)]
    return [each.exception() or each.result() for each in running]  # type: ignore[misc]
