"""The code of an empty database: one for every process, sealed, and gone with the first clinic."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from db.engine import Database, writing
from db.models import SignInFlowRow
from db.secret_key import KEY_VARIABLE
from db.set_up_code import LASTS, forget_set_up_code, is_set_up_code, set_up_code
from db.sign_in_flows import begin_flow, take_flow
from recovery.errors import DatabaseUnavailable
from tests.db.acts import all_at_once
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def test_without_a_code_nothing_is_one(session: Session) -> None:
    """Neither an empty entry nor the name of the row opens a database that has none."""
    for typed in ("", "-", "set-up code"):
        assert not is_set_up_code(session, typed, NOW)


def test_every_start_prints_the_same_code(session: Session) -> None:
    code = set_up_code(session, NOW)

    assert set_up_code(session, NOW + LASTS - SECOND) == code
    assert is_set_up_code(session, code, NOW)
    assert is_set_up_code(session, f" {code.lower().replace('-', ' ')} ", NOW)
    assert not is_set_up_code(session, code[:-1], NOW)
    assert not is_set_up_code(session, "", NOW)


def test_processes_that_start_at_once_agree(database: Database) -> None:
    def start(_number: int) -> str:
        with writing(database) as session:
            return set_up_code(session, NOW)

    assert len(set(all_at_once(start, 8))) == 1


def test_a_code_that_nobody_used_in_its_time_is_replaced(session: Session) -> None:
    code = set_up_code(session, NOW)
    later = NOW + LASTS

    assert not is_set_up_code(session, code, later)
    assert set_up_code(session, later) != code


def test_it_ends_with_the_set_up(session: Session) -> None:
    code = set_up_code(session, NOW)
    forget_set_up_code(session)

    assert not is_set_up_code(session, code, NOW)


def test_the_database_does_not_show_it(session: Session) -> None:
    code = set_up_code(session, NOW)
    [row] = session.exec(select(SignInFlowRow)).all()

    for shown in (code, code.replace("-", "")):
        assert shown not in row.model_dump_json()


def test_no_browser_takes_it_away(session: Session) -> None:
    """Whatever id it sends is hashed, and sign-ins that begin and end leave it."""
    code = set_up_code(session, NOW)
    for sent in ("set-up code", code):
        assert take_flow(session, "set-up code", sent, NOW) is None
    begin_flow(session, "passkey", {}, NOW)

    assert is_set_up_code(session, code, NOW)


def test_another_processs_key_is_refused_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not read what this one seals, so it must not start beside it."""
    set_up_code(session, NOW)
    monkeypatch.setenv(KEY_VARIABLE, "another-key-" * 5)

    with pytest.raises(DatabaseUnavailable, match="does not fit"):
        set_up_code(session, NOW)
