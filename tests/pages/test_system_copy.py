"""The administrator's page says whether pages read from a copy of the database."""

import pytest

import db.engine
from db.engine import Database, current, serve
from db.replica import Replica
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.small_clinic import SmallClinic

_PAGE = "admin/system.py"
_ROW = "Copy to read from"


class _Copy(Replica):
    """A copy that is a number of bytes behind, or none."""

    lag: int | None = 0

    def lag_bytes(self, _written: object) -> int | None:
        """Return that number."""
        return self.lag


def _shown(visit: Visit, clinic: SmallClinic) -> str:
    app = visit(clinic.administrator, _PAGE)
    assert not app.exception
    return "\n".join(each.value for each in app.markdown)


@on_one_engine
def test_without_a_copy_nothing_is_said(visit: Visit, clinic: SmallClinic) -> None:
    """Most clinics have one database."""
    assert _ROW not in _shown(visit, clinic)


@pytest.mark.parametrize(
    ("lag", "words"), [(0, "used, 0 bytes behind"), (1_234_567, "used, 1,234,567 bytes behind")]
)
@on_one_engine
def test_a_copy_that_answers_is_shown_with_its_distance(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch, lag: int, words: str
) -> None:
    """As a number of bytes of log."""
    _with_copy(monkeypatch, lag)

    assert f"**{_ROW}**: {words}" in _shown(visit, clinic)


@on_one_engine
def test_a_copy_that_does_not_answer_is_named(
    visit: Visit, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page opens all the same."""
    _with_copy(monkeypatch, None)

    assert f"**{_ROW}**: not used: it does not answer" in _shown(visit, clinic)


def _with_copy(monkeypatch: pytest.MonkeyPatch, lag: int | None) -> None:
    engine = current().engine
    copy = _Copy(engine)
    monkeypatch.setattr(copy, "lag", lag)
    monkeypatch.setattr("db.machine.written_by", lambda _connection: None)
    monkeypatch.setattr(db.engine, "_current", None)
    serve(Database(engine, replica=copy))
