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
from typing import Any

import pytest
import yaml

from tests import deploy_guide, nginx
from tests.availability import refuse
from tests.nginx import DEPLOY
from tests.sources import ROOT, tracked_files
from web.deployment import HOSTS_VARIABLE, PROXY_VARIABLE, Deployment, read_deployment

_VENV = Path(sys.executable).parent
_UNITS = DEPLOY / "systemd"
_SCRIPTS = [ROOT / ".ci" / "run", *sorted(DEPLOY.rglob("*.sh"))]


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def _app() -> dict[str, Any]:
    found: dict[str, Any] = _compose()["services"]["app1"]
    return found


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


def test_compose_has_its_schema() -> None:
    _run(
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
        DEPLOY / "compose.yaml",
    )  # fmt: skip


def test_compose_names_exact_images_and_opens_nginx_alone() -> None:
    """What was tried is what is started, and nobody comes in past the proxy."""
    services = _compose()["services"]

    bought = {each["image"] for each in services.values() if each["image"] != "mendline"}
    assert all(re.fullmatch(r"docker\.io/library/\w+:\d+\.\d+[.\d]*-\w+", each) for each in bought)
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]
    assert all("no-new-privileges:true" in each["security_opt"] for each in services.values())
    assert all(each["cap_drop"] == ["ALL"] for each in services.values())


def test_compose_holds_no_secret() -> None:
    """Passwords are files, which git does not keep and the image does not hold."""
    compose = _compose()
    for each in compose["services"].values():
        told = each.get("environment", {})
        secret = [name for name in told if re.search(r"PASSWORD|KEY|TOKEN|SECRET", name)]
        assert all(name.endswith("_FILE") for name in secret)
        assert not re.search(r"//[^/@]*:[^/@]*@", str(told.get("MENDLINE_DATABASE_URL", "")))

    files = [each["file"] for each in compose["secrets"].values()]
    assert files
    assert all(file.startswith("./secrets/") for file in files)
    kept_out = subprocess.run(
        ["git", "check-ignore", *(f"deploy/{file[2:]}" for file in files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(kept_out.stdout.splitlines()) == len(files)


def test_compose_gives_the_app_nginx_as_its_proxy() -> None:
    """The addresses stand in three places, and all three have to agree."""
    compose = _compose()
    services = compose["services"]
    address = {
        name: services[name]["networks"]["front"]["ipv4_address"]
        for name in ("nginx", "app1", "app2")
    }
    upstreams = (DEPLOY / "upstream-compose.conf").read_text(encoding="utf-8")

    settings = _app()["environment"]
    deployment: Deployment = read_deployment(settings)
    assert deployment.may_be_reached
    assert deployment.is_proxy(address["nginx"])
    assert not deployment.is_proxy(address["app2"])
    assert re.findall(r"server ([\d.]+):8501 ", upstreams) == [address["app1"], address["app2"]]
    assert deployment.hosts == ("clinic.example",)


def test_compose_keeps_the_way_to_the_database_inside() -> None:
    """It is not encrypted there, so none but the app and the database may be on it."""
    compose = _compose()
    inside = {name for name, each in compose["services"].items() if "data" in each["networks"]}

    assert compose["networks"]["data"] == {"internal": True}
    assert inside == {"app1", "app2", "db", "primary", "standby"}


def test_the_volumes_of_compose_can_be_exchanged() -> None:
    """As the guide does after a failover: a server starts on what its volume holds, whichever it is."""
    services = _compose()["services"]
    held = {name: services[name]["volumes"][0] for name in ("primary", "standby")}
    promoted = deploy_guide.text()

    assert held == {name: f"{name}:/var/lib/postgresql/data" for name in held}
    assert all(f"`{volume}`" in promoted for volume in held.values())
    assert services["primary"]["image"] == services["standby"]["image"]


def test_the_guide_stops_the_old_primary_before_it_promotes() -> None:
    """And no line of it brings the old one back before the volumes were exchanged."""
    typed = [words[4:] for words in deploy_guide.lines_of("docker") if words[1] == "compose"]
    failover = typed[typed.index(["stop", "primary"]) :]
    verbs = [words[0] for words in failover]

    assert failover[1] == ["exec", "--user", "postgres", "standby", "pg_ctl", "promote"]
    assert set(verbs[: verbs.index("down")]) == {"stop", "exec"}


def test_both_lists_of_processes_read_alike() -> None:
    """But for the addresses, so that a change of one is a change of both."""
    own, composed = (
        re.sub(r"server [\d.]+:\d+", "server", re.sub(r"#.*", "", (DEPLOY / name).read_text()))
        for name in ("upstream.conf", "upstream-compose.conf")
    )

    assert own.split() == composed.split()


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
