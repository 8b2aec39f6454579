"""Jobs of the running server: again and again, whatever went wrong before."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.engine import Database, open_engine
from web.jobs import Job, keep_running


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
