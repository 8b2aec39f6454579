"""When the installation backs itself up: one plan, set by its only clinic or at the terminal."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from platform import node
from uuid import UUID

from sqlmodel import Session, col, delete, select

from db.audit import note_act, note_bare_act
from db.jobs import BACKUP
from db.models import ClinicRow, JobRow, utc_now
from db.models.system import ONLY_PLAN, BackupPlanRow
from recovery.access import AdminAccess
from recovery.backups import BackupPlan
from recovery.errors import InvalidEntry

_MARK_SIGNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """The plan, and since when it is this one."""

    plan: BackupPlan
    changed_at: datetime


def sets_plan(session: Session, access: AdminAccess) -> bool:
    """Tell whether the clinic has the installation to itself, so that its choice is nobody else's."""
    clinics = session.exec(select(ClinicRow.id).limit(2)).all()
    return clinics == [access.clinic_id]


def change_plan(session: Session, access: AdminAccess, plan: BackupPlan) -> None:
    """
    Store the plan of an installation with one clinic; the caller commits.

    Raises:
        InvalidEntry: Naming what to change, or where else it is set.
    """
    if not sets_plan(session, access):
        raise InvalidEntry(
            "Several clinics share this database. Ask whoever runs the server to set its backups."
        )
    before = _store(session, plan, access.actor.account_id)
    changed = {name: (before.get(name), value) for name, value in asdict(plan.cleaned()).items()}
    if any(old != new for old, new in changed.values()):
        note_act(session, access.actor, "backups.planned", changed=changed)


def set_plan(session: Session, plan: BackupPlan) -> None:
    """
    Store the plan for whoever runs the server; the caller commits.

    Raises:
        InvalidEntry: Naming what to change.
    """
    before = _store(session, plan, None)
    note_bare_act(
        session,
        "backups.planned",
        clinic_id=None,
        old=json.dumps(before, sort_keys=True) if before else "",
        new=json.dumps(asdict(plan.cleaned()), sort_keys=True),
    )


def remove_plan(session: Session) -> None:
    """
    Make no more backups by itself; copies that are there stay. The caller commits.

    Raises:
        InvalidEntry: If there is no plan.
    """
    row = session.get(BackupPlanRow, ONLY_PLAN)
    if row is None:
        raise InvalidEntry("There is no plan for backups. There is nothing to remove.")
    session.delete(row)
    note_bare_act(session, "backups.stopped", clinic_id=None)


def leave_plan_behind(session: Session) -> bool:
    """
    Forget the plan, and what became of it, in a database that is backed up by other means.

    Returns:
        Whether there was a plan; the caller commits.
    """
    session.exec(delete(JobRow).where(col(JobRow.name) == BACKUP))
    if plan_of(session) is None:
        return False
    remove_plan(session)
    return True


def find_plan(session: Session, access: AdminAccess) -> StoredPlan | None:  # noqa: ARG001 - demanded, so that nobody else asks
    """Return the plan, for the page of an administrator; None without one."""
    return plan_of(session)


def plan_of(session: Session) -> StoredPlan | None:
    """Return the plan, for the server itself; None without one."""
    row = session.get(BackupPlanRow, ONLY_PLAN)
    if row is None:
        return None
    plan = BackupPlan(hour=row.hour, time_zone=row.time_zone, folder=row.folder, keep=row.keep)
    return StoredPlan(plan=plan, changed_at=row.changed_at)


def mark_of(session: Session) -> str:
    """
    Return what the names of this installation's copies are told by.

    It is made from the first clinic, from the name of the machine and from where the file stands
    on it: a copy that was restored elsewhere has the same plan, and must not count the copies of
    the first as its own.
    """
    first = session.exec(select(ClinicRow.id).order_by(col(ClinicRow.id)).limit(1)).first()
    stands = Path(session.get_bind().engine.url.database or "").resolve()
    return sha256(f"{first} {node()} {stands}".encode()).hexdigest()[:_MARK_SIGNS]


def _store(session: Session, plan: BackupPlan, changed_by: UUID | None) -> dict[str, object]:
    """Store the cleaned *plan*, and return what it replaces, empty without one."""
    stored = plan_of(session)
    cleaned = plan.cleaned()
    if stored is None or stored.plan != cleaned:
        session.merge(
            BackupPlanRow(
                id=ONLY_PLAN, changed_at=utc_now(), changed_by=changed_by, **asdict(cleaned)
            )
        )
    return asdict(stored.plan) if stored else {}
