"""Made-up recoveries for briefs: drawn by dice, the same for the same number."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from recovery.alerts import Alert, AlertState
from recovery.brief import Record, brief_of
from recovery.episodes import BracePlan, Episode, Patient
from recovery.expectations import BandLimits
from recovery.judgement.reasons import (
    Judgement,
    OwnLevel,
    Reason,
    ReasonKind,
    Standing,
    Unjudged,
)
from recovery.reports import DailyReport, Event, EventKind, PainMedicine, StoredReport
from recovery.visits import VisitQuestion
from tests.factories import NOW, PROCEDURE_DATE, TODAY, ZONE
from ui.brief_words import BriefText, brief_text

NOBODY = UUID(int=0)
SIGNS = ["fever", "chest_pain", "no_such_sign"]
"""The second is the most urgent; the last, nobody knows."""


def report(day: date, worst: int = 5, average: int = 3, **answers: Any) -> StoredReport:
    """Return a stored report about *day*."""
    return StoredReport(
        report=DailyReport(day=day, worst_pain_nrs=worst, average_pain_nrs=average, **answers),
        version=1,
        is_late=False,
        created_at=NOW,
        created_by=NOBODY,
        updated_at=NOW,
        updated_by=NOBODY,
    )


def event(kind: EventKind, day: date, **fields: Any) -> Event:
    """Return an event at noon in New York on *day*."""
    at = datetime(day.year, day.month, day.day, 17, 0, tzinfo=UTC)
    pain = 5 if kind is EventKind.PAIN_READING else None
    filled: dict[str, Any] = {"kind": kind, "occurred_at": at, "pain_nrs": pain}
    return Event(**filled | fields)


def question(text: str, days_ago: int = 0, *, by_carer: bool = False) -> VisitQuestion:
    """Return a question asked *days_ago* days before ``NOW``."""
    return VisitQuestion(
        question_id=uuid4(),
        text=text,
        asked_at=NOW - timedelta(days=days_ago),
        asked_by=NOBODY,
        is_by_proxy=by_carer,
    )


def alert(
    kind: ReasonKind,
    days_ago: int = 0,
    state: AlertState = AlertState.NEW,
    *,
    holds: bool = True,
    **values: Any,
) -> Alert:
    """Return an alert made *days_ago* days before ``NOW``, about that day and the two before it."""
    day = TODAY - timedelta(days=days_ago)
    first_day = day if kind.is_recorded else day - timedelta(days=2)
    return Alert(
        alert_id=uuid4(),
        reason=Reason(kind=kind, first_day=first_day, last_day=day, values=values),
        state=state,
        version=1,
        settings_version=0,
        holds=holds,
        opened_at=NOW - timedelta(days=days_ago),
    )


def episode(**changes: Any) -> Episode:
    """Return a kyphoplasty ten days ago with a brace."""
    fields: dict[str, Any] = {
        "episode_id": UUID(int=1),
        "procedure": "kyphoplasty",
        "procedure_date": PROCEDURE_DATE,
        "treated_levels": ("L1",),
        "baseline_nrs": 8,
        "brace_plan": BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE),
    }
    return Episode(**fields | changes)


def patient(of: Episode, name: str = "Rowan Elm") -> Patient:
    """Return the person whose episode it is."""
    return Patient(
        patient_id=UUID(int=2),
        clinic_id=UUID(int=3),
        name=name,
        date_of_birth=date(1948, 3, 9),
        time_zone=ZONE,
        episode=of,
    )


def record(**changes: Any) -> Record:
    """Return an empty log of ``episode`` on ``TODAY``, changed as asked."""
    fields: dict[str, Any] = {
        "episode": episode(),
        "time_zone": ZONE,
        "today": TODAY,
        "last_visit": None,
        "judgement": Judgement(as_of=TODAY),
        "limits": None,
        "expects_reports": True,
    }
    return Record(**fields | changes)


def text(of: Record, name: str = "Rowan Elm") -> BriefText:
    """Return the words of a brief of a kyphoplasty."""
    return brief_text(brief_of(of), patient(of.episode, name), "Kyphoplasty")


def line(of: BriefText, label: str) -> str:
    """Return the line of a brief with this label."""
    [found] = [each.text for each in of.lines if each.label == label]
    return found


def drawn_record(number: int) -> Record:
    """Return a made-up recovery, from empty to one with far too much to say."""
    dice = Random(number)
    pod = dice.choice([-3, 0, 1, 6, 7, 10, 100, 400])
    begins = TODAY - timedelta(days=pod)
    days = [begins + timedelta(days=each) for each in range(pod + 1) if dice.random() < 0.7]
    much = dice.randrange(4)
    return record(
        episode=episode(
            procedure_date=begins,
            treated_levels=tuple(["T12", "L1", "L2", "L3", "L4", "L5"][: dice.randrange(7)]),
            baseline_nrs=dice.choice([None, 0, 8]),
            brace_plan=BracePlan(hours_per_day=7.5, from_date=begins) if much > 1 else None,
        ),
        last_visit=begins + timedelta(days=pod // 2) if pod > 1 and dice.random() < 0.5 else None,
        judgement=_judgement(dice),
        limits=BandLimits(mean=3.1, p10=0.8, p25=1.7, p75=4.2, p90=6.2) if much else None,
        expects_reports=dice.random() < 0.8,
        reports=[_drawn_report(dice, day) for day in days] if much else [],
        events=[
            event(dice.choice(list(EventKind)), TODAY - timedelta(days=each))
            for each in range(much * 6)
        ],
        alerts=[_drawn_alert(dice, each * dice.choice([1, 100])) for each in range(much * 4)],
        questions=[
            question(_words(dice), dice.randrange(3), by_carer=dice.random() < 0.4)
            for _ in range(dice.choice([0, 1, 2, 12]))
        ],
    )


def _judgement(dice: Random) -> Judgement:
    has_level = dice.random() < 0.7
    level = OwnLevel(now_nrs=3.43, best_nrs=2.86, best_day=TODAY - timedelta(days=400))
    return Judgement(
        as_of=TODAY,
        level=level if has_level else OwnLevel(),
        standing=dice.choice([None, *Standing]),
        unjudged={ReasonKind.HIGHER: dice.choice(list(Unjudged))},
    )


def _drawn_alert(dice: Random, days_ago: int) -> Alert:
    kind, state = dice.choice(list(ReasonKind)), dice.choice(list(AlertState))
    signs = dice.sample(SIGNS, dice.randint(1, 3))
    values = {"signs": signs} if kind is ReasonKind.WARNING_SIGN else {}
    return alert(kind, days_ago, state, holds=dice.random() < 0.5, **values)


def _drawn_report(dice: Random, day: date) -> StoredReport:
    average = dice.randrange(9)
    medicine = dice.choice([None, *PainMedicine])
    taken = medicine not in {None, PainMedicine.NONE}
    return report(
        day,
        worst=average + dice.randrange(3),
        average=average,
        brace_hours=dice.choice([None, 0, 6.5]),
        medicine=medicine,
        medicine_times=dice.choice([None, 1, 12]) if taken else None,
        warning_signs=frozenset(dice.sample(SIGNS, 2)) if dice.random() < 0.2 else frozenset(),
    )


def _words(dice: Random) -> str:
    letters = dice.choice(["a ", "ab", "why # ", "\U0001f9b4 ", "مرحبا "])
    return (letters * 300)[: dice.randrange(1, 300)].strip() or "a"
