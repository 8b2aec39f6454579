"""Where the crowd goes: one process, several behind nginx, or a bare page."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from benchmarks import serving, topology
from benchmarks.load.clinic import Clinic


@dataclass(frozen=True, slots=True)
class Place:
    """A served place: its address without a slash at the end, and the processes that serve it."""

    url: str
    pids: Sequence[int]


Opening = Callable[[], AbstractContextManager[Place]]
"""Starts the servers anew, for as long as the block lasts."""


@contextmanager
def one_process(clinic: Clinic) -> Iterator[Place]:
    """Serve the clinic from one process."""
    with serving.app(clinic.url) as running:
        yield Place(running.url, [running.pid])


@contextmanager
def two_processes(clinic: Clinic) -> Iterator[Place]:
    """Serve the clinic from two processes behind nginx, as shipped but without TLS."""
    with topology.site(clinic.url) as site:
        yield Place(site.url, site.pids)


@contextmanager
def bare(floor: str) -> Iterator[Place]:
    """Serve a bare page: ``form`` or ``chart``."""
    with serving.floor(floor) as running:
        yield Place(running.url, [running.pid])
