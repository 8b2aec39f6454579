"""What ships in ``deploy/`` is right by the judgement of the programs that read it, and fits the app."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from uvicorn import Config

from tests import nginx
from tests.availability import refuse
from tests.nginx import DEPLOY
from tests.sources import ROOT, tracked_files
from web.deployment import HOSTS_VARIABLE, PROXY_VARIABLE, read_deployment

_VENV = Path(sys.executable).parent
_UNITS = DEPLOY / "systemd"
_SCRIPTS = [ROOT / ".ci" / "run", *sorted(DEPLOY.rglob("*.sh"))]


def _run(*command: str | Path) -> str:
    """Return what a program that judges a file says; it must have nothing against it."""
    ran = subprocess.run(
        [str(each) for each in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    return said


def test_nginx_takes_its_settings(tmp_path: Path) -> None:
    """With and without TLS, and with the processes of compose; it warns of nothing."""
    program = nginx.find_nginx()
    if program is None:
        refuse("nginx is missing.", "Install the system package nginx-light.")
    settings = nginx.write_settings(tmp_path, [8501, 8502, 8503], port=443, plain_port=80)

    for upstreams in (None, "upstream-compose.conf"):
        if upstreams:
            shutil.copy(DEPLOY / upstreams, tmp_path / "upstream.conf")
        said = _run(program, "-t", "-e", tmp_path / "start.log", "-c", settings)
        assert "test is successful" in said
        assert os.geteuid() != 0 or "[warn]" not in said, said


def test_nginx_uses_no_connection_that_the_app_is_about_to_close() -> None:
    """A form sent on one at that moment would be lost: nginx sends no form twice by itself."""
    text = (DEPLOY / "upstream.conf").read_text(encoding="utf-8")
    [seconds] = re.findall(r"(?m)^ *keepalive_timeout (\d+)s;", text)

    assert int(seconds) < Config("", log_config=None).timeout_keep_alive


def test_nginx_writes_down_no_query_and_no_referring_page() -> None:
    """A code or a key may stand in either; its own log of errors repeats them from ``error`` on."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    [said] = re.findall(r"log_format [^;]*;", text)

    named = set(re.findall(r"\$\w+", said))
    assert named.isdisjoint({
        "$request", "$request_uri", "$args", "$query_string", "$http_referer", "$http_cookie",
        "$http_user_agent", "$http_authorization",
    })  # fmt: skip
    assert re.findall(r"(?m)^ *error_log .* (\w+);", text) == ["crit"]
    assert re.findall(r"(?m)^ *access_log \S+(.*);", text) == [" mendline"]


def test_systemd_takes_its_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        refuse("systemd-analyze is missing.", "Install the system package systemd.")
    for unit in _UNITS.iterdir():
        shutil.copy(unit, tmp_path)
    shutil.copy(tmp_path / "mendline@.service", tmp_path / "mendline@8501.service")

    said = _run(
        program,
        "verify",
        "--man=no",
        tmp_path / "mendline@8501.service",
        tmp_path / "mendline.target",
    )

    assert "mendline" not in said, said


def test_the_unit_sets_each_variable_once() -> None:
    """Of two, the last would count, and the other be changed in vain."""
    unit = (_UNITS / "mendline@.service").read_text(encoding="utf-8")
    names = re.findall(r"(?m)^Environment=(\w+)=", unit)

    assert "MENDLINE_METRICS_PORT" in names
    assert sorted(set(names)) == sorted(names)


