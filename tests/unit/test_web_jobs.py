"""Jobs of the running server: again and again, whatever went wrong before."""

import asyncio
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.backup_folder import use_folder
from db.backup_plan import mark_of, set_plan
from db.engine import Database, open_engine, reading, writing
from db.jobs import BACKUP
from recovery.backups import BackupPlan, copy_name
from tests.factories import NOW
from web.jobs import Job, jobs, keep_running


def test_a_job_that_fails_is_logged_by_its_kind_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that is not there yet ends nothing, and no text of the error is told."""
    database = Database(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"))
    job = Job(name="counting", every=0.01, work=lambda _database, _now: "")

    async def run_three_times() -> None:
        task = asyncio.create_task(keep_running(database, job))
        while len(caplog.records) < 3:
            assert not task.done()
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    # In a thread of its own: the browser of other tests may hold a loop in this one.
    with caplog.at_level(logging.ERROR), ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(run_three_times(), timeout=30)).result()

    database.engine.dispose()
    told = {record.getMessage() for record in caplog.records}
    assert told == {"The job counting failed: DatabaseUnavailable"}


@pytest.mark.usefixtures("lasting_folders")
def test_the_server_backs_itself_up_when_its_plan_says_so(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Without a plan it makes nothing; a backup asks itself whether it is due."""
    file = shutil.copy(sqlite_template, tmp_path / "mendline.db")
    database = Database(open_engine(f"sqlite:///{file}"))
    [backup] = [job for job in jobs() if job.name == BACKUP]
    assert backup.work(database, NOW) == "not due"
    plan = BackupPlan(hour=2, time_zone="UTC", folder=str(use_folder(str(tmp_path))), keep=1)
    with writing(database) as session:
        set_plan(session, plan)

    assert [backup.work(database, NOW) for _ in range(2)] == ["made", "not due"]

    assert not backup.is_timed
    with reading(database) as session:
        mark = mark_of(session)
    assert [each.name for each in tmp_path.glob("mendline-*.db")] == [copy_name(mark, NOW)]
    database.engine.dispose()
