"""No page reads a table that grows from end to end, on either engine."""

from pathlib import Path

import pytest

from db.engine import Database, writing
from db.reports import save_report
from recovery.access import Actor, Role
from tests.factories import saving
from tests.pages.opening import HOMES, PAGE_FILES, app_of, roles_of, sign_in
from tests.plans import partitions_read, recorded, whole_reads
from tests.small_clinic import SmallClinic
from ui.review_list import OPEN_PATIENT

_FOLDERS = sorted({Path(page).parts[0] for page in PAGE_FILES})
WHOLE = {
    "SELECT auth_session.id": "an administrator's list of everybody who is signed in",
    "SELECT count(*) AS count_1  FROM emergency_access": "an administrator's count; an emergency is rare",
}
"""Statements that may read all that a clinic has in a table, by their beginning, with why."""


@pytest.mark.parametrize("folder", _FOLDERS)
def test_pages_find_their_rows_by_an_index(
    database: Database, clinic: SmallClinic, folder: str
) -> None:
    """Every page of a folder, opened by somebody whom it is for, with something to show."""
    with writing(database) as session:
        save_report(session, clinic.own, saving())
    actors = {each.role: each for each in (clinic.patient, clinic.clinician, clinic.administrator)}
    with recorded(database.engine) as sent:
        for page in PAGE_FILES:
            if Path(page).parts[0] == folder:
                _open(database, clinic, page, actors)

    found = whole_reads(database.engine, sent)
    assert sent
    assert {each: step for each, step in found.items() if not _may_be_whole(each)} == {}
    if database.engine.dialect.name == "postgresql":
        assert partitions_read(database.engine, sent) == {}


def _open(database: Database, clinic: SmallClinic, page: str, actors: dict[Role, Actor]) -> None:
    actor = next(actors[role] for role in actors if role in roles_of(page))
    app = app_of(sign_in(database, actor))
    app.session_state[OPEN_PATIENT] = str(clinic.treating.patient_id)
    if page != HOMES[actor.role]:
        app.switch_page(page)
    app.run()
    assert not app.exception, [each.value for each in app.exception]


def _may_be_whole(statement: str) -> bool:
    return any(statement.replace("\n", " ").startswith(each) for each in WHOLE)
