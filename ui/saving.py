"""Saving a report: one press, one transaction, no Streamlit in between."""

from datetime import date
from uuid import uuid4

from db.drafts import drop_draft, keep_draft
from db.engine import Session, act, reading
from db.patients import own_access
from db.reports import Saving, find_report, save_report
from recovery.access import Actor
from recovery.errors import RecoveryError, StaleEntry
from recovery.reports import PartialReport, StoredReport
from ui.clock import now
from ui.own_record import OwnRecord
from ui.procedure import rules_of
from ui.report_state import FormState, Kept, Outcome, after_save
from ui.said import bare


def press_save(record: OwnRecord, actor: Actor, day: date, kept: Kept) -> None:
    """
    Store what stands in the form of *day*, and keep what came of it; refused, it is a draft.

    Args:
        record: Whose, as of now.
        actor: Who presses, asked anew.
        day: The day the answers are about.
        kept: Where the form's state is kept.

    After a refusal because of another saved version, the next press replaces that one.
    """
    pressed = kept.state
    stored, refusal = _try_to_save(record, actor, day, kept)
    kept.outcome = Outcome(
        answers=pressed.latest,
        revision=pressed.revision,
        today=record.today,
        stored=stored,
        refusal=refusal,
    )


def _try_to_save(
    record: OwnRecord, actor: Actor, day: date, kept: Kept
) -> tuple[StoredReport | None, RecoveryError | None]:
    """Return what is stored now, if it is known, and why the answers were refused, if they were."""
    answers = kept.state.latest
    try:
        stored = _save(record, actor, (day, answers), kept.state)
    except StaleEntry as refusal:
        keep_answers(actor, day, answers, kept)
        winner = _find(actor, day)
        kept.change(expected_version=0 if winner is None else winner.version, press=uuid4())
        return winner, bare(refusal)
    except RecoveryError as refusal:
        keep_answers(actor, day, answers, kept)
        return None, bare(refusal)
    after_save(kept, answers, stored.version)
    return stored, None


def keep_answers(actor: Actor, day: date, answers: PartialReport, kept: Kept) -> None:
    """Keep changed answers about *day* as a draft, so that a lost connection loses none."""
    kept.change(latest=answers)
    if answers == kept.state.kept:
        return
    try:
        at = now()
        act(
            lambda session: keep_draft(session, own_access(session, actor), day, answers, at),
            is_keyed=True,
        )
    except RecoveryError:
        # The answers still stand in the form; the next change tries again.
        return
    kept.change(kept=answers)


def _find(actor: Actor, day: date) -> StoredReport | None:
    with reading() as session:
        return find_report(session, own_access(session, actor), day)


def _save(
    record: OwnRecord, actor: Actor, entry: tuple[date, PartialReport], state: FormState
) -> StoredReport:
    day, answers = entry
    report = answers.complete(day)
    rules = rules_of(record.patient.episode, record.settings)
    saving = Saving(
        report=report,
        expected_version=state.expected_version,
        idempotency_key=state.press,
        today=record.today,
        now=now(),
        rules=rules,
    )

    def store(session: Session) -> StoredReport:
        access = own_access(session, actor)
        stored = save_report(session, access, saving)
        drop_draft(session, access, day)
        return stored

    return act(store, is_keyed=True)
