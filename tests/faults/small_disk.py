"""A disk of a few megabytes in memory, to be filled and made read-only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """
    A mounted disk.

    Attributes:
        folder: Where it is.
    """

    def __init__(self, folder: Path) -> None:
        """Take the disk that is mounted at *folder*."""
        self.folder = folder

    def change(self, options: str) -> None:
        """Mount it anew with other options: ``ro``, ``rw``, ``size=8m``."""
        command = ["mount", "-o", f"remount,{options}", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self) -> Path:
        """Fill what is left of it with one file, and return that."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4_096)):
                    pass
            except OSError:
                return ballast
        raise AssertionError("the disk takes any amount")


@contextmanager
def mounted(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """
    Mount a small disk for the block; skip the test where that takes rights that are not there.

    The model of a full disk in ``test_power_cut`` needs none and runs everywhere.
    """
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("A small disk cannot be mounted here; its model was tried instead.")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
