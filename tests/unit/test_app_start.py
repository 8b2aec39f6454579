"""Starting: which database, which settings, and how a start is refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

import db.engine
from recovery.errors import DatabaseUnavailable
from tests.servers import Server, Way, free_port, started
from tests.sources import tracked_files
from web.demo import remove_demos
from web.deployment import EXPOSED
from web.lifespan import open_served, wants_demo
from web.options import environment_options

ROOT = Path(__file__).parent.parent.parent
STARTS = {
    "python": [sys.executable, "app.py"],
    "streamlit": [sys.executable, "-m", "streamlit", "run", "app.py"],
    "uvicorn": [sys.executable, "-m", "uvicorn", "app:app", "--port", "0"],
}


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS)
def test_a_refused_start_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    """A database that cannot be made ends every way of starting, without a traceback."""
    (tmp_path / "file").write_text("in the way")
    settings = {
        "MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'file' / 'mendline.db'}",
        "STREAMLIT_SERVER_PORT": "0",
    }

    ended = _ended(command, settings)

    assert ended.returncode == 1
    assert "Mendline did not start. The folder" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (STARTS["python"], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}),
        ([*STARTS["python"], "--demo"], {"STREAMLIT_SERVER_ADDRESS": "::"}),
        ([*STARTS["streamlit"], "--server.address", "0.0.0.0"], {}),
        ([*STARTS["uvicorn"], "--host", "0.0.0.0"], {}),
    ],
)
def test_others_are_not_reached_without_tls(
    command: list[str], settings: dict[str, str], tmp_path: Path
) -> None:
    """Every way of starting ends with what to do instead, the demo's too."""
    file = tmp_path / "mendline.db"

    ended = _ended(
        command,
        settings | {"MENDLINE_DATABASE_URL": f"sqlite:///{file}", "STREAMLIT_SERVER_PORT": "0"},
    )

    assert ended.returncode == 1
    assert f"Mendline did not start. {EXPOSED}" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS)
def test_broken_content_is_not_served(command: list[str], tmp_path: Path) -> None:
    """Every way of starting ends with file, line and remedy, before a database is made."""
    copy = _copy(tmp_path / "copy")
    procedure = copy / "content" / "procedures" / "kyphoplasty" / "procedure.yaml"
    procedure.write_text("service: augmentation\nmood: good\n", encoding="utf-8")
    file = tmp_path / "mendline.db"

    ended = _ended(
        command,
        {"MENDLINE_DATABASE_URL": f"sqlite:///{file}", "STREAMLIT_SERVER_PORT": "0"},
        copy,
    )

    assert ended.returncode == 1
    assert "Mendline did not start. Its content has to be mended first:" in ended.stderr
    place = "content/procedures/kyphoplasty/procedure.yaml, line 1: order: Field required. Add it."
    assert place in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not file.exists()


def test_missing_content_is_not_served(tmp_path: Path) -> None:
    """A copy without its content says which folder to look for."""
    copy = _copy(tmp_path / "copy")
    shutil.rmtree(copy / "content" / "procedures")

    ended = _ended(STARTS["python"], {"STREAMLIT_SERVER_PORT": "0"}, copy)

    assert ended.returncode == 1
    assert "content/procedures cannot be read" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("variable", "value"), [("MENDLINE_WITHOUT_TLS", "yes"), ("MENDLINE_LOG", "xml")]
)
def test_a_wrong_deployment_is_one_sentence(tmp_path: Path, variable: str, value: str) -> None:
    """It is refused before a database is made."""
    file = tmp_path / "mendline.db"

    ended = _ended(
        STARTS["uvicorn"], {"MENDLINE_DATABASE_URL": f"sqlite:///{file}", variable: value}
    )

    assert ended.returncode == 1
    assert f"Mendline did not start. {variable} must say" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not file.exists()


