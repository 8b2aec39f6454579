"""What the operating guide tells people to type and look for is there."""

import re
import shlex
import subprocess

import pytest

from db.__main__ import command_line
from db.addresses import read_address
from tests import deploy_guide
from tests.sources import ROOT, python_files, tracked_files

DATABASE = re.compile(r"(?:python -m db|mendline-db|run --rm db)(?: ([^|;&\n]+))?")
VARIABLE = re.compile(r"\b(?:MENDLINE|STREAMLIT)_[A-Z_]+\b")
POSTGRES = re.compile(r"postgres(?:ql)?://[^\s'\"`]*")
STANDBYS = re.compile(r"synchronous_standby_names *= *'([^']*)'")
IN_REPOSITORY = ("deploy/", "docs/", "db/", "web/", "tests/")
# Written by benchmarks on the machine that is measured.
MADE_LATER = {"docs/figures/"}
PROGRAMS = {
    "cd", "chmod", "chown", "cp", "createdb", "createuser", "curl", "docker", "export", "git", "install", "journalctl",
    "ln", "mendline-db", "mkdir", "nginx", "pg_basebackup", "pg_dump", "pg_restore", "pip", "printf", "psql", "set", "umask", "sync", "mv", "find",
    "python3", "runuser", "systemd-run", "systemctl", "useradd", "uv", ".venv/bin/python",
}  # fmt: skip


def _database_commands() -> list[list[str]]:
    places = [*deploy_guide.shell_blocks(), *deploy_guide.quoted()]
    found = [rest for place in places for rest in DATABASE.findall(place)]
    return [shlex.split(rest) for rest in found if rest]


def test_every_command_of_the_database_is_one() -> None:
    """Its verb and each of its options, with values that can be read."""
    commands = _database_commands()

    for words in commands:
        command_line().parse_args(words)
    assert {words[0] for words in commands} >= {
        "upgrade", "check", "audit", "backup", "restore", "backup-plan", "move", "create-admin",
        "forget-codes", "provider",
    }  # fmt: skip


def test_a_command_that_is_none_is_found() -> None:
    """The test above can fail."""
    for words in (["backup", "--every", "day"], ["fail-over"]):
        with pytest.raises(Exception, match="no command here"):
            command_line().parse_args(words)


def test_every_file_of_the_guide_is_there() -> None:
    """In its sentences, its commands and its links."""
    named = [word for place in deploy_guide.quoted() for word in place.split()]
    named += [word for words in deploy_guide.lines() for word in words]
    ours = {name for name in named if name.startswith(IN_REPOSITORY)} - MADE_LATER
    linked = set(re.findall(r"\]\(([^)#]+)\)", deploy_guide.text()))

    assert len(ours) > 10
    assert sorted(name for name in ours if not (ROOT / name).exists()) == []
    assert sorted(name for name in linked if not (ROOT / "docs" / name).exists()) == []


def test_every_variable_of_the_guide_is_read() -> None:
    """By the app, or by Streamlit, whose own ones the units and the README name."""
    sources = "".join(file.read_text("utf-8") for file in python_files("db", "web"))
    sources += (ROOT / "deploy" / "systemd" / "mendline@.service").read_text("utf-8")
    named = set(VARIABLE.findall(deploy_guide.text()))

    assert len(named) > 8
    assert sorted(name for name in named if name not in sources) == []


def test_only_known_programs_are_called() -> None:
    """And what they are given is shell: a slip of the pen is seen here first."""
    called = {words[0] for words in deploy_guide.lines()}

    assert called - PROGRAMS == set()
    for block in deploy_guide.shell_blocks():
        read = subprocess.run(
            ["sh", "-n"], input=block, text=True, capture_output=True, check=False
        )
        assert (read.returncode, read.stderr) == (0, ""), block


def test_addresses_and_figures_of_the_guide_are_those_of_the_app() -> None:
    """Doors for whoever watches, and names of figures."""
    web = "".join(file.read_text("utf-8") for file in python_files("web"))
    doors = {place for place in deploy_guide.quoted() if re.fullmatch(r"/[a-z]+", place)}
    figures = {
        place for place in deploy_guide.quoted() if re.fullmatch(r"mendline(_[a-z]+)+", place)
    }

    assert doors >= {"/healthz", "/readyz"}
    assert figures
    assert sorted(name for name in doors | figures if name not in web) == []


def test_the_packages_are_installed_as_in_the_container() -> None:
    """Pinned and hashed, by one line in three places."""
    said = " ".join(
        (ROOT / "deploy" / "Containerfile").read_text("utf-8").replace("\\\n", " ").split()
    )
    [first, *others] = [words for words in deploy_guide.lines_of("uv") if words[1] == "pip"]

    assert others == [first] * len(others)
    assert others
    options = [word for word in first if word.startswith("--") and word != "--python"]
    assert all(option in said for option in options)
    assert "--require-hashes" in options


