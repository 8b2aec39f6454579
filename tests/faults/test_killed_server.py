"""The server killed while twenty people save: what was thanked for is stored, and nothing is half."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session, col, select

from db.audit_check import find_break
from db.auth_sessions import start_session
from db.engine import Database, open_engine, reading, writing
from db.models import (
    AuditRow,
    DailyReportRevisionRow,
    DailyReportRow,
    EpisodeStatusRow,
    ReportDraftRow,
    utc_now,
)
from db.patients import current_episode
from db.reports import save_report
from db.schema import upgrade
from recovery.access import PatientAccess, grant_patient
from recovery.days import today_in
from tests import factories
from tests.e2e.steps import SAVED
from tests.faults.figures import note_figures
from tests.faults.nursery import Nursery, kill
from tests.screens.driving import drive
from tests.screens.screen import WAIT_SECONDS, LineBroke, Screen

ROUNDS = 50
WRITERS = 20
UNSAVED = "not saved yet"
LONGEST_PAUSE = 0.1
KILL_AFTER = 8
"""Most thanks of a round before the kill; how many it is differs from round to round."""


@dataclass(slots=True)
class Writer:
    """
    One person who saves again and again.

    Attributes:
        own: Access to the own record.
        token: Of the sign-in.
        screen: The open page.
        typed: The note that was typed last.
        pressed: Notes that stood in the form when Save was pressed.
        thanked: Those whose page said that they are saved.
    """

    own: PatientAccess
    token: str
    screen: Screen | None = None
    typed: str = ""
    pressed: set[str] = field(default_factory=set)
    thanked: set[str] = field(default_factory=set)

    async def write(self, url: str, thanks: "Thanks") -> None:
        """Open the page, or find it again, and save one note after the other until the line breaks."""
        try:
            screen = await self._find_page(url)
            if self.typed and self.typed not in self.thanked:
                # It still stands there, so a person presses, perhaps for the second time.
                await self._save(screen, self.typed, thanks)
            while True:
                self.typed = f"{self.own.actor.display_name} {len(self.pressed)}"
                await screen.set("note", self.typed)
                await self._save(screen, self.typed, thanks)
        except (LineBroke, OSError):
            # The server is gone; what was sent last may be stored or not.
            return

    async def _find_page(self, url: str) -> Screen:
        if self.screen is None:
            self.screen = await Screen.open(url, self.token, "today")
            return self.screen
        await self.screen.reconnect(url)
        if self.typed in self.thanked:
            assert UNSAVED not in self.screen.text(), "a page took its thanks back"
        return self.screen

    async def _save(self, screen: Screen, note: str, thanks: "Thanks") -> None:
        """Press Save, and count the thanks as soon as they can be read, not when the run is over."""
        self.pressed.add(note)
        await screen.send_press("Save")
        while True:
            message = await screen.receive()
            if note not in self.thanked and SAVED in screen.text():
                self.thanked.add(note)
                thanks.one_more()
            if message.WhichOneof("type") == "script_finished":
                return


class Thanks:
    """Counts the thanks of a round, and tells when there are enough."""

    def __init__(self, enough: int) -> None:
        self._left = enough
        self.are_enough = asyncio.Event()

    def one_more(self) -> None:
        """Count one."""
        self._left -= 1
        if self._left <= 0:
            self.are_enough.set()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    """Return a database on a file of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'mendline.db'}")
    upgrade(engine)
    yield Database(engine)
    engine.dispose()


