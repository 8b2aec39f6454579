"""The script of the guide that copies a PostgreSQL each night, run with stand-ins for PostgreSQL's programs."""

import os
import subprocess
from pathlib import Path

import pytest

from tests import deploy_guide

_NEW = "mendline-2026-12-01.dump"
_OLD = "mendline-2026-10-01.dump"
_DUMP = """#!/bin/sh
for word; do case $word in --file=*) echo "a copy" > "${word#--file=}";; esac; done
exit "$DUMPED"
"""
_RESTORE = """#!/bin/sh
for word; do last=$word; done
[ -s "$last" ] && exit "$READ"
"""


def _night(folder: Path, *, dumped: int = 0, read: int = 0) -> int:
    """Run the script on *folder*, with an old copy in it; return what it ended with."""
    [script] = [each for each in deploy_guide.shell_blocks() if "umask" in each]
    programs = folder.parent / "programs"
    programs.mkdir()
    for name, text in (
        ("pg_dump", _DUMP),
        ("pg_restore", _RESTORE),
        ("date", "#!/bin/sh\necho 2026-12-01\n"),
    ):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    (folder / _OLD).touch()
    os.utime(folder / _OLD, (0, 0))
    ran = subprocess.run(
        ["sh", "-c", script.replace("/backup", str(folder))],
        env={"PATH": f"{programs}:{os.defpath}", "DUMPED": str(dumped), "READ": str(read)},
        check=False,
    )
    return ran.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder for copies."""
    made = tmp_path / "copies"
    made.mkdir()
    return made


def test_a_copy_is_its_owners_alone_and_the_old_ones_go(folder: Path) -> None:
    assert _night(folder) == 0

    assert [file.name for file in folder.iterdir()] == [_NEW]
    assert (folder / _NEW).stat().st_mode & 0o777 == 0o600
    assert (folder / _NEW).read_text() == "a copy\n"


@pytest.mark.parametrize("broken", [{"dumped": 1}, {"read": 1}], ids=["cut short", "unreadable"])
def test_a_broken_copy_gets_no_name_and_the_old_ones_stay(
    folder: Path, broken: dict[str, int]
) -> None:
    """What bears the name of a copy can be restored; the part tells whoever looks."""
    assert _night(folder, **broken) != 0

    assert {file.name for file in folder.iterdir()} == {_OLD, f"{_NEW}.part"}
