"""Direct dependencies are pinned and explained, and the committed set agrees with them."""

import re
import tomllib
from typing import Any

import pytest

from tests.sources import ROOT, tracked_files

_PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
_SETTINGS: dict[str, Any] = tomllib.loads(_PYPROJECT)
DIRECT: list[str] = [
    *_SETTINGS["project"]["dependencies"],
    *(each for group in _SETTINGS["dependency-groups"].values() for each in group),
]
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")


def _normal(name: str) -> str:
    """Return *name* as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _committed() -> dict[str, tuple[set[str], int]]:
    """Return the versions and the number of hashes per package of ``requirements.txt``."""
    found: dict[str, tuple[set[str], int]] = {}
    name = ""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if pin := _PIN.match(line):
            name = _normal(pin["name"])
            versions, hashes = found.get(name, (set(), 0))
            found[name] = (versions | {pin["version"]}, hashes)
        elif "--hash=sha256:" in line:
            found[name] = (found[name][0], found[name][1] + 1)
    return found


@pytest.mark.parametrize("requirement", DIRECT)
def test_direct_dependency_is_pinned_exactly(requirement: str) -> None:
    """A new release changes nothing until somebody chose it."""
    assert _PIN.fullmatch(requirement)


@pytest.mark.parametrize("requirement", DIRECT)
def test_direct_dependency_says_what_it_is_for(requirement: str) -> None:
    """Each dependency line ends in its reason."""
    lines = [line for line in _PYPROJECT.splitlines() if f'"{requirement}"' in line]

    assert [re.search(r"# \S+ \S+", line) is not None for line in lines] == [True]


@pytest.mark.parametrize("requirement", DIRECT)
def test_committed_set_holds_the_direct_dependency(requirement: str) -> None:
    """``requirements.txt`` was made again after the last change of ``pyproject.toml``."""
    pin = _PIN.match(requirement)
    assert pin
    versions, hashes = _committed()[_normal(pin["name"])]

    assert versions == {pin["version"]}
    assert hashes > 0


def test_every_package_of_the_committed_set_has_a_hash() -> None:
    """Nothing can be installed that differs from what was tested."""
    assert [name for name, (_, hashes) in _committed().items() if hashes == 0] == []


def test_committed_set_names_no_place() -> None:
    """It installs from whatever index the machine uses."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if re.search(r"://|file:|^-|\s@\s", line)] == []


def test_committed_set_is_committed_and_the_lock_is_not() -> None:
    """The lock file would name a host; the set with hashes does not."""
    assert "requirements.txt" in tracked_files()
    assert "uv.lock" not in tracked_files()
