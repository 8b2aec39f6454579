"""The plan of backups: who sets it, and whose copies are whose."""

import json
import re
from pathlib import Path

import pytest
from sqlmodel import col, select

from db.backup import back_up
from db.backup_job import back_up_when_due
from db.backup_plan import (
    change_plan,
    find_plan,
    mark_of,
    plan_of,
    remove_plan,
    sets_plan,
)
from db.engine import Database, open_engine, reading, writing
from db.models import AuditRow
from recovery.access import grant_admin
from recovery.errors import InvalidEntry
from tests.db.backups.plans import names_in, plan_for, store_plan
from tests.factories import NOW
from tests.small_clinic import SmallClinic

pytestmark = pytest.mark.usefixtures("lasting_folders")


def test_an_administrator_sets_it_for_the_only_clinic(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    """It is noted with what it was before; the same again is no change."""
    access = grant_admin(clinic.administrator)
    for plan in (plan_for(folder), plan_for(folder), plan_for(folder, hour=3)):
        with writing(database) as session:
            assert sets_plan(session, access)
            change_plan(session, access, plan)

    with reading(database) as session:
        stored = find_plan(session, access)
        noted = session.exec(
            select(AuditRow)
            .where(AuditRow.action == "backups.planned")
            .order_by(col(AuditRow.number))
        ).all()
    assert stored is not None
    assert stored.plan == plan_for(folder, hour=3)
    assert [(row.actor_id, row.clinic_id) for row in noted] == [
        (clinic.administrator.account_id, clinic.clinic_id)
    ] * 2
    assert (json.loads(noted[1].old), json.loads(noted[1].new)) == ({"hour": 2}, {"hour": 3})


def test_of_several_clinics_none_chooses_for_the_others(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic, folder: Path
) -> None:
    """Whoever runs the server does, and that is noted in nobody's chain."""
    for each in (clinic, other_clinic):
        access = grant_admin(each.administrator)
        with writing(database) as session:
            assert not sets_plan(session, access)
            with pytest.raises(InvalidEntry, match="whoever runs the server"):
                change_plan(session, access, plan_for(folder))

    store_plan(database, plan_for(folder))

    with reading(database) as session:
        assert plan_of(session) is not None
        [noted] = session.exec(select(AuditRow).where(AuditRow.action == "backups.planned"))
    assert (noted.clinic_id, noted.actor_id) == (None, None)


def test_what_cannot_be_is_not_stored(
    database: Database, clinic: SmallClinic, folder: Path
) -> None:
    with pytest.raises(InvalidEntry, match="hour"), writing(database) as session:
        change_plan(session, grant_admin(clinic.administrator), plan_for(folder, hour=24))

    with reading(database) as session:
        assert plan_of(session) is None


def test_a_plan_is_removed_once(database: Database, folder: Path) -> None:
    """Afterwards nothing is made."""
    store_plan(database, plan_for(folder))
    with writing(database) as session:
        remove_plan(session)
    with pytest.raises(InvalidEntry, match="nothing to remove"), writing(database) as session:
        remove_plan(session)

    assert not back_up_when_due(database, NOW)
    assert names_in(folder) == []


def test_the_mark_is_of_the_file_and_its_first_clinic(
    database: Database, clinic: SmallClinic, tmp_path: Path
) -> None:
    """A copy restored elsewhere keeps the plan, and deletes none of the first one's copies."""
    copy = tmp_path / "drill" / "mendline.db"
    copy.parent.mkdir()
    back_up(database, copy)
    drill = Database(open_engine(f"sqlite:///{copy}"))

    with reading(database) as session, reading(drill) as of_the_copy:
        marks = (mark_of(session), mark_of(session), mark_of(of_the_copy))
    drill.engine.dispose()

    assert marks[0] == marks[1] != marks[2]


def test_an_empty_database_has_a_mark_too(database: Database) -> None:
    with reading(database) as session:
        assert re.fullmatch("[0-9a-f]{8}", mark_of(session))
