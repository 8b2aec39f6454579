"""What a patient is told about the last days: the gravest thing first, true, kind and plain."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import textstat

from db.looks import Look
from recovery.access import Role
from recovery.days import zone
from recovery.episodes import BracePlan, Episode, Patient
from recovery.judgement.log import LoggedDay, log_of
from recovery.judgement.reasons import Judgement, Reason, ReasonKind, Standing, Unjudged
from recovery.judgement.settings import JudgementSettings
from recovery.reports import DailyReport, Event, EventKind, PainMedicine, StoredReport
from recovery.wording import Language, speaking
from tests.factories import NOW, PROCEDURE_DATE, TODAY, ZONE, new_settings
from tests.unit.content.test_words import (
    AIM,
    EASY,
    FORBIDDEN,
    LIMIT,
    MOST_WORDS,
    READABLE,
    bare,
    sentences,
)
from ui.clinic_reads import look_sentence, looks_since, reads_sentence
from ui.recent_flag import FLAG_DAYS
from ui.recovery_view import Recovery
from ui.standing import Stand, stand_from, stand_of

DAY = timedelta(days=1)
FRIGHTENS = re.compile(
    r"\b(danger\w*|serious\w*|fracture\w*|alarm\w*|normal\w*|bad|you are fine|safe|peligro\w*|"
    r"grave\w*|fractura\w*|normal\w*|está bien|segur[oa])\b",
    re.IGNORECASE,
)


def _report(days_ago: int = 0, **changes: Any) -> StoredReport:
    answers: dict[str, Any] = {"worst_pain_nrs": 5, "average_pain_nrs": 4}
    return StoredReport(
        report=DailyReport(day=TODAY - days_ago * DAY, **answers | changes),
        version=1,
        is_late=False,
        created_at=NOW,
        created_by=uuid4(),
        updated_at=NOW,
        updated_by=uuid4(),
    )


def _ticked(days_ago: int, *signs: str) -> StoredReport:
    return _report(days_ago, warning_signs=frozenset(signs))


def _event(kind: EventKind, days_ago: int = 0, *, is_withdrawn: bool = False) -> Event:
    at = datetime.combine(TODAY - days_ago * DAY, time(9), tzinfo=zone(ZONE))
    return Event(kind=kind, occurred_at=at, pain_nrs=6, is_withdrawn=is_withdrawn)


def _recovery(procedure: str = "kyphoplasty", **changes: Any) -> Recovery:
    episode = Episode(
        episode_id=uuid4(), procedure=procedure, procedure_date=PROCEDURE_DATE, baseline_nrs=8
    )
    patient = Patient(
        patient_id=uuid4(),
        clinic_id=uuid4(),
        name="Rowan Elm",
        date_of_birth=PROCEDURE_DATE.replace(year=1948),
        time_zone=ZONE,
        episode=episode,
    )
    fields: dict[str, Any] = {
        "patient": patient,
        "settings": new_settings(),
        "reports": [_report()],
        "today": TODAY,
    }
    return Recovery(**fields | changes)


def _judged(*kinds: ReasonKind, **changes: Any) -> Judgement:
    reasons = tuple(Reason(kind=kind, first_day=TODAY, last_day=TODAY) for kind in kinds)
    return Judgement(as_of=TODAY, reasons=reasons, **changes)


def _said(recovery: Recovery, judgement: Judgement) -> Stand:
    stand = stand_from(recovery, judgement)
    assert stand is not None
    return stand


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            Standing.LOWER_OR_MIDDLE,
            "Your pain is about what most people report at this point, or less.",
        ),
        (Standing.WIDE, "Your pain is within the wide range of what people report at this point."),
    ],
)
def test_a_level_is_told_as_it_is(standing: Standing, words: str) -> None:
    """In the middle half or better, or within the wide range; nobody is asked to call."""
    assert _said(_recovery(), _judged(standing=standing)) == Stand(words=words)


def test_higher_than_most_is_worth_telling_the_clinic() -> None:
    """With the clinic's number, and no word that judges."""
    stand = _said(_recovery(), _judged(ReasonKind.HIGHER, standing=Standing.HIGHER))

    assert stand.asks_to_call
    assert stand.words.startswith("Your pain is higher than most people report at this point.")
    assert "That is worth telling your clinic." in stand.words
    assert "tel:5550100" in stand.words


