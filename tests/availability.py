"""What to do when a part of the tests cannot run here: say so loudly, and in CI fail."""

import os
from typing import NoReturn

import pytest

NOT_RUN = "NOT RUN HERE:"


def in_ci() -> bool:
    """Tell whether everything has to run."""
    return os.environ.get("CI", "").casefold() in {"1", "true"}


def refuse(what: str, remedy: str) -> NoReturn:
    """
    Skip the test with a reason that the closing summary repeats; fail it in CI.

    Args:
        what: The missing thing and what it leaves untested.
        remedy: What to install.
    """
    message = f"{NOT_RUN} {what} {remedy}"
    if in_ci():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def reasons_of(reports: list[pytest.TestReport]) -> dict[str, int]:
    """Return why tests were not run for want of something, with how many."""
    counted: dict[str, int] = {}
    for report in reports:
        text = report.longreprtext if isinstance(report.longrepr, str) else str(report.longrepr)
        if NOT_RUN in text:
            reason = text.partition(NOT_RUN)[2].strip("'\") ")
            counted[reason] = counted.get(reason, 0) + 1
    return counted
