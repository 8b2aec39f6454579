"""Screens driven from tests that are not asynchronous."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")


def drive(acts: Coroutine[Any, Any, Found]) -> Found:
    """
    Run *acts* to their end and return what they return.

    In a thread of its own, since the browser of other tests may hold this one's loop.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, acts).result()
