"""How many patients of the review list have which reason."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from db.assignments import seen_by, sees_all
from db.models import AssignmentRow, EpisodeReasonRow, EpisodeStatusRow
from recovery.access import ClinicAccess
from recovery.judgement.reasons import ReasonKind
from recovery.review import MAX_COUNTED

_KIND: Any = col(EpisodeReasonRow.kind)
_EPISODE: Any = col(EpisodeReasonRow.episode_id)
_OF_CLINIC = col(EpisodeReasonRow.clinic_id) == sa.bindparam("clinic_id", type_=sa.Uuid())


def _capped(kind: ReasonKind) -> Any:
    found = sa.select(_EPISODE).where(_OF_CLINIC, kind == _KIND).limit(MAX_COUNTED + 1).subquery()
    return sa.select(sa.literal(kind.value), sa.func.count()).select_from(found)


# Put together once: building it costs more than asking it.
_ALL = sa.union_all(*(_capped(kind) for kind in ReasonKind))


def count_reasons(
    session: Session, access: ClinicAccess, *, is_mine: bool = False
) -> dict[ReasonKind, int]:
    """
    Count the patients whom the actor may see by each kind of their open alerts, not snoozed ones.

    Counted up to one more than ``MAX_COUNTED``, from an index, so that neither the size of the
    clinic nor a long list of forgotten alerts shows. Kinds that nobody has are left out.

    Args:
        session: A session.
        access: Of the clinic's treating staff.
        is_mine: Count only those whom the actor looks after by name.
    """
    counted = _ALL
    if is_mine:
        counted = _of_panel(access)
    elif not sees_all(session, access.clinic_id):
        counted = _of_seen(access)
    rows = session.connection().execute(counted, {"clinic_id": access.clinic_id})
    counts = {ReasonKind(kind): int(count) for kind, count in rows if kind is not None}
    return {kind: min(counts[kind], MAX_COUNTED + 1) for kind in ReasonKind if counts.get(kind)}


def _of_panel(access: ClinicAccess) -> Any:
    """Ask for each patient of the actor's own; whoever looks after somebody may see them."""
    status, mine = EpisodeStatusRow, AssignmentRow
    patients = select(mine.patient_id).where(
        mine.clinic_id == access.clinic_id, mine.account_id == access.actor.account_id
    )
    episodes = (
        sa.select(col(status.episode_id))
        .where(col(status.clinic_id) == access.clinic_id, col(status.patient_id).in_(patients))
        .cte("panel")
        .prefix_with("MATERIALIZED")
    )
    # An outer join keeps the panel first: without statistics all reasons would be read.
    found = episodes.outerjoin(
        EpisodeReasonRow, sa.and_(_OF_CLINIC, episodes.c.episode_id == _EPISODE)
    )
    return sa.select(_KIND, sa.func.count()).select_from(found).group_by(_KIND)


def _of_seen(access: ClinicAccess) -> Any:
    """Ask of each reason whether the actor may see whose it is: reasons are fewer than patients."""
    status = EpisodeStatusRow
    is_seen = (
        select(status.episode_id)
        .where(
            status.clinic_id == access.clinic_id,
            status.episode_id == _EPISODE,
            seen_by(access.actor, col(status.patient_id)),
        )
        .correlate(EpisodeReasonRow)
        .exists()
    )
    return sa.select(_KIND, sa.func.count()).where(_OF_CLINIC, is_seen).group_by(_KIND)