GRAVEST_FIRST = (
    ReasonKind.CHANGE,
    ReasonKind.WORSE_AGAIN,
    ReasonKind.HIGHER,
    ReasonKind.NO_RESPONSE,
)


@pytest.mark.parametrize(("graver", "other"), list(pairwise(GRAVEST_FIRST)))
def test_the_gravest_thing_is_told(graver: ReasonKind, other: ReasonKind) -> None:
    """One sentence, and a level that would soothe is left out."""
    both = _judged(other, graver, standing=Standing.LOWER_OR_MIDDLE)

    assert _said(_recovery(), both) == _said(_recovery(), _judged(graver))


@pytest.mark.parametrize("kind", [ReasonKind.CHANGE, ReasonKind.WORSE_AGAIN])
def test_more_pain_than_before_is_a_call_today(kind: ReasonKind) -> None:
    """As soon as for the sign of sudden new pain that the content has for every procedure."""
    stand = _said(_recovery(), _judged(kind))

    assert stand.asks_to_call
    assert "today, if you have not told them yet." in stand.words


@pytest.mark.parametrize(
    "procedure", ["cancer_augmentation", "celiac_plexus", "intrathecal_pump", "medial_branch_block"]
)
def test_without_a_status_none_is_told(procedure: str) -> None:
    """Neither a level nor when one could be told."""
    recovery = _recovery(procedure)

    for judgement in (
        _judged(standing=Standing.LOWER_OR_MIDDLE),
        _judged(ReasonKind.HIGHER, ReasonKind.NO_RESPONSE),
        _judged(unjudged={ReasonKind.HIGHER: Unjudged.TOO_EARLY}),
        _judged(unjudged={ReasonKind.HIGHER: Unjudged.NO_STATUS}),
    ):
        assert stand_from(recovery, judgement) is None


def test_without_a_status_the_own_pattern_is_still_told() -> None:
    """More pain than before is no comparison with others, and matters after a cancer procedure."""
    assert _said(_recovery("cancer_augmentation"), _judged(ReasonKind.CHANGE)).asks_to_call


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Unjudged.TOO_EARLY, "From day 3 on, you can read here"),
        (Unjudged.TOO_FEW, "Log a few more days, and you can read here"),
        (Unjudged.NO_BAND, None),
    ],
)
def test_a_level_that_cannot_be_told_yet(why: Unjudged, words: str | None) -> None:
    """Too early or too few says from when on; without a band nothing is promised."""
    stand = stand_from(_recovery(), _judged(unjudged={ReasonKind.HIGHER: why}))

    assert (stand is None) if words is None else (stand and stand.words.startswith(words))


def test_before_the_procedure_and_with_nothing_logged_nothing_is_told() -> None:
    """There is nothing to tell about."""
    waiting = _recovery(today=PROCEDURE_DATE - DAY, reports=[])

    assert stand_of(waiting, JudgementSettings()) is None
    assert stand_from(_recovery(reports=[]), _judged(ReasonKind.SILENCE)) is None


def test_silence_is_no_blame() -> None:
    """Which day was the last, and that today is a day like any other."""
    stand = _said(_recovery(reports=[_report(6)]), _judged(ReasonKind.SILENCE))

    assert stand == Stand(
        words="Your newest log is from Monday 16 November. You can start again today."
    )


@pytest.mark.parametrize("kind", [ReasonKind.MEDICINE, ReasonKind.BRACE])
def test_medicine_and_brace_stand_beside(kind: ReasonKind) -> None:
    """They say nothing about where a person stands, and take no place from it."""
    stand = _said(_recovery(), _judged(kind, standing=Standing.WIDE))

    assert stand.words == _said(_recovery(), _judged(standing=Standing.WIDE)).words
    assert len(stand.beside) == 1
    assert _said(_recovery(), _judged(kind)).words == ""


