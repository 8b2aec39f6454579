"""
Run all benchmarks, or those named, and print one table.

``judgement`` measures how right the rules are, not how fast; it takes minutes and runs when named.
"""

import argparse
import platform
from collections.abc import Callable

from benchmarks import brief, judging, moving, outcomes, pages, queries, sessions
from benchmarks.judgement.command import judgement
from benchmarks.results import Result, print_table

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "save": pages.save,
    "progress": pages.progress,
    "review": pages.review,
    "review-query": queries.review_query,
    "judging": judging.judging,
    "brief": brief.brief,
    "outcomes": outcomes.outcomes,
    "move": moving.moving,
    "memory": sessions.memory,
    "start": sessions.start,
}

JUDGEMENT = "judgement"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=", ".join([*BENCHMARKS, JUDGEMENT])
    )
    parser.add_argument("--quick", action="store_true", help="of judgement: a tenth of the people")
    parser.add_argument("--write", action="store_true", help="of judgement: write docs/judgement.*")
    asked = parser.parse_args()
    names = asked.names or list(BENCHMARKS)
    if names == [JUDGEMENT]:
        judgement(is_quick=asked.quick, writes=asked.write)
        return
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}. Choose from {', '.join(BENCHMARKS)}.")
    if asked.quick or asked.write:
        parser.error("--quick and --write belong to judgement alone. Name it, and nothing else.")
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}")
    results: list[Result] = []
    for name in names:
        print(f"measuring {name} ...", flush=True)
        results += BENCHMARKS[name]()
    print_table(results)


if __name__ == "__main__":
    main()
