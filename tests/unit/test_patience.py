"""Waiting for a database that is away: bounded, growing, and for all threads together."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

import db.patience
from db.patience import (
    LONGEST_PAUSE_SECONDS,
    PATIENCE_SECONDS,
    PATIENCE_VARIABLE,
    Outage,
    patience,
    pauses,
)
from recovery.errors import DatabaseUnavailable


class Away:
    """A connection that is refused some times, and a clock that passes with the pauses."""

    def __init__(self, times: int, words: str = "connection refused") -> None:
        self.times = times
        self.words = words
        self.asked = 0
        self.now = 0.0

    def connect(self) -> str:
        """Refuse, or return a word."""
        self.asked += 1
        if self.asked <= self.times:
            raise OperationalError("", {}, psycopg.OperationalError(self.words))
        return "connected"

    def pause(self, seconds: float) -> None:
        """Let the clock pass."""
        self.now += seconds


def _served(monkeypatch: pytest.MonkeyPatch, away: Away) -> Away:
    monkeypatch.setattr(db.patience, "pause_for", away.pause)
    monkeypatch.setattr(db.patience, "monotonic", lambda: away.now)
    return away


@given(seconds=st.floats(0, 300))
def test_pauses_add_up_to_the_patience(seconds: float) -> None:
    """Never more, none is longer than the longest, and all of it is used."""
    drawn = list(pauses(seconds))

    assert sum(drawn) == pytest.approx(seconds)
    assert all(0 < each <= LONGEST_PAUSE_SECONDS for each in drawn)


@pytest.mark.parametrize("text", ["soon", "-1", "301", "nan", "inf"])
def test_a_patience_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence shows one that would do."""
    monkeypatch.setenv(PATIENCE_VARIABLE, text)

    with pytest.raises(DatabaseUnavailable, match=r"from 0 to 300\. Write it like 15"):
        patience()


def test_the_patience_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty setting is none."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "")
    assert patience() == PATIENCE_SECONDS

    monkeypatch.setenv(PATIENCE_VARIABLE, "2.5")
    assert patience() == 2.5


def test_a_short_outage_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one is waited for as long again."""
    outage = Outage()
    for _ in range(3):
        away = _served(monkeypatch, Away(times=8))
        assert outage.wait_out(away.connect) == "connected"
        assert away.asked == 9


def test_a_long_outage_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes after the patience has ended asks once; who comes after the outage waits again."""
    outage = Outage()
    away = _served(monkeypatch, Away(times=10_000))
    with pytest.raises(OperationalError):
        outage.wait_out(away.connect)
    assert PATIENCE_SECONDS - LONGEST_PAUSE_SECONDS <= away.now <= PATIENCE_SECONDS

    away.asked, waited = 0, away.now
    with pytest.raises(OperationalError):
        outage.wait_out(away.connect)
    assert (away.asked, away.now) == (1, waited)

    away.times = away.asked
    assert outage.wait_out(away.connect) == "connected"
    away.times += 3
    assert outage.wait_out(away.connect) == "connected"


def test_without_patience_it_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits where none is set."""
    monkeypatch.setenv(PATIENCE_VARIABLE, "0")
    away = _served(monkeypatch, Away(times=1))

    with pytest.raises(OperationalError):
        Outage().wait_out(away.connect)
    assert (away.asked, away.now) == (1, 0)


@pytest.mark.parametrize("words", ['database "x" does not exist', "password authentication failed"])
def test_a_wrong_address_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Time does not mend it."""
    away = _served(monkeypatch, Away(times=1, words=words))

    with pytest.raises(OperationalError):
        Outage().wait_out(away.connect)
    assert away.asked == 1
