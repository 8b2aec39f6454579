"""
The one secret that the database does not hold.

From ``MENDLINE_SECRET_KEY``, as in production, else from a file for its owner alone, which is
made on the first start and lies outside the source tree: a copy of the database or of the tree is
worth nothing without it.
"""

import os
import secrets
import stat
from pathlib import Path

from recovery.errors import DatabaseUnavailable

KEY_VARIABLE = "MENDLINE_SECRET_KEY"
FILE_VARIABLE = "MENDLINE_SECRET_FILE"
MIN_LENGTH = 43
"""Characters of a key: 256 random bits as ``secrets.token_urlsafe(32)`` writes them."""


def secret_keys() -> list[str]:
    """
    Return the keys: the first seals, each opens, so that a key can be changed over time.

    Raises:
        DatabaseUnavailable: If they cannot be read or made, or are too short.
    """
    given = os.environ.get(KEY_VARIABLE)
    keys = [key.strip() for key in (given or _from_file()).split(",")]
    if any(len(key) < MIN_LENGTH for key in keys):
        where = KEY_VARIABLE if given else str(secret_file())
        raise DatabaseUnavailable(
            f"{where} is not a key. Give it at least {MIN_LENGTH} random letters and digits."
        )
    return keys


def is_key_named() -> bool:
    """Tell whether the environment says which key to use, or where it is kept."""
    return bool(os.environ.get(KEY_VARIABLE) or os.environ.get(FILE_VARIABLE))


def secret_file() -> Path:
    """Return where the key is kept when the environment gives none."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    settings = os.environ.get("XDG_CONFIG_HOME")
    try:
        return Path(settings or Path.home() / ".config") / "mendline" / "secret.key"
    except RuntimeError as error:
        raise DatabaseUnavailable(
            f"This user has no home folder for the secret key. Name its file in {FILE_VARIABLE}."
        ) from error


def _from_file() -> str:
    file = secret_file()
    try:
        if not file.exists():
            _make(file)
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise DatabaseUnavailable(
                f"Others can read {file}. Run `chmod 600` on it and start again."
            )
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise DatabaseUnavailable(
            f"The key in {file} cannot be read or made. Check its permissions, "
            f"name another file in {FILE_VARIABLE}, or give the key in {KEY_VARIABLE}."
        ) from error


def _make(file: Path) -> None:
    """Make the file whole or not at all; of two starts at the same time the first one's stays."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(f"{secrets.token_urlsafe(32)}\n")
            stream.flush()
            os.fsync(stream.fileno())
        # Linking refuses when the name is taken, which renaming would not.
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
