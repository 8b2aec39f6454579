"""A SQLite file and a folder for its backups."""

import shutil
from pathlib import Path

import pytest

from db.backup_folder import use_folder


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return the address of a fresh SQLite file; the other engine has its own backups."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'mendline.db')}"


@pytest.fixture
def folder(tmp_path: Path, lasting_folders: None) -> Path:
    """Return a folder that was chosen for backups, without any."""
    return use_folder(str(tmp_path / "backups"))
