"""
Run all benchmarks, or those named, and print one table.

Some take long and run only when they are named, alone: ``judgement`` measures how right the rules
are, not how fast; ``faults`` runs the fault tests and keeps what they count; ``scale`` fills
databases with up to nine million reports; ``load`` lets many people come at once, ``open`` holds
many pages open, and ``soak`` lets people act for ten minutes.
"""

import argparse
import platform
from collections.abc import Callable

from benchmarks import brief, judging, moving, observing, outcomes, pages, sessions
from benchmarks.faults import faults
from benchmarks.judgement.command import judgement
from benchmarks.load.command import load
from benchmarks.load.staying import open_pages, soak
from benchmarks.results import Result, print_table
from benchmarks.scale.command import scale

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "save": pages.save,
    "progress": pages.progress,
    "review": pages.review,
    "judging": judging.judging,
    "brief": brief.brief,
    "outcomes": outcomes.outcomes,
    "observing": observing.observing,
    "move": moving.moving,
    "memory": sessions.memory,
    "start": sessions.start,
}

NAMED_ALONE = {
    "judgement": judgement,
    "faults": faults,
    "scale": scale,
    "load": load,
    "open": open_pages,
    "soak": soak,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=", ".join([*BENCHMARKS, *NAMED_ALONE])
    )
    parser.add_argument("--quick", action="store_true", help="of those named alone: with far less")
    parser.add_argument(
        "--write", action="store_true", help="of those: write the figures under docs"
    )
    asked = parser.parse_args()
    names = asked.names or list(BENCHMARKS)
    if len(names) == 1 and names[0] in NAMED_ALONE:
        NAMED_ALONE[names[0]](is_quick=asked.quick, writes=asked.write)
        return
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        alone = ", ".join(NAMED_ALONE)
        parser.error(
            f"{', '.join(unknown)}: unknown, or to be named alone ({alone}). "
            f"Choose from {', '.join(BENCHMARKS)}."
        )
    if asked.quick or asked.write:
        parser.error(f"--quick and --write belong to {' or '.join(NAMED_ALONE)}, named alone.")
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}")
    results: list[Result] = []
    for name in names:
        print(f"measuring {name} ...", flush=True)
        results += BENCHMARKS[name]()
    print_table(results)


if __name__ == "__main__":
    main()
