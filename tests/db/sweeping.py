"""A clinic whose alerts and days are looked at by the clock."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import select

from db.alerts import list_alerts
from db.engine import Database, reading, writing
from db.models import EpisodeStatusRow
from db.reports import save_report
from db.sweep import Swept, sweep
from recovery.alerts import Alert
from recovery.judgement.rules import ProcedureRules
from tests.factories import NOW, RULES, saving
from tests.small_clinic import SmallClinic


def rules_of(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
    """Return the rules of the only procedure here."""
    assert (procedure_id, shares_augmentation_curve) == ("kyphoplasty", True)
    # Without a milestone, which would be due between.
    return replace(RULES, judging_day=None)


def sweep_at(database: Database, now: datetime = NOW) -> Swept:
    """Do what is due at an instant."""
    return sweep(database, rules_of, now)


def alerts_of(database: Database, clinic: SmallClinic) -> list[Alert]:
    """Return the alerts of the clinic's patient."""
    with reading(database) as session:
        return list_alerts(session, clinic.treating)


def log_today(database: Database, clinic: SmallClinic, **answers: Any) -> None:
    """Save a report of today."""
    pressed = replace(
        saving(**answers), rules=rules_of("kyphoplasty", shares_augmentation_curve=True)
    )
    with writing(database) as session:
        save_report(session, clinic.own, pressed)


def highest_need(database: Database) -> int:
    """Return the need of the recovery that asks for a look most."""
    with reading(database) as session:
        return max(session.exec(select(EpisodeStatusRow.need)))
