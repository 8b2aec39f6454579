"""The rules of the house, held by walking its files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sources import (
    ROOT,
    calls_in,
    imports_of,
    name_of,
    python_files,
    shown,
    tracked_files,
    tree,
)

APP_FOLDERS = ("pages", "ui", "web", "charts", "exchange", "content", "db", "recovery")
PAGES = [file for file in python_files("pages") if file.parent != ROOT / "pages"]
PAGES = [file for file in PAGES if file.name != "__init__.py"]
PATIENT_MODULES = (
    "briefs",
    "patients",
    "reports",
    "review",
    "review_counts",
    "review_views",
    "events",
    "visit_notes",
    "carers",
    "invitations",
    "assignments",
    "audit_log",
    "clinic_invitations",
    "consents",
    "emergencies",
    "erasure",
    "learning",
    "looks",
    "open_sessions",
    "cohorts",
    "outcomes",
    "own_data",
    "questionnaires",
    "alerts",
    "visit_questions",
    "visits",
    "alert_queue",
    "replay_logs",
)
# The ways to an access, and texts and rows that are handed patient data by whoever has one.
ACCESS_EXEMPT = {
    "fold": "works on a text",
    "name_words": "makes rows of a row in hand",
    "first_status": "makes a row of rows in hand",
    "answers_of": "works on a report in hand",
    "find_offer": "is asked by the holder of a code, who learns the clinic's name alone",
    "redeem": "is asked by the holder of a code, before there is an account",
    "clean_code": "works on a text",
    "sees_all": "tells a setting of a clinic",
    "event_reason": "works on values in hand",
    "let_see": "is part of passing an alert on, which the clock does",
    "end_assignments": "is part of closing an account, which demands an access",
    "scrub": "tidies the file after an erasure, which demands an access",
}
ACCESS_TYPES = ("PatientAccess", "ClinicAccess", "AdminAccess", "Actor")
CACHES_ALLOWED: dict[str, str] = {}
"""Files that may keep something for all sessions, with what it is: never patient data."""

# Written in pieces, so that this file keeps the rule it states.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "files.python" + "hosted",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "registry." + "yarnpkg",
]
MACHINE_PATH = re.compile(
    r"(?<![\w.:/])/(?:home/[a-z][\w-]*/|root/|Users/[A-Za-z][\w-]*/|work" + r"/)"
)


def test_no_page_lies_where_streamlit_would_run_it_by_itself() -> None:
    """Only the script that decides who sees what stands directly in ``pages/``."""
    direct = {file.name for file in (ROOT / "pages").glob("*.py")}

    assert direct <= {"navigation.py", "__init__.py"}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_page_first_says_whom_it_is_for(page: Path) -> None:
    """The first thing a page does is to ask for the actor, whatever ran before it."""
    statements = [node for node in tree(page).body if not _is_preamble(node)]

    assert statements, "a page does something"
    assert _asks_for_actor(statements[0]), "begin with `actor = require_actor(...)`"


@pytest.mark.parametrize("file", python_files(*APP_FOLDERS), ids=shown)
def test_access_is_granted_in_one_place(file: Path) -> None:
    """Only the module that decides makes an access, so each one was decided."""
    made = {name.rpartition(".")[2] for name in calls_in(file)}

    if shown(file) != "recovery/access.py":
        assert not made & {"PatientAccess", "ClinicAccess", "AdminAccess"}


@pytest.mark.parametrize("module", PATIENT_MODULES)
def test_patient_data_is_reached_through_an_access(module: str) -> None:
    """A function that touches patient data cannot be called without an access."""
    bare = [
        function.name
        for function in tree(ROOT / "db" / f"{module}.py").body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and function.name not in ACCESS_EXEMPT
        and not _takes_access(function)
    ]

    assert bare == []


@pytest.mark.parametrize("file", python_files(*APP_FOLDERS), ids=shown)
def test_nothing_of_one_person_is_kept_for_all(file: Path) -> None:
    """Streamlit's caches are shared by everybody, so each use is on a list with its reason."""
    cached = {"cache_data", "cache_resource"} & {
        name_of(node).rpartition(".")[2]
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute | ast.Name)
    }

    if shown(file) not in CACHES_ALLOWED:
        assert not cached


@pytest.mark.parametrize("file", python_files("db", "recovery", "charts", "content"), ids=shown)
def test_streamlit_stays_outside(file: Path) -> None:
    """Whatever is not a screen works without the framework of the screens."""
    assert "streamlit" not in imports_of(file)


@pytest.mark.parametrize("file", [*python_files(*APP_FOLDERS), *ROOT.glob("*.py")], ids=shown)
def test_no_error_is_caught_unseen(file: Path) -> None:
    """Only errors that the code knows are caught; the rest reach the log."""
    caught = [
        name
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler)
        for name in _caught_names(node)
    ]

    assert not {"", "Exception", "BaseException"} & set(caught)


@pytest.mark.parametrize("file", python_files("ui", "pages"), ids=shown)
def test_what_stores_something_is_pressed_in_one_way(file: Path) -> None:
    """``press_button`` and ``press_submit`` do it at another process, too, which ``on_click`` does not."""
    calls = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Call)]

    if {"act", "run_act"} & calls_in(file):
        assert "on_click" not in {each.arg for call in calls for each in call.keywords}


def test_imports_point_inwards() -> None:
    """The contracts in ``pyproject.toml`` hold."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    finished = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("name", tracked_files())
def test_no_file_names_a_registry_or_a_folder_of_one_machine(name: str) -> None:
    """What is committed holds on every machine."""
    text = (ROOT / name).read_bytes().decode("utf-8", errors="ignore")

    assert [host for host in REGISTRY_HOSTS if host in text] == []
    assert MACHINE_PATH.findall(text) == []


def test_the_lock_with_hosts_in_it_stays_out() -> None:
    """``uv.lock`` names a registry's host, so ``requirements.txt`` is committed instead."""
    assert "uv.lock" not in tracked_files()


def test_ci_calls_the_command_of_the_readme() -> None:
    """What the README tells people to run is what is proven."""
    told = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    called = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert "pip install uv && uv run pytest" in told
    assert "uv run pytest || failed+=(pytest)" in called


def _is_preamble(node: ast.stmt) -> bool:
    # A docstring, or a constant with a literal value: neither can show or read anything.
    is_literal = isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Constant)
    return is_literal or isinstance(node, ast.Import | ast.ImportFrom)


def _asks_for_actor(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    return isinstance(value, ast.Call) and name_of(value.func) == "require_actor"


def _takes_access(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    spelled = " ".join(ast.unparse(each.annotation) for each in arguments if each.annotation)
    return any(re.search(rf"\b{kind}\b", spelled) for kind in ACCESS_TYPES)


def _caught_names(handler: ast.ExceptHandler) -> list[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [name_of(kind) for kind in kinds]