def _make_writers(database: Database) -> list[Writer]:
    writers = []
    with writing(database) as session:
        clinic_id = factories.make_clinic(session)
        clinician = factories.make_clinician_actor(session, clinic_id)
        for number in range(WRITERS):
            access = factories.make_patient(
                session, clinician, procedure_date=factories.days_ago(10), brace_plan=None
            )
            actor = factories.make_patient_actor(session, access, f"writer{number}")
            own = grant_patient(actor, patient_id=access.patient_id, clinic_id=clinic_id)
            now = utc_now()
            today = today_in(factories.ZONE, now)
            # A day that is there already asks for one answer a save, and every save is a version.
            pressed = factories.saving(day=today, today=today, now=now, warning_signs=frozenset())
            save_report(session, own, pressed)
            token = start_session(session, actor.account_id, actor.role, now)
            writers.append(Writer(own, token))
    return writers


async def _rounds(forks: Nursery, database: Database, writers: list[Writer]) -> None:
    dice = Random(20)
    settings = {"MENDLINE_DATABASE_URL": database.engine.url.render_as_string()}
    for _ in range(ROUNDS):
        server = await asyncio.to_thread(forks.start, settings)
        thanks = Thanks(dice.randint(1, KILL_AFTER))
        running = [asyncio.create_task(each.write(server.url, thanks)) for each in writers]
        await asyncio.wait_for(thanks.are_enough.wait(), WAIT_SECONDS)
        # Not always as a thanks is read, when the others may all be waiting for each other.
        await asyncio.sleep(dice.uniform(0, LONGEST_PAUSE))
        kill(server)
        await asyncio.gather(*running)
        assert "Traceback (most recent call last)" not in server.printed(), server.printed()


@pytest.mark.faults
def test_what_was_thanked_for_is_stored_when_the_server_is_killed(
    forks: Nursery, kept: Database
) -> None:
    """Fifty kills under twenty writers: no thanks without its report, and no report in part."""
    writers = _make_writers(kept)
    drive(_rounds(forks, kept, writers))

    lost = half = unthanked = 0
    with reading(kept) as session:
        for writer in writers:
            notes = _stored_notes(session, writer.own)
            lost += len(writer.thanked - set(notes))
            unthanked += len(set(notes) & writer.pressed - writer.thanked)
            half += _halves(session, writer.own, notes)
            assert max(Counter(notes).values()) == 1, "a press was stored twice"
        assert find_break(session).broken is None
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    figures = note_figures(
        f"server killed -9 under {WRITERS} writers, {ROUNDS} rounds",
        tried=sum(len(each.pressed) for each in writers),
        acknowledged=sum(len(each.thanked) for each in writers),
        lost=lost,
        half=half,
        remark=f"{unthanked} stored without thanks",
    )
    assert (figures.lost, figures.half) == (0, 0)
    assert figures.acknowledged >= ROUNDS


def _stored_notes(session: Session, own: PatientAccess) -> list[str]:
    """Return the note of every version of the one report, the first ones first."""
    episode = current_episode(session, own)
    past = session.exec(
        select(DailyReportRevisionRow)
        .where(DailyReportRevisionRow.episode_id == episode.id)
        .order_by(col(DailyReportRevisionRow.version))
    ).all()
    now = session.exec(select(DailyReportRow).where(DailyReportRow.episode_id == episode.id)).one()
    return [*(each.note for each in past), now.note]


def _halves(session: Session, own: PatientAccess, notes: list[str]) -> int:
    """Count versions without what is stored with them: the audit entry, the row, the draft gone."""
    episode = current_episode(session, own)
    report = session.exec(
        select(DailyReportRow).where(DailyReportRow.episode_id == episode.id)
    ).one()
    entries = session.exec(
        select(AuditRow.action).where(
            AuditRow.patient_id == own.patient_id, col(AuditRow.action).startswith("report.")
        )
    ).all()
    status = session.get_one(EpisodeStatusRow, (episode.clinic_id, episode.id))
    draft = session.exec(
        select(ReportDraftRow).where(ReportDraftRow.episode_id == episode.id)
    ).first()
    return sum(
        [
            abs(report.version - len(notes)),
            abs(len(entries) - len(notes)),
            status.last_day != report.day,
            draft is not None and draft.answers.get("note") == report.note,
        ]
    )
