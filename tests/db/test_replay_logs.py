"""The alert budget's logs: counts of the own clinic alone, for its administrator, audited once."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from db import replay_logs as module
from db.consents import withdraw_consent
from db.replay_logs import Replay, replay_logs
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
    return replay_logs(session, grant_admin(clinic.administrator), _rules, TODAY)


def _per_100(replay: Replay, kind: ReasonKind) -> float:
    return replay.budget(JudgementSettings()).by_kind[kind].per_100_per_week


def test_a_clinic_that_followed_nobody_has_no_budget(session: Session, clinic: SmallClinic) -> None:
    """A procedure that lies ahead, or long ago without a report, is not followed."""
    access = grant_admin(clinic.administrator)

    replay = replay_logs(session, access, _rules, TODAY + timedelta(days=400))

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


def test_one_entry_says_how_many_and_nobody(session: Session, clinic: SmallClinic) -> None:
    """The audit names no patient, and what is handed out holds no key of one."""
    replay = _replay(session, clinic)

    assert acts(session)["judgement.replayed"] == 1
    [noted] = [each for each in entries(session) if each.action == "judgement.replayed"]
    assert (noted.patient_id, noted.subject) == (None, "1")
    assert str(clinic.treating.patient_id) not in repr(vars(replay))
