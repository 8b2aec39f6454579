"""The containers of ``deploy/compose.yaml`` fit the app, nginx, and what the guide does with them."""

import re
import subprocess
import sys
from typing import Any

import yaml

from tests import deploy_guide
from tests.nginx import DEPLOY
from tests.sources import ROOT
from web.deployment import Deployment, read_deployment


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def _app() -> dict[str, Any]:
    found: dict[str, Any] = _compose()["services"]["app1"]
    return found


def test_compose_has_its_schema() -> None:
    judged = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
         str(DEPLOY / "compose.yaml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert judged.returncode == 0, judged.stdout + judged.stderr


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