@pytest.mark.parametrize(
    ("days_ago", "is_told"), [(0, True), (FLAG_DAYS - 1, True), (FLAG_DAYS, False), (-1, False)]
)
def test_a_ticked_sign_goes_before_all_else(days_ago: int, *, is_told: bool) -> None:
    """For a week, whatever the level; the most urgent of several, with its own advice."""
    recovery = _recovery(reports=[_ticked(days_ago, "fever", "legs", "wound")])

    stand = _said(recovery, _judged(ReasonKind.CHANGE, standing=Standing.LOWER_OR_MIDDLE))

    assert ("new weakness in a leg" in stand.words) is is_told
    assert ("tel:911" in stand.words) is is_told
    assert stand.asks_to_call


@pytest.mark.parametrize(("days_ago", "is_asked"), [(1, False), (2, True)])
def test_after_a_day_a_sign_may_be_dealt_with(days_ago: int, *, is_asked: bool) -> None:
    """Nobody is told day after day to call about what is over."""
    stand = _said(_recovery(reports=[_ticked(days_ago, "fever")]), _judged())

    assert ("If it is still there, or comes back: Call" in stand.words) is is_asked


def test_a_sign_of_another_version_is_told_too() -> None:
    """What this version has no words for is a call all the same."""
    stand = _said(_recovery(reports=[_ticked(0, "unheard_of")]), _judged())

    assert "a warning sign. Call the clinic" in stand.words


def test_sudden_pain_has_the_advice_of_the_procedure() -> None:
    """As at the press that recorded it; taken back, it is told no more."""
    pain = _event(EventKind.SUDDEN_PAIN)
    recorded = _recovery(events=[pain])
    taken_back = _recovery(events=[_event(EventKind.SUDDEN_PAIN, is_withdrawn=True)])

    said = _said(recorded, _judged(ReasonKind.CHANGE)).words

    assert "you told us: sudden new pain. Call the clinic" in said
    assert "Do not lift or bend until you have talked." in said
    assert stand_from(taken_back, _judged()) is None


def test_a_fall_is_told_unless_the_days_speak_louder() -> None:
    """Alone it asks to call if it hurts; with more pain since, the call is for today."""
    fell = _recovery(events=[_event(EventKind.FALL, 1)])

    alone = _said(fell, _judged(ReasonKind.HIGHER, standing=Standing.HIGHER)).words

    assert "you told us: a fall. If it hurts more, or in a new place: Call" in alone
    assert _said(fell, _judged(ReasonKind.CHANGE)) == _said(_recovery(), _judged(ReasonKind.CHANGE))


def test_without_a_telephone_the_words_still_read_well() -> None:
    """A clinic that gave no number is named as one."""
    silent = _recovery(settings=new_settings(phone=""))

    assert "Call the clinic today, if" in _said(silent, _judged(ReasonKind.CHANGE)).words


def test_the_log_that_is_judged_holds_every_answer() -> None:
    """Oldest first, with the hours planned for the day; what was not answered is not a zero."""
    plan = BracePlan(hours_per_day=6, from_date=PROCEDURE_DATE, to_date=TODAY - DAY)
    episode = Episode(
        episode_id=uuid4(),
        procedure="kyphoplasty",
        procedure_date=PROCEDURE_DATE,
        baseline_nrs=8,
        brace_plan=plan,
    )
    full = _report(
        1,
        brace_hours=5.5,
        medicine=PainMedicine.BOTH,
        medicine_times=3,
        warning_signs=frozenset({"fever"}),
    )

    log = log_of(episode, [_report().report, full.report])

    assert (log.procedure_date, log.baseline_nrs) == (PROCEDURE_DATE, 8)
    assert log.days == (
        LoggedDay(
            day=TODAY - DAY,
            pod=9,
            pain_nrs=4,
            worn_hours=5.5,
            planned_hours=6,
            medicine=PainMedicine.BOTH,
            medicine_times=3,
            warning_signs=frozenset({"fever"}),
        ),
        LoggedDay(day=TODAY, pod=10, pain_nrs=4),
    )


