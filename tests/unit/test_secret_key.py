"""The secret key: made once for its owner alone, and what it sealed opens with it alone."""

import stat
from pathlib import Path

import pytest

from db.sealing import seal, unseal
from db.secret_key import FILE_VARIABLE, KEY_VARIABLE, MIN_LENGTH, secret_file, secret_keys
from recovery.errors import DatabaseUnavailable
from tests.db.acts import all_at_once
from tests.sources import ROOT

KEYS = ["a" * MIN_LENGTH, "b" * MIN_LENGTH]


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return where the key would be kept; the environment gives none."""
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return tmp_path / "settings" / "mendline" / "secret.key"


def test_the_first_start_makes_a_key_for_its_owner_alone(file: Path) -> None:
    """256 random bits, nobody else can read it, and the next start finds the same."""
    made = secret_keys()

    assert len(made[0]) >= MIN_LENGTH
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert secret_keys() == made


def test_ten_starts_at_once_agree(file: Path) -> None:
    """One key is kept, and no draft of another stays behind."""
    keys = all_at_once(lambda _which: secret_keys()[0], 10)

    assert set(keys) == set(secret_keys())
    assert list(file.parent.iterdir()) == [file]


def test_the_key_lies_outside_the_source_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the tree with its database does not carry it along."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    assert not secret_file().is_relative_to(ROOT)


def test_a_key_that_others_can_read_is_refused(file: Path) -> None:
    """The sentence names the file and what to do."""
    secret_keys()
    file.chmod(0o640)

    with pytest.raises(DatabaseUnavailable, match="chmod 600"):
        secret_keys()


@pytest.mark.parametrize("text", ["", "short", f"{'a' * MIN_LENGTH},short"])
def test_a_short_key_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, file: Path, text: str
) -> None:
    """Whether it stands in the file or in the environment; the sentence does not show it."""
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="ascii")
    file.chmod(0o600)
    with pytest.raises(DatabaseUnavailable, match="is not a key"):
        secret_keys()

    if text:
        monkeypatch.setenv(KEY_VARIABLE, text)
        with pytest.raises(DatabaseUnavailable, match=f"^{KEY_VARIABLE} is not a key") as refusal:
            secret_keys()
        assert "aaa" not in str(refusal.value)


def test_a_folder_that_cannot_be_made_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path
) -> None:
    """What is in the way is no traceback."""
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv(FILE_VARIABLE, str(in_the_way / "secret.key"))

    with pytest.raises(DatabaseUnavailable, match="cannot be read or made"):
        secret_keys()


def test_what_is_sealed_opens_for_its_purpose_and_with_its_key_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An old key still opens after a new one was put before it; a foreign one never does."""
    monkeypatch.setenv(KEY_VARIABLE, KEYS[0])
    sealed = seal("the words", "one purpose")
    assert "words" not in sealed

    monkeypatch.setenv(KEY_VARIABLE, f"{KEYS[1]}, {KEYS[0]}")
    assert unseal(sealed, "one purpose") == "the words"
    with pytest.raises(DatabaseUnavailable):
        unseal(sealed, "another purpose")
    monkeypatch.setenv(KEY_VARIABLE, KEYS[1])
    with pytest.raises(DatabaseUnavailable, match="does not fit"):
        unseal(sealed, "one purpose")
