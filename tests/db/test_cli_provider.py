"""``python -m db provider``: set, changed and removed from a terminal."""

import getpass
from collections.abc import Callable

import pytest

from db.__main__ import main
from db.cli_provider import SECRET_VARIABLE
from db.engine import Database, reading, writing
from db.providers import find_provider
from tests.factories import make_clinic
from tests.small_clinic import SmallClinic

Run = Callable[..., tuple[int, str, str]]
SET = ("set", "--name", "Oak staff", "--issuer", "https://id.oak.example", "--client-id", "us")
SECRET = "canary-of-the-client-secret-71"


@pytest.fixture
def run(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return a way to run the command, without a terminal to ask at."""

    def nobody_answers(*_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody_answers)
    monkeypatch.setattr(getpass, "getpass", nobody_answers)
    monkeypatch.setenv("MENDLINE_DATABASE_URL", database_url)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["provider", *arguments])
        said, refused = capsys.readouterr()
        return code, said, refused

    return run


def test_a_provider_is_set_and_removed(
    database: Database, clinic: SmallClinic, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret comes from the environment and is printed nowhere."""
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    answer = run(*SET, "--clinic", "Oak Clinic")

    assert answer[0] == 0
    assert ("Oak staff" in answer[1], SECRET in "".join(answer[1:])) == (True, False)
    with reading(database) as session:
        found = find_provider(session, clinic.clinic_id)
    assert found is not None
    assert (found.name, found.issuer, found.client_id, found.secret) == (
        "Oak staff",
        "https://id.oak.example",
        "us",
        SECRET,
    )
    assert run("remove")[0] == 0
    assert run("remove")[2].startswith("This clinic has no provider.")


def test_the_secret_is_asked_for_at_a_terminal(
    database: Database, clinic: SmallClinic, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one nothing is stored."""
    code, _, refused = run(*SET)
    assert (code, SECRET_VARIABLE in refused) == (1, True)

    monkeypatch.setattr(getpass, "getpass", lambda _question: SECRET)
    assert run(*SET)[0] == 0


@pytest.mark.parametrize("arguments", [[], ["show"], ["set", "--secret", "x"], ["set"]])
def test_what_cannot_be_done_is_refused(
    clinic: SmallClinic, run: Run, arguments: list[str]
) -> None:
    """In one sentence; a secret is no option, since others on the machine see those."""
    code, said, refused = run(*arguments)

    assert (code, said, refused.count("\n")) == (1, "", 1)


def test_the_clinic_has_to_be_named_where_there_are_more(
    database: Database, clinic: SmallClinic, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name as it stands there."""
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    with writing(database) as session:
        make_clinic(session, "Elm Clinic")

    assert "more than one" in run(*SET)[2]
    assert "no clinic of that name" in run(*SET, "--clinic", "Ash Clinic")[2]
    assert run(*SET, "--clinic", "Elm Clinic")[0] == 0