@pytest.mark.parametrize("way", list(Way))
def test_no_program_of_this_machine_claims_tls(tmp_path: Path, way: Way) -> None:
    """Whichever server runs us believes it by itself, the more so when told to."""
    port = free_port()
    settings = {
        "MENDLINE_DATABASE_URL": f"sqlite:///{tmp_path / 'mendline.db'}",
        "FORWARDED_ALLOW_IPS": "*",
        "MENDLINE_LOG": "json",
        "MENDLINE_METRICS_PORT": str(port),
    }
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}

    with started(tmp_path, way=way, settings=settings) as server:
        own = httpx.get(f"{server.url}/setup?code=canary", headers=forged)
        foreign = httpx.get(f"{server.url}/healthz", headers={"Host": "evil.example"})
        figures = _fetched(port)

    _check_log(server)
    assert 'mendline_requests_total{route="sign-in",status="200"} 1.0' in figures
    assert 'mendline_ready{check="database"} 1.0' in figures
    assert own.status_code == 200
    assert "strict-transport-security" not in own.headers
    assert foreign.status_code == 400


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["--what"], {}, "unrecognized arguments"),
        ([], {"STREAMLIT_SERVER_PORT": "high"}, "STREAMLIT_SERVER_PORT must be a number"),
    ],
)
def test_a_mistyped_start_says_so(
    arguments: list[str], settings: dict[str, str], words: str
) -> None:
    """A wrong flag or setting ends the start with what is wrong."""
    ended = _ended([sys.executable, "app.py", *arguments], settings)

    assert ended.returncode != 0
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_streamlit_finds_the_application() -> None:
    """``streamlit run app.py`` serves it behind the gate, not as a bare script."""
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_an_empty_database_gets_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first start makes them, the second finds them."""
    monkeypatch.setattr(db.engine, "_current", None)
    file = tmp_path / "folder" / "mendline.db"
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{file}")

    for _ in range(2):
        served = open_served(is_demo=False)
        assert db.engine.current() is served
        served.engine.dispose()
    assert file.is_file()


def test_a_database_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal says what to do, and the database stays as it was."""
    monkeypatch.setenv("MENDLINE_DATABASE_URL", f"sqlite:///{tmp_path / 'mendline.db'}")
    engine = db.engine.open_engine(os.environ["MENDLINE_DATABASE_URL"])
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('future')")
    engine.dispose()

    with pytest.raises(DatabaseUnavailable, match="newer version"):
        open_served(is_demo=False)


def test_a_demo_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands in a folder of its own, which goes when the server stops."""
    monkeypatch.setattr(db.engine, "_current", None)
    served = open_served(is_demo=True)
    file = Path(served.engine.url.database or "")

    assert served.is_demo
    assert file.is_file()
    remove_demos()
    assert not file.parent.exists()


@pytest.mark.parametrize(
    ("arguments", "setting", "is_wanted"),
    [
        ([], "", False),
        ([], "0", False),
        (["--demo"], "", True),
        ([], "1", True),
    ],
)
def test_a_demo_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], setting: str, is_wanted: bool
) -> None:
    """By a flag, or by a variable where the server takes no flags of ours."""
    monkeypatch.setattr(sys, "argv", ["app.py", *arguments])
    monkeypatch.setenv("MENDLINE_DEMO", setting)

    assert wants_demo() is is_wanted


def test_settings_of_the_environment_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed as Streamlit wants them, without the secrets it refuses from here."""
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "8777")
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "false")
    monkeypatch.setenv(
        "STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS", "https://a.example https://b.example"
    )
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "secret")

    assert environment_options() == {
        "server.port": 8777,
        "server.headless": False,
        "server.corsAllowedOrigins": ["https://a.example", "https://b.example"],
    }


def test_settings_are_found_from_anywhere(tmp_path: Path) -> None:
    """Without the headers that name people, everybody would be the same to Streamlit."""
    question = (
        "import app; from streamlit import config;"
        "print(config.get_option('server.trustedUserHeaders'), config.get_option('server.port'))"
    )

    asked = subprocess.run(
        [sys.executable, "-c", question],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_PORT": "8777"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    for header in ("X-Mendline-Account", "X-Mendline-Role", "X-Mendline-Session", "8777"):
        assert header in asked.stdout
    assert asked.stderr == ""


def _fetched(port: int) -> str:
    """Return the figures, once their port is open: shortly after the server's own."""
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        return client.get(f"http://127.0.0.1:{port}/metrics").text


def _check_log(server: Server) -> None:
    """See that each line is JSON, those to whoever started it too, from the first on."""
    events = [json.loads(line)["event"] for line in server.printed().splitlines()]

    assert any(
        event.startswith("No clinic yet. Open the address in a browser;") for event in events
    )
    assert events[0].startswith("Started server process")
    assert "Refused: a request by a strange name, past the proxy, or without encryption." in events
    assert "canary" not in server.printed()


def _copy(folder: Path) -> Path:
    """Copy what a start needs to *folder*, where it may be broken."""
    for name in tracked_files():
        if not name.startswith(("tests/", "docs/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def _ended(
    command: list[str], settings: dict[str, str], folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
