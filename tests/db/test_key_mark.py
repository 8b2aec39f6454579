"""The mark of the secret key: another key is noticed at the first start, and a key can be changed."""

import threading
from argparse import Namespace
from contextlib import nullcontext
from datetime import timedelta

import pytest

import db.key_mark
import db.sealing
from db.cli_codes import run as forget_codes
from db.engine import Database, reading, serve, writing
from db.key_mark import check_key_of, check_mark
from db.secret_key import KEY_VARIABLE, MIN_LENGTH
from db.sign_in_flows import begin_flow, take_flow
from recovery.errors import DatabaseUnavailable
from tests.db.acts import all_at_once
from tests.factories import NOW
from web.health import CHECKS

OLD, NEW, THIRD = (letter * MIN_LENGTH for letter in "ont")


def _start(database: Database, monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setenv(KEY_VARIABLE, ",".join(keys))
    check_key_of(database)


def test_another_key_is_refused_before_anything_is_sealed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No device, provider or set-up code has to be there for it."""
    for _ in range(2):
        _start(database, monkeypatch, OLD)

    for other in ([NEW], [NEW, THIRD]):
        with pytest.raises(DatabaseUnavailable, match="does not fit this database"):
            _start(database, monkeypatch, *other)
    _start(database, monkeypatch, OLD)


def test_a_key_is_changed_in_steps(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one opens; the one that stands first seals, and then the old one may go."""
    for keys in ([OLD], [OLD, NEW], [OLD]):
        _start(database, monkeypatch, *keys)
    _start(database, monkeypatch, NEW, OLD)

    _start(database, monkeypatch, NEW)
    with pytest.raises(DatabaseUnavailable, match="does not fit"):
        _start(database, monkeypatch, OLD)


def test_of_processes_that_start_at_once_all_have_the_key_of_the_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new database, and when each changes the old key for another."""
    own = threading.local()
    monkeypatch.setattr(db.sealing, "secret_keys", lambda: own.keys)

    def starts(*sets: list[str]) -> int:
        def start(number: int) -> None:
            own.keys = sets[number]
            check_key_of(database)

        return sum(each is None for each in all_at_once(start, len(sets)))

    assert starts([OLD], [NEW], [THIRD], [OLD, "x" * MIN_LENGTH]) in {1, 2}
    with reading(database) as session:
        own.keys = [OLD, NEW, THIRD]
        assert check_mark(session) is not None
    own.keys = [OLD]
    with writing(database) as session:
        db.key_mark.forget_mark(session)
    check_key_of(database)
    assert starts([NEW, OLD], [THIRD, OLD]) >= 1
    after = 0
    for key in (NEW, THIRD, OLD):
        own.keys = [key]
        try:
            check_key_of(database)
        except DatabaseUnavailable:
            continue
        after += 1
    assert after == 1


def test_a_database_that_cannot_be_written_is_checked_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start is not refused for want of a mark, and is for another key."""

    def cannot(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("Read only.")

    with monkeypatch.context() as patched:
        patched.setattr(db.key_mark, "act", cannot)
        _start(database, patched, NEW)
    _start(database, monkeypatch, OLD)
    monkeypatch.setattr(db.key_mark, "act", cannot)

    _start(database, monkeypatch, NEW, OLD)
    with pytest.raises(DatabaseUnavailable, match="does not fit"):
        _start(database, monkeypatch, NEW)


def test_sign_ins_leave_the_mark(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever id a browser sends, and years after."""
    _start(database, monkeypatch, OLD)

    with writing(database) as session:
        for _ in range(2):
            begin_flow(session, "passkey", {}, NOW + timedelta(days=36_500))
        assert take_flow(session, "secret key", "secret key", NOW) is None
        assert check_mark(session) is not None


def test_a_process_whose_key_is_replaced_is_not_ready(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The probe says so, until the key is back."""
    monkeypatch.setattr(db.engine, "_current", None)
    serve(database)
    _start(database, monkeypatch, OLD)
    CHECKS["secret key"]()

    monkeypatch.setenv(KEY_VARIABLE, NEW)
    with pytest.raises(DatabaseUnavailable, match="Put back the key"):
        CHECKS["secret key"]()
    monkeypatch.setenv(KEY_VARIABLE, OLD)
    CHECKS["secret key"]()


def test_a_key_that_is_lost_can_be_replaced(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever runs the server says so; nothing else lets another key in."""
    _start(database, monkeypatch, OLD)
    monkeypatch.setattr("db.cli_codes.ready", lambda: nullcontext(database))

    forget_codes(Namespace(lost_key=True, username=""))

    assert "Forget each code device" in capsys.readouterr().out
    _start(database, monkeypatch, NEW)
    with pytest.raises(DatabaseUnavailable):
        _start(database, monkeypatch, OLD)