@pytest.mark.parametrize(
    ("reading_days", "words"),
    [
        (0, "Your clinic reads your answers at your next visit at the latest."),
        (0b001_0101, "Your clinic reads new answers on Monday, Wednesday, and Friday."),
        (0b100_0000, "Your clinic reads new answers on Sunday."),
        (0b111_1111, "Your clinic reads new answers every day."),
    ],
)
def test_when_the_clinic_reads_is_told_as_it_said(reading_days: int, words: str) -> None:
    """By name; where it said nothing, nothing but the visit is promised."""
    assert reads_sentence(new_settings(reading_days=reading_days)) == words


def test_weekdays_are_named_in_spanish() -> None:
    """Listed, since "on Mondays" would need another form of each name."""
    with speaking(Language.SPANISH):
        said = reads_sentence(new_settings(reading_days=0b010_0001))

    assert said == "Su clínica lee las respuestas nuevas estos días: lunes y sábado."


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.CLINICIAN, "A clinician from your clinic looked at your chart on Saturday 21"),
        (Role.ASSISTANT, "An assistant from your clinic looked at your chart on Saturday 21"),
        (Role.ADMINISTRATOR, "Somebody from your clinic looked at your chart on Saturday 21"),
    ],
)
def test_a_look_is_told_with_its_day(role: Role, words: str) -> None:
    """In the patient's own calendar: two in the morning in London is still the day before."""
    at = NOW.replace(hour=2)
    look = Look(by_name="Dr. Elm", role=role, at=at, in_emergency=False)

    said = look_sentence(look, new_settings(reading_days=1), ZONE)

    assert said == f"{words} November."


def test_without_a_look_it_is_told_when_the_clinic_reads() -> None:
    """Nobody is said to have looked who did not."""
    settings = new_settings(reading_days=1)

    assert look_sentence(None, settings, ZONE) == reads_sentence(settings)
    assert looks_since(NOW) == NOW - 14 * DAY


EVERY_SENTENCE = 19
"""How many different things these modules can say."""


def _everything_said() -> Iterator[str]:
    """Speak every sentence of these modules."""
    numbers = new_settings(phone="", emergency_number="")
    plain = _recovery(settings=numbers)
    for kind in ReasonKind:
        stand = stand_from(plain, _judged(kind))
        if stand is not None:
            yield from (stand.words, *stand.beside)
    for standing in Standing:
        stand = stand_from(plain, _judged(standing=standing))
        yield stand.words if stand else ""
    for why in Unjudged:
        stand = stand_from(plain, _judged(unjudged={ReasonKind.HIGHER: why}))
        yield stand.words if stand else ""
    for event_kind in EventKind:
        recorded = _recovery(settings=numbers, events=[_event(event_kind, 3)])
        stand = stand_from(recorded, _judged())
        yield stand.words if stand else ""
    for reading_days in (0, 1, 0b111_1111):
        yield reads_sentence(new_settings(reading_days=reading_days))
    for role in Role:
        look = Look(by_name="", role=role, at=NOW, in_emergency=False)
        yield look_sentence(look, new_settings(), ZONE)


@pytest.mark.parametrize("spoken", Language)
def test_no_sentence_blames_or_frightens_and_all_are_plain(spoken: Language) -> None:
    """By the gates of the content: short, easy by two formulas, and without a word that judges."""
    textstat.set_lang(spoken)
    with speaking(spoken):
        said = [each for each in dict.fromkeys(_everything_said()) if each]
    whole = "\n".join(bare(each) for each in said)

    assert len(said) == EVERY_SENTENCE
    for each in (part for text in said for part in sentences(text)):
        assert len(each.split()) <= MOST_WORDS, each
        assert not FORBIDDEN[spoken].search(each), each
        assert not FRIGHTENS.search(each), each
    if spoken is Language.ENGLISH:
        assert max(textstat.flesch_kincaid_grade(whole), textstat.coleman_liau_index(whole)) <= AIM
        assert all(textstat.flesch_kincaid_grade(bare(each)) <= LIMIT for each in said)
    else:
        assert textstat.crawford(whole) <= AIM
        assert textstat.fernandez_huerta(whole) >= EASY
        assert all(textstat.fernandez_huerta(bare(each)) >= READABLE for each in said)
