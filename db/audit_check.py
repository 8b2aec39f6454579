"""Whether the audit still says what it said when it was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from db.audit_chain import chain_of, entry_hash
from db.models import AuditHeadRow, AuditRow

_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry of a chain that does not hold, and why in a few words."""

    chain: UUID
    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCheck:
    """How much was looked at until the end, or until the first break."""

    entries: int
    chains: int
    broken: Break | None


def find_break(session: Session) -> AuditCheck:
    """Walk every chain from its first entry, and stop at the first that does not hold."""
    if session.get_bind().dialect.name == "postgresql":
        # Heads and entries as of one instant, also while others go on acting.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    heads = {head.chain: head for head in session.exec(select(AuditHeadRow))}
    chains = sorted({*heads, *session.exec(select(AuditRow.chain).distinct())})
    entries = 0
    for count, chain in enumerate(chains, start=1):
        walked, broken = _walk(session, chain, heads.get(chain))
        entries += walked
        if broken is not None:
            return AuditCheck(entries=entries, chains=count, broken=broken)
    return AuditCheck(entries=entries, chains=len(chains), broken=None)


def _walk(session: Session, chain: UUID, head: AuditHeadRow | None) -> tuple[int, Break | None]:
    walked, previous_hash = 0, ""
    while rows := _following(session, chain, walked):
        for row in rows:
            why = _why_not(row, walked + 1, previous_hash)
            if why is not None:
                return walked, Break(chain=chain, number=walked + 1, why=why)
            walked, previous_hash = row.number, row.hash
    if head is None or (head.number, head.hash) != (walked, previous_hash):
        return walked, Break(chain=chain, number=walked + 1, why="the newest entries are missing")
    return walked, None


def _following(session: Session, chain: UUID, number: int) -> Sequence[sa.Row[Any]]:
    # A part at a time, since a clinic's audit grows for years; as plain values, in two thirds of
    # the time that objects take which could be changed and stored.
    entries = AuditRow.__table__  # type: ignore[attr-defined]
    return (
        session.connection()
        .execute(
            sa.select(entries)
            .where(entries.c.chain == chain, entries.c.number > number)
            .order_by(entries.c.number)
            .limit(_BATCH)
        )
        .all()
    )


def _why_not(row: Any, number: int, previous_hash: str) -> str | None:
    if row.number != number:
        return "an entry is missing"
    if row.previous_hash != previous_hash:
        return "it does not follow the entry before it"
    if row.chain != chain_of(row.clinic_id) or row.hash != entry_hash(row):
        return "it was changed"
    return None
