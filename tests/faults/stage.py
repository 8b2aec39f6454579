"""Where one write after the other is tried and interrupted, each in a clinic of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from db.auth_sessions import start_session
from db.engine import Database, open_engine, writing
from db.models import utc_now
from db.schema import upgrade
from tests.factories import days_ago
from tests.faults.footprint import Footprint, footprint
from tests.faults.nursery import Nursery
from tests.faults.statements import HOOK, Gate
from tests.faults.writes import Write
from tests.screens.screen import Screen
from tests.servers import Server
from tests.small_clinic import SmallClinic, make_small_clinic

PROCEDURE_DAYS_AGO = 8
"""A day on which the weekly questionnaire is open."""

LAST_ON_PAGE = "sign-out"
"""What a page of a patient draws last."""

COMMIT_SECONDS = 10.0
"""Longest wait for a commit that is on its way, generous because two cores are shared."""


@dataclass
class Stage:
    """
    A server that asks before each statement of a write.

    Attributes:
        server: The server.
        database: Its database, to look at what was stored.
        gate: Where it asks.
    """

    server: Server
    database: Database
    gate: Gate
    _clinics: int = 0

    @asynccontextmanager
    async def opened(self, write: Write) -> AsyncIterator["Try"]:
        """Open the page of a write in a new clinic, with everything put in but not pressed."""
        self._clinics += 1
        prefix = f"clinic{self._clinics}-"
        clinic = make_small_clinic(
            self.database, prefix, procedure_date=days_ago(PROCEDURE_DAYS_AGO)
        )
        if write.seed is not None:
            write.seed(self.database, clinic)
        who = write.who(clinic)
        with writing(self.database) as session:
            token = start_session(session, who.account_id, who.role, utc_now())
        async with await Screen.open(self.server.url, token, write.page) as screen:
            tried = Try(self, write, clinic, prefix, screen)
            await tried.begin()
            tried.before = tried.footprint()
            yield tried


@dataclass
class Try:
    """
    One write on one page, about to be pressed.

    Attributes:
        stage: Where.
        write: What.
        clinic: Whose.
        prefix: Begins the names of its people.
        screen: The open page.
        before: What was stored when everything was put in.
    """

    stage: Stage
    write: Write
    clinic: SmallClinic
    prefix: str
    screen: Screen
    before: Footprint = field(default_factory=dict)

    async def begin(self) -> None:
        """Put in what is put in before the press."""
        if self.write.begin is not None:
            await self.write.begin(self.screen, self.clinic)

    async def press(self) -> None:
        """Press, and wait until the page is drawn."""
        await self.screen.press(self.write.button)

    def is_whole(self) -> bool:
        """Tell whether the page stands there from the button to its end."""
        try:
            for name in (self.write.button, LAST_ON_PAGE):
                self.screen.page.find(name)
        except AssertionError:
            return False
        return True

    def footprint(self) -> Footprint:
        """Return what is stored of the clinic now."""
        return footprint(self.stage.database, self.clinic.clinic_id, self.prefix)

    async def seen_until(self, whole: Footprint) -> AsyncIterator[Footprint]:
        """
        Yield what is stored, again and again, until it is *whole* or some seconds have passed.

        Streamlit runs a page that is asked for anew beside the script that it is about to end, so
        the page may be drawn before that script has committed.
        """
        deadline = monotonic() + COMMIT_SECONDS
        while True:
            stored = self.footprint()
            yield stored
            if stored == whole or monotonic() > deadline:
                return
            await asyncio.sleep(0.01)


@contextmanager
def staged(forks: Nursery, folder: Path) -> Iterator[Stage]:
    """Start a server that asks, on an empty database, until the block ends."""
    engine = open_engine(f"sqlite:///{folder / 'mendline.db'}")
    upgrade(engine)
    gate = Gate(folder / "gate")
    settings = {
        "MENDLINE_DATABASE_URL": engine.url.render_as_string(),
        HOOK: str(gate.address),
    }
    with forks.serving(settings) as server:
        yield Stage(server, Database(engine), gate)
    gate.close()
    engine.dispose()
