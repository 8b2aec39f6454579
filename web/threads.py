"""Work that would hold up the event loop, done in threads and kept within bounds."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")

# Each look-up holds one database connection for about a millisecond.
_LOOKUPS = anyio.CapacityLimiter(8)
# One hash fills 46 MiB: two at a time bound the memory of a flood of sign-ins.
_HASHES = anyio.CapacityLimiter(2)


async def in_lookup_thread(work: Callable[[], T]) -> T:
    """Run a short database query in a thread and return its result."""
    return await anyio.to_thread.run_sync(work, limiter=_LOOKUPS)


async def in_hash_thread(work: Callable[[], T]) -> T:
    """Run work that hashes a password in a thread and return its result."""
    return await anyio.to_thread.run_sync(work, limiter=_HASHES)
