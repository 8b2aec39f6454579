"""
The power is cut while people save, at any write: nothing that was acknowledged is lost.

A model: what the app says to SQLite with its own engine is recorded and said again on a disk that
keeps what was synced, and of the rest a random part. It cannot show what a real disk does that
answers a sync too early.
"""

import random
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from db.connections import open_engine
from db.engine import Database, writing
from db.events import add_event
from db.reports import save_report
from recovery.reports import Event, EventKind
from tests.factories import NOW, TODAY, saving
from tests.faults.figures import note_figures
from tests.faults.forgetful_disk import ForgetfulDisk, PowerCut
from tests.faults.recorded import Act, Recording, content_heard, content_of, record
from tests.small_clinic import SmallClinic, make_small_clinic

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("frozen_clock")]

SEEDS = 500
WEAKER_SEEDS = 60
FULL_SEEDS = 60
_OFTEN = "PRAGMA wal_autocheckpoint=8"
"""For half of the seeds: the journal is written back every few pages, so cuts fall into that too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    What became of one cut.

    Attributes:
        begun: Acts that were begun.
        acknowledged: Acts that were told to be stored.
        found: Acts that were found; None if what was found is no state between two acts.
    """

    begun: int
    acknowledged: int
    found: int | None


@pytest.fixture(scope="module")
def recording(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Return a few days of a patient, as the app says them to SQLite."""
    file = tmp_path_factory.mktemp("recorded") / "mendline.db"
    shutil.copy(sqlite_template, file)
    made = Database(open_engine(f"sqlite:///{file}"))
    clinic = make_small_clinic(made)
    made.engine.dispose()
    return record(file, _acts(clinic))


def _acts(clinic: SmallClinic) -> list[Act]:
    def save(ago: int, version: int) -> Act:
        def act(database: Database) -> None:
            day = TODAY - timedelta(days=ago)
            press = saving(day=day, expected_version=version, worst_pain_nrs=9 - version)
            with writing(database) as session:
                save_report(session, clinic.own, press)

        return act

    def fall(database: Database) -> None:
        happened = Event(kind=EventKind.FALL, occurred_at=NOW - timedelta(hours=1))
        with writing(database) as session:
            add_event(session, clinic.own, happened, idempotency_key=clinic.clinic_id, now=NOW)

    return [save(2, 0), save(1, 0), fall, save(0, 0), save(1, 1), save(0, 1), save(0, 2)]


def _connect(recording: Recording, disk: ForgetfulDisk, file: Path) -> apsw.Connection:
    file.parent.mkdir()
    file.write_bytes(recording.begin)
    disk.hold(file)
    return apsw.Connection(str(file), vfs=disk.name)


def _say(connection: apsw.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(statement).fetchall()


def _cut(recording: Recording, settings: tuple[str, ...], seed: int, folder: Path) -> Trial:
    """Cut the power at a random step of the recording, and look at what is left."""
    chance = random.Random(seed)
    settings = (*settings, _OFTEN) if seed % 2 else settings
    # The whole of it takes some hundred steps; later ones than the last cut nothing.
    disk = ForgetfulDisk(cut_at=chance.randint(1, _steps(recording, settings, folder)))
    connection = _connect(recording, disk, folder / f"running-{seed}" / "mendline.db")
    begun = acknowledged = 0
    try:
        _say(connection, settings)
        for statements in recording.acts:
            begun += 1
            _say(connection, statements)
            acknowledged += 1
    except PowerCut:
        pass
    left = folder / f"left-{seed}"
    left.mkdir()
    disk.leave(left, chance)
    connection.close()
    disk.unregister()
    state = content_of(left / "mendline.db")
    shutil.rmtree(folder / f"running-{seed}")
    shutil.rmtree(left)
    found = recording.states.index(state) if state in recording.states else None
    return Trial(begun=begun, acknowledged=acknowledged, found=found)


_known_steps: dict[tuple[str, ...], int] = {}


def _steps(recording: Recording, settings: tuple[str, ...], folder: Path) -> int:
    """Count the steps of the whole recording once."""
    if settings not in _known_steps:
        disk = ForgetfulDisk()
        file = folder / f"whole-{len(_known_steps)}" / "mendline.db"
        connection = _connect(recording, disk, file)
        for statements in (settings, *recording.acts):
            _say(connection, statements)
        _known_steps[settings] = disk.steps
        connection.close()
        disk.unregister()
        assert content_of(file) == recording.states[-1]
    return _known_steps[settings]


def _tried(
    recording: Recording, settings: tuple[str, ...], seeds: int, folder: Path
) -> Counter[str]:
    counted: Counter[str] = Counter()
    for seed in range(seeds):
        trial = _cut(recording, settings, seed, folder)
        lost = max(0, trial.acknowledged - trial.found) if trial.found is not None else 0
        counted["tried"] += trial.begun
        counted["acknowledged"] += trial.acknowledged
        counted["lost"] += lost
        counted["half"] += trial.found is None
        counted["cuts that lost"] += lost > 0
        counted["more than begun"] += trial.found is not None and trial.found > trial.begun
    return counted


def _weaker(settings: tuple[str, ...], how: str) -> tuple[str, ...]:
    assert "PRAGMA synchronous=FULL" in settings
    return tuple(each.replace("synchronous=FULL", f"synchronous={how}") for each in settings)


def test_nothing_acknowledged_is_lost(recording: Recording, tmp_path: Path) -> None:
    """Whatever part of the unsynced writes survives, with the settings of the app's engine."""
    counted = _tried(recording, recording.settings, SEEDS, tmp_path)

    figures = note_figures(
        "power cut at a random write, SQLite",
        tried=counted["tried"],
        acknowledged=counted["acknowledged"],
        lost=counted["lost"],
        half=counted["half"],
        remark=f"{SEEDS} cuts",
    )
    assert figures.acknowledged > SEEDS
    assert (figures.lost, figures.half, counted["more than begun"]) == (0, 0, 0)


@pytest.mark.parametrize("how", ["NORMAL", "OFF"])
def test_the_model_bites(recording: Recording, tmp_path: Path, how: str) -> None:
    """With settings that wait for fewer syncs it finds reports gone, and files damaged."""
    counted = _tried(recording, _weaker(recording.settings, how), WEAKER_SEEDS, tmp_path)

    note_figures(
        f"the same with synchronous={how}, which we do not use",
        tried=counted["tried"],
        acknowledged=counted["acknowledged"],
        lost=counted["lost"],
        half=counted["half"],
        remark=f"{WEAKER_SEEDS} cuts, {counted['cuts that lost']} of them lost something",
    )
    assert counted["lost"] > 0
    assert (counted["half"] > 0) is (how == "OFF")


def test_a_disk_that_is_full_for_a_while(recording: Recording, tmp_path: Path) -> None:
    """Each press is refused whole or stored whole, reading goes on, and a later press succeeds."""
    counted: Counter[str] = Counter()
    for seed in range(FULL_SEEDS):
        counted += _filled(recording, seed, tmp_path)

    figures = note_figures(
        "disk full at a random write for a while, SQLite",
        tried=counted["tried"],
        acknowledged=counted["acknowledged"],
        lost=counted["lost"],
        half=counted["half"],
        remark=f"{counted['refused']} presses refused, each then stored at another press",
    )
    assert counted["refused"] >= FULL_SEEDS / 2
    assert (figures.lost, figures.half) == (0, 0)
    assert figures.acknowledged == FULL_SEEDS * len(recording.acts)


def _filled(recording: Recording, seed: int, folder: Path) -> Counter[str]:
    chance = random.Random(seed)
    first = chance.randint(1, _steps(recording, recording.settings, folder))
    disk = ForgetfulDisk(full=range(first, first + chance.randint(1, 40)))
    file = folder / f"full-{seed}" / "mendline.db"
    connection = _connect(recording, disk, file)
    counted: Counter[str] = Counter()
    _say(connection, recording.settings)
    for number, statements in enumerate(recording.acts):
        while not _pressed(connection, statements):
            counted["refused"] += 1
            counted["tried"] += 1
            counted["half"] += _heard(connection) != recording.states[number]
        counted["tried"] += 1
        counted["acknowledged"] += 1
        counted["lost"] += _heard(connection) != recording.states[number + 1]
    connection.close()
    disk.unregister()
    counted["lost"] += content_of(file) != recording.states[-1]
    return counted


def _pressed(connection: apsw.Connection, statements: tuple[str, ...]) -> bool:
    try:
        _say(connection, statements)
    except apsw.FullError:
        # As SQLAlchemy does; SQLite may have done so itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return False
    return True


def _heard(connection: apsw.Connection) -> str:
    return content_heard(lambda statement: connection.execute(statement).fetchall())
