"""Run all benchmarks, or those named, and print one table."""

import argparse
import platform
from collections.abc import Callable

from benchmarks import brief, outcomes, pages, queries, sessions
from benchmarks.results import Result, print_table

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "save": pages.save,
    "progress": pages.progress,
    "review": pages.review,
    "review-query": queries.review_query,
    "brief": brief.brief,
    "outcomes": outcomes.outcomes,
    "memory": sessions.memory,
    "start": sessions.start,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}. Choose from {', '.join(BENCHMARKS)}.")
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}")
    results: list[Result] = []
    for name in names:
        print(f"measuring {name} ...", flush=True)
        results += BENCHMARKS[name]()
    print_table(results)


if __name__ == "__main__":
    main()
