"""Saving a report: one press, one transaction, no Streamlit in between."""

from dataclasses import dataclass, replace
from datetime import date

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
from ui.report_state import FormState, after_save, keep_state, kept_of, note_latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What came of a press of Save.

    Attributes:
        stored: The report as it stands now; None when nothing could be read.
        refusal: Why the answers were not stored; None when they were.
    """

    stored: StoredReport | None = None
    refusal: RecoveryError | None = None


def press_save(
    record: OwnRecord, actor: Actor, day: date, answers: PartialReport, state: FormState
) -> Outcome:
    """
    Store the answers about *day*; refused, they are kept as a draft.

    Args:
        record: Whose, as of now.
        actor: Who presses, asked anew.
        day: The day the answers are about.
        answers: What stands in the form.
        state: What the form was filled from.

    After a refusal because of another saved version, the next press replaces that one.
    """
    state, kept = note_latest(day, state, answers), kept_of(day)
    try:
        stored = _save(record, actor, (day, answers), state)
    except StaleEntry as refusal:
        keep_answers(actor, day, answers, state)
        with reading() as session:
            winner = find_report(session, own_access(session, actor), day)
        version = winner.version if winner else 0
        keep_state(day, replace(state, kept=answers, expected_version=version))
        return Outcome(stored=winner, refusal=refusal)
    except RecoveryError as refusal:
        keep_answers(actor, day, answers, state)
        return Outcome(refusal=refusal)
    after_save(kept, answers, stored.version)
    return Outcome(stored=stored)


def keep_answers(actor: Actor, day: date, answers: PartialReport, state: FormState) -> None:
    """Keep changed answers about *day* as a draft, so that a lost connection loses none."""
    state, kept = note_latest(day, state, answers), kept_of(day)
    if answers == state.kept:
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
    kept.state = replace(state, kept=answers)


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