def test_a_process_keeps_to_the_release_that_it_started_from(tmp_path: Path) -> None:
    """Nothing that it imports after the link was set anew comes from the new release."""
    # The folder of the tests may lie behind a link of its own.
    place = tmp_path.resolve()
    for version in ("old", "new"):
        _release(place / version, version)
    current = place / "current"
    current.symlink_to(place / "old")
    unit = (_UNITS / "mendline@.service").read_text(encoding="utf-8")
    [shipped] = re.findall(r"(?m)^ExecStart=(.*)$", unit)
    # systemd splits the line as a shell does and writes a dollar sign twice.
    command = [word.replace("$$", "$") for word in shlex.split(shipped)]

    ran = subprocess.run(
        [word.replace("/opt/mendline/current", str(current)) for word in command],
        cwd=current,
        capture_output=True,
        text=True,
        check=True,
    )

    assert current.resolve() == place / "new"
    assert ran.stdout.splitlines() == [str(place / "old" / ".venv"), "old", "old"]


def _release(folder: Path, version: str) -> None:
    """Make a release that sets the link anew as it runs, and then imports from both its places."""
    venv.create(folder / ".venv", with_pip=False)
    [packages] = (folder / ".venv" / "lib").glob("python*/site-packages")
    for place, name in ((packages, "bought"), (folder, "own")):
        (place / f"{name}.py").write_text(f"VERSION = {version!r}\n", encoding="utf-8")
    lines = (
        "import pathlib, sys",
        "link = pathlib.Path.cwd().parent / 'current'",
        "link.unlink()",
        "link.symlink_to(link.parent / 'new')",
        "import bought, own",
        "print(sys.prefix, bought.VERSION, own.VERSION, sep='\\n')",
    )
    (folder / "app.py").write_text("\n".join(lines), encoding="utf-8")


def test_the_unit_keeps_room_for_open_pages() -> None:
    """Four files each; the usual 1,024 let 252 people in."""
    unit = (_UNITS / "mendline@.service").read_text(encoding="utf-8")

    assert "LimitNOFILE=65536" in unit
    assert re.search(r"(?m)^User=(?!root)\w+$", unit)


def test_the_settings_of_the_units_can_be_meant() -> None:
    lines = (_UNITS / "mendline.env").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert read_deployment(settings).may_be_reached
    assert {HOSTS_VARIABLE, PROXY_VARIABLE} < set(settings)


def test_the_settings_that_ship_are_told_in_the_readme() -> None:
    """None is misspelt: each is one that the app reads."""
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {
        found
        for file in DEPLOY.rglob("*")
        if file.is_file()
        for found in re.findall(r"\bMENDLINE_[A-Z_]+\b", file.read_text(encoding="utf-8"))
    }

    assert {name for name in named if f"`{name}`" not in told} == set()


def test_the_container_file_has_nothing_against_it() -> None:
    _run(_VENV / "hadolint", DEPLOY / "Containerfile")


def test_the_container_runs_as_nobody_special_on_the_tested_python() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]

    assert re.findall(r"(?m)^USER (.*)$", last) == ["10001:10001"]
    bases = set(re.findall(r"(?m)^FROM (\S+)", text))
    assert len(bases) == 1
    assert re.fullmatch(
        rf"docker\.io/library/python:{re.escape(wanted.removeprefix('>='))}\.\d+-slim-bookworm",
        bases.pop(),
    )
    assert "--require-hashes" in text


def test_the_image_is_made_of_the_app_alone() -> None:
    """Each file it runs on, and nothing else that lies in the folder: no database and no key."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    named = [rule[1:] for rule in rules if rule.startswith("!")]
    inside = {
        file
        for file in tracked_files()
        if any(file == each or file.startswith(each.removesuffix("**")) for each in named)
    }

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = settings["tool"]["importlinter"]["root_packages"]
    needed = {f"{each}/**" for each in packages}
    others = {
        "app.py", "pyproject.toml", "requirements.txt", ".streamlit/config.toml",
        "docs/judgement.json",
    }  # fmt: skip
    assert set(named) == needed | others
    assert others < inside
    assert {file.partition("/")[0] for file in inside} >= set(packages)


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda file: file.name)
def test_shell_scripts_have_nothing_against_them(script: Path) -> None:
    _run(_VENV / "shellcheck", script)
