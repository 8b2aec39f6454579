"""A throw-away demo clinic in a temporary folder."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from content.shelf import rules_for
from db import schema
from db.engine import Database, open_engine
from db.sweep import sweep
from recovery.days import today_in


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """A demo database and the folder that goes with it."""

    database: Database
    folder: Path

    def remove(self) -> None:
        """Close the database and delete its folder."""
        self.database.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


_opened: list[DemoClinic] = []


def open_demo() -> Database:
    """
    Make a demo clinic as of today and return its database.

    Raises:
        DatabaseUnavailable: If it cannot be made here.
    """
    # Imported when asked for: a clinic's own server never needs it.
    from db.demo import fill_demo  # noqa: PLC0415
    from db.demo_alerts import work_off_days, work_off_events  # noqa: PLC0415
    from db.demo_people import DEMO_ZONE  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="mendline-demo-"))
    database = Database(open_engine(f"sqlite:///{folder / 'demo.db'}"), is_demo=True)
    _opened.append(DemoClinic(database, folder))
    schema.upgrade(database.engine)
    now = datetime.now(UTC)
    fill_demo(database, today_in(DEMO_ZONE, now))
    work_off_events(database, now)
    # Judged before anybody looks, so that the list stands from the first moment.
    sweep(database, rules_for, now)
    work_off_days(database, now)
    # What nobody touched for a day goes to the second clinician, as on any server.
    sweep(database, rules_for, now)
    return database


def remove_demos() -> None:
    """Delete every demo clinic that this process made."""
    while _opened:
        _opened.pop().remove()
