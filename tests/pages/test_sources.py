"""Sources: all of them, once, with what rests on each."""

import pytest

from content.shelf import sources
from db.engine import Database, writing
from db.languages import choose_language
from recovery.wording import Language
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import press, prose
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE = "learn/sources.py"
pytestmark = on_one_engine


@pytest.mark.parametrize("role", ["patient", "carer", "clinician", "administrator"])
def test_every_source_is_listed_once(visit: Visit, clinic: SmallClinic, role: str) -> None:
    """With its address, its place and the day."""
    said = prose(visit(getattr(clinic, role), PAGE))

    lines = [line for line in said.splitlines() if line.startswith("- ")]
    assert len(lines) == len(sources())
    assert all("Read on " in line for line in lines)
    for each in sources().values():
        assert each.address is None or any(f"]({each.address})" in line for line in lines)


def test_those_of_the_own_procedure_come_first(visit: Visit, clinic: SmallClinic) -> None:
    """And each says what rests on it."""
    app = visit(clinic.patient, PAGE)
    own, others = [each.value for each in app.markdown if each.value.startswith("- ")]

    assert [each.value for each in app.header] == [
        "About your procedure",
        "About other procedures",
    ]
    assert "Beall DP" in own
    assert "Kyphoplasty" in own
    assert "What kyphoplasty is" in own
    assert "Kyphoplasty" not in others
    assert "what to expect" in press(app, "Back to Learn").title[0].value


def test_an_unknown_procedure_has_all_sources_in_one_list(visit: Visit, database: Database) -> None:
    """Without headings that would promise the own."""
    app = visit(make_small_clinic(database, procedure="discectomy").patient, PAGE)

    assert not app.header
    assert prose(app).count("Read on ") == len(sources())


def test_sources_are_there_in_spanish(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Citations stay as they were published."""
    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)

    said = prose(visit(clinic.patient, PAGE))

    assert "Sobre su procedimiento" in said
    assert "Beall DP" in said
    assert "Read on" not in said