def test_the_shorthand_runs_as_the_services_do() -> None:
    """The same user, settings, key and folder, so that what it does is what they see."""
    unit = (ROOT / "deploy" / "systemd" / "mendline@.service").read_text("utf-8")
    script = (ROOT / "deploy" / "systemd" / "mendline-db.sh").read_text("utf-8")
    settings = dict(re.findall(r"(?m)^(User|Group|EnvironmentFile|WorkingDirectory)=(.*)$", unit))
    wanted = [
        f"--uid={settings['User']}",
        f"--gid={settings['Group']}",
        f"--property=EnvironmentFile={settings['EnvironmentFile']}",
        *(
            f"--setenv={each}"
            for each in re.findall(r"(?m)^Environment=((?:HOME|MENDLINE)[^%\n]*)$", unit)
        ),
    ]

    assert len(wanted) == 5
    assert [each for each in wanted if each not in script] == []
    assert f'release=$(cd -P "${{RELEASE:-{settings["WorkingDirectory"]}}}" && pwd)' in script


def test_what_the_service_needs_is_there_before_it_is_called() -> None:
    """Its folder, which systemd makes for the unit alone, and a Python that it may read."""
    typed = deploy_guide.lines()
    first = next(number for number, words in enumerate(typed) if words[0] == "mendline-db")
    made = ["install", "-d", "-o", "mendline", "-g", "mendline", "-m", "700", "/var/lib/mendline"]
    venvs = [number for number, words in enumerate(typed) if words[:2] == ["uv", "venv"]]

    assert made in typed[:first]
    assert len(venvs) == 2
    for number in venvs:
        making, _, trying = typed[number : number + 3]
        assert making[2:4] == ["--python", "/usr/bin/python3.11"]
        assert trying[:5] == ["runuser", "-u", "mendline", "--", ".venv/bin/python"]


def test_a_drill_can_be_done_with_what_an_older_version_made() -> None:
    """Its folder may be there already, and the tables are brought up before they are judged."""
    drills = [
        block for block in deploy_guide.shell_blocks() if "drill" in block and "check" in block
    ]

    assert len(drills) == 2
    for drill in drills:
        assert drill.index("restore") < drill.index("db upgrade") < drill.index("db check")
        assert "mkdir" not in drill


def test_a_folder_that_the_service_may_write_is_named_once() -> None:
    """What is allowed to it is what is waited for, and what is tried."""
    [block] = [each for each in deploy_guide.shell_blocks() if "ReadWritePaths" in each]
    named = re.findall(r"(?:RequiresMountsFor|ReadWritePaths)=([\w/]+)", block)

    assert len(named) == 3
    assert len(set(named)) == 1
    assert block.index("daemon-reload") < block.index("systemctl restart mendline@")


@pytest.mark.parametrize("place", ["docs/deploy.md", "deploy/systemd/mendline.env"])
def test_the_secret_key_is_nobody_elses_from_its_first_byte(place: str) -> None:
    """Its file is made with its owner and its mode before anything is in it."""
    text = (ROOT / place).read_text("utf-8")
    made = text.index("install -o mendline -g mendline -m 400 /dev/null /etc/mendline/secret.key")

    assert made < text.index("> /etc/mendline/secret.key")


@pytest.mark.parametrize(
    "place", ["docs/deploy.md", "docs/scaling.md", "deploy/systemd/mendline.env"]
)
def test_every_address_of_a_database_asks_who_answers(place: str) -> None:
    """Encrypted, and by a certificate with the server's name."""
    addresses = POSTGRES.findall((ROOT / place).read_text("utf-8"))

    assert addresses
    for address in addresses:
        assert read_address(address).parameters["sslmode"] == "verify-full"


def test_each_standby_is_named() -> None:
    """With a star, whatever connects counts as one, and may be asked for all that was saved."""
    texts = [deploy_guide.text(), (ROOT / "docs" / "scaling.md").read_text("utf-8")]
    texts += [file.read_text("utf-8") for file in sorted((ROOT / "deploy").rglob("*.*"))]
    named = [said for text in texts for said in STANDBYS.findall(text)]

    assert "standby" in named
    assert [said for said in named if "*" in said] == []


def test_the_guide_is_found_from_where_people_begin() -> None:
    """The README links it, the units name it, and it is kept by git."""
    assert "docs/deploy.md" in tracked_files()
    assert "](docs/deploy.md)" in (ROOT / "README.md").read_text("utf-8")
