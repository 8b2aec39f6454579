"""``python -m content check`` and ``python -m content stamp FILE...``: for people who edit content."""

import sys
from pathlib import Path

from content.errors import BrokenContent, ContentError, unreadable
from content.library import CONTENT_FOLDER, read_library
from content.translations import stamp

USAGE = "Write: uv run python -m content check, or: uv run python -m content stamp FILE..."


def main(arguments: list[str]) -> int:
    """Check all content, or stamp translations; return the exit status."""
    match arguments:
        case ["check"]:
            return _check()
        case ["stamp", *files] if files:
            return _stamp([Path(file) for file in files])
    sys.stderr.write(f"{USAGE}\n")
    return 2


def _check() -> int:
    try:
        library = read_library(CONTENT_FOLDER)
    except BrokenContent as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{unreadable(error)}\n")
        return 1
    for language, shelf in library.shelves.items():
        sys.stdout.write(
            f"{language}: {len(shelf.procedures)} procedures, {len(shelf.pages)} pages" + "\n"
        )
    sys.stdout.write(f"{len(library.sources)} sources. All of it fits together." + "\n")
    return 0


def _stamp(files: list[Path]) -> int:
    for file in files:
        try:
            stamp(file)
        except (ContentError, OSError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
