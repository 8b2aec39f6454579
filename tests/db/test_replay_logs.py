"""The alert budget's logs: counts of the own clinic alone, for its administrator, audited once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from db import replay_logs as module
from db.consents import give_consent, withdraw_consent
from db.models import ClinicRow
from db.replay_logs import Replay, note_replay, read_logs
from db.reports import save_report
from recovery.access import grant_admin
from recovery.judgement.reasons import ReasonKind
from recovery.judgement.rules import ProcedureRules
from recovery.judgement.settings import JudgementSettings
from tests.db.acts import acts, entries
from tests.factories import NOW, RULES, TODAY, make_patient, saving
from tests.small_clinic import SmallClinic

SIGN = frozenset({"fever"})


def _rules(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
    return RULES


def _replay(session: Session, clinic: SmallClinic) -> Replay:
    return read_logs(session, grant_admin(clinic.administrator), TODAY).replay(_rules)


def _per_100(replay: Replay, kind: ReasonKind) -> float:
    return replay.budget(JudgementSettings()).by_kind[kind].per_100_per_week


def test_a_clinic_that_followed_nobody_has_no_budget(session: Session, clinic: SmallClinic) -> None:
    """A procedure that lies ahead, or long ago without a report, is not followed."""
    access = grant_admin(clinic.administrator)

    replay = read_logs(session, access, TODAY + timedelta(days=400)).replay(_rules)

    assert (replay.patients, replay.of, replay.is_sample) == (0, 0, False)
    assert replay.budget(JudgementSettings()).in_all is None


def test_the_own_clinics_days_are_counted(
    session: Session, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """Ten days of silence and a ticked sign of one patient; another clinic's is not counted."""
    save_report(session, other_clinic.own, saving(warning_signs=SIGN))
    ahead = TODAY + timedelta(days=1)
    make_patient(session, clinic.clinician, name="Ash", procedure_date=ahead, brace_plan=None)

    silent = _replay(session, clinic)

    assert (silent.patients, silent.of) == (1, 1)
    assert _per_100(silent, ReasonKind.WARNING_SIGN) == 0
    # One alert of one patient in the eleven days from the procedure up to today.
    assert _per_100(silent, ReasonKind.SILENCE) == pytest.approx(100 * 7 / 11)

    save_report(session, clinic.own, saving(warning_signs=SIGN))

    assert _per_100(_replay(session, clinic), ReasonKind.WARNING_SIGN) == pytest.approx(700 / 11)


def test_whoever_withdrew_is_not_silent(session: Session, clinic: SmallClinic) -> None:
    """As in the sweep: no report is expected after the consent was taken back."""
    withdraw_consent(session, clinic.own, NOW)

    assert _per_100(_replay(session, clinic), ReasonKind.SILENCE) == 0


def test_a_large_clinic_is_sampled(
    session: Session, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more are looked at than stated, and the interval says that others were not."""
    monkeypatch.setattr(module, "MOST_PATIENTS", 3)
    for number in range(5):
        make_patient(session, clinic.clinician, name=f"Ash {number}")

    replay = _replay(session, clinic)

    assert (replay.patients, replay.of, replay.is_sample) == (3, 6, True)
    signs = replay.budget(JudgementSettings()).by_kind[ReasonKind.WARNING_SIGN]
    assert signs.low == signs.per_100_per_week == 0 < signs.high


def test_whoever_agreed_again_is_silent(session: Session, clinic: SmallClinic) -> None:
    """One consent in force is enough."""
    withdraw_consent(session, clinic.own, NOW)
    give_consent(session, clinic.own, "again", NOW)

    assert _per_100(_replay(session, clinic), ReasonKind.SILENCE) > 0


def test_consents_are_read_in_one_query(session: Session, clinic: SmallClinic) -> None:
    """However many patients were drawn."""
    for number in range(3):
        make_patient(session, clinic.clinician, name=f"Ash {number}")
    session.flush()
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    replay = _replay(session, clinic)
    sa.event.remove(connection, "before_cursor_execute", note)

    assert replay.patients == 4
    assert sum("FROM consent" in each for each in asked) == 1


def test_the_rules_follow_the_clinics_setting(session: Session, clinic: SmallClinic) -> None:
    """They are asked for by the procedure, after everything was read."""
    session.get_one(ClinicRow, clinic.clinic_id).shares_augmentation_curve = True
    asked: list[tuple[str, bool]] = []

    def rules_of(procedure_id: str, *, shares_augmentation_curve: bool) -> ProcedureRules:
        asked.append((procedure_id, shares_augmentation_curve))
        return RULES

    drawn = read_logs(session, grant_admin(clinic.administrator), TODAY)
    assert asked == []
    drawn.replay(rules_of)

    assert asked == [("kyphoplasty", True)]


def test_one_entry_says_how_many_and_nobody(session: Session, clinic: SmallClinic) -> None:
    """The audit names no patient, and what is handed out holds no key of one."""
    access = grant_admin(clinic.administrator)
    drawn = read_logs(session, access, TODAY)
    assert "judgement.replayed" not in acts(session)

    note_replay(session, access, len(drawn.logs))

    [noted] = [each for each in entries(session) if each.action == "judgement.replayed"]
    assert (noted.patient_id, noted.subject) == (None, "1")
    assert str(clinic.treating.patient_id) not in repr(drawn)
    assert str(clinic.treating.patient_id) not in repr(vars(drawn.replay(_rules)))
