"""What a patient is told about the last days: the gravest thing first, true, kind and plain."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from uuid import uuid4

import pytest
import textstat

from db.looks import Look
from recovery.access import Role
from recovery.episodes import BracePlan, Episode
from recovery.judgement.log import LoggedDay, log_of
from recovery.judgement.reasons import ReasonKind, Standing, Unjudged
from recovery.reports import EventKind, PainMedicine
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
from tests.unit.standings import (
    DAY,
    event,
    found,
    judged,
    judged_today,
    recovery_of,
    report,
    since,
    stand_by,
    told,
)
from ui.clinic_reads import look_sentence, reads_sentence
from ui.standing import Stand, stand_from

FRIGHTENS = re.compile(
    r"\b(danger\w*|serious\w*|fracture\w*|alarm\w*|normal\w*|bad|you are fine|safe|peligro\w*|"
    r"grave\w*|fractura\w*|normal\w*|está bien|segur[oa])\b",
    re.IGNORECASE,
)


def test_higher_than_most_is_worth_telling_the_clinic() -> None:
    """With the clinic's number, and no word that judges."""
    stand = told(recovery_of(), judged(ReasonKind.HIGHER, standing=Standing.HIGHER))

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
    both = judged(other, graver, standing=Standing.LOWER_OR_MIDDLE)

    assert told(recovery_of(), both) == told(recovery_of(), judged(graver))


@pytest.mark.parametrize("kind", [ReasonKind.CHANGE, ReasonKind.WORSE_AGAIN])
def test_more_pain_than_before_is_a_call_today(kind: ReasonKind) -> None:
    """As soon as for the sign of sudden new pain that the content has for every procedure."""
    stand = told(recovery_of(), judged(kind))

    assert stand.asks_to_call
    assert "today, if you have not told them yet." in stand.words


@pytest.mark.parametrize(
    ("better", "words"),
    [
        (-5.0, "Your pain is higher than it was before. Call"),
        (-1.0, "Your pain is higher than it was before. Call"),
        (-1, "Your pain is higher than it was before. Call"),
        (-0.99, "So far, your pain has not eased much. Talk about it at your next visit."),
        (0.0, "So far, your pain has not eased much. Talk about it at your next visit."),
        (1.9, "So far, your pain has not eased much. Talk about it at your next visit."),
    ],
)
def test_no_response_is_told_by_how_the_pain_is_beside_before(better: float, words: str) -> None:
    """A point or more above it asks to call; nobody is told that it is close who has more."""
    stand = told(recovery_of(), found(ReasonKind.NO_RESPONSE, better=better))

    assert stand.words.startswith(words)
    assert stand.asks_to_call is (better <= -1)
    assert ("tel:5550100" in stand.words) is (better <= -1)


def test_much_more_pain_than_before_is_told_from_the_log() -> None:
    """After a procedure with a judging day and without a band: 3 before it, 8 now."""
    pains = dict.fromkeys(range(60), 8)
    recovery = since(TODAY - 60 * DAY, pains, procedure="rfa_sacroiliac", baseline_nrs=3)

    stand = judged_today(recovery)

    assert stand is not None
    assert stand.words.startswith("Your pain is higher than it was before.")


CALLS = (
    (ReasonKind.CHANGE, "Up to then, you had more pain", "today."),
    (ReasonKind.WORSE_AGAIN, "Your pain had eased, and it was higher again by then.", "today."),
    (ReasonKind.HIGHER, "Your pain was higher than most people report at that point.", "is open."),
    (ReasonKind.NO_RESPONSE, "Your pain was higher then than before your", "is open."),
)


@pytest.mark.parametrize(("kind", "words", "end"), CALLS)
@pytest.mark.parametrize(("days_ago", "is_old"), [(0, False), (1, False), (2, True), (6, True)])
def test_an_old_log_is_told_as_of_its_day(
    kind: ReasonKind, words: str, end: str, days_ago: int, *, is_old: bool
) -> None:
    """From two days on, nobody knows how it is now, so the call depends on that."""
    recovery = recovery_of(reports=[report(days_ago)])
    day = "Monday 16" if days_ago > 2 else "Friday 20"

    stand = told(recovery, found(kind, better=-2.0))

    assert stand.asks_to_call
    assert ("If that is still so" in stand.words) is is_old
    assert stand.words.startswith(f"Your newest log is from {day} November. {words}") is is_old
    assert stand.words.endswith(end) is (
        is_old or kind in {ReasonKind.HIGHER, ReasonKind.NO_RESPONSE}
    )


def test_graver_words_go_before_silence() -> None:
    """A jump and then nothing is not told as a pause."""
    recovery = recovery_of(reports=[report(6)])

    silent = told(recovery, judged(ReasonKind.CHANGE, ReasonKind.SILENCE))

    assert silent == told(recovery, judged(ReasonKind.CHANGE))


def test_without_a_status_the_own_pattern_is_still_told() -> None:
    """More pain than before is no comparison with others, and matters after a cancer procedure."""
    assert told(recovery_of("cancer_augmentation"), judged(ReasonKind.CHANGE)).asks_to_call


def test_before_the_procedure_and_with_nothing_logged_nothing_is_told() -> None:
    """There is nothing to tell about."""
    waiting = recovery_of(today=PROCEDURE_DATE - DAY, reports=[])

    assert judged_today(waiting) is None
    assert stand_by(recovery_of(reports=[]), judged(ReasonKind.SILENCE)) is None


def test_silence_is_no_blame() -> None:
    """Which day was the last, and that today is a day like any other."""
    stand = told(recovery_of(reports=[report(6)]), judged(ReasonKind.SILENCE))

    assert stand == Stand(
        words="Your newest log is from Monday 16 November. You can start again today."
    )


def test_who_does_not_agree_is_not_told_to_log() -> None:
    """The day of the newest log is true all the same; what needs more days is not promised."""
    recovery = recovery_of(reports=[report(6)])

    stand = stand_from(recovery, judged(ReasonKind.SILENCE), can_log=False)

    assert stand == Stand(words="Your newest log is from Monday 16 November.")
    for why in Unjudged:
        judgement = judged(unjudged={ReasonKind.HIGHER: why})
        assert stand_from(recovery, judgement, can_log=False) is None


def test_who_does_not_agree_still_reads_what_asks_for_a_call() -> None:
    """And where the level was: what is logged stays."""
    for judgement in (judged(ReasonKind.CHANGE), judged(standing=Standing.WIDE)):
        stand = stand_from(recovery_of(), judgement, can_log=False)

        assert stand == told(recovery_of(), judgement)


def test_prescribed_medicine_is_not_told_as_more() -> None:
    """Who took others before may take fewer now: only what is known is said."""
    [more] = told(recovery_of(), found(ReasonKind.MEDICINE, how="times")).beside
    [new] = told(recovery_of(), found(ReasonKind.MEDICINE, how="prescribed")).beside

    assert more.startswith("You took more pain medicine")
    assert new == (
        "You took prescribed pain medicine in the last days, and none in the days before. "
        "Talk with your clinic about it."
    )


@pytest.mark.parametrize("kind", [ReasonKind.MEDICINE, ReasonKind.BRACE])
def test_medicine_and_brace_stand_beside(kind: ReasonKind) -> None:
    """They say nothing about where a person stands, and take no place from it."""
    stand = told(recovery_of(), judged(kind, standing=Standing.WIDE))

    assert stand.words == told(recovery_of(), judged(standing=Standing.WIDE)).words
    assert len(stand.beside) == 1
    assert told(recovery_of(), judged(kind)).words == ""


def test_without_a_telephone_the_words_still_read_well() -> None:
    """A clinic that gave no number is named as one."""
    silent = recovery_of(settings=new_settings(phone=""))

    assert "Call the clinic today, if" in told(silent, judged(ReasonKind.CHANGE)).words


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
    full = report(
        1,
        brace_hours=5.5,
        medicine=PainMedicine.BOTH,
        medicine_times=3,
        warning_signs=frozenset({"fever"}),
    )

    log = log_of(episode, [report().report, full.report])

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


EVERY_SENTENCE = 28
"""How many different things these modules can say."""


def _everything_said() -> Iterator[str]:
    """Speak every sentence of these modules."""
    numbers = new_settings(phone="", emergency_number="")
    plain = recovery_of(settings=numbers)
    for kind in ReasonKind:
        stand = stand_by(plain, judged(kind))
        if stand is not None:
            yield from (stand.words, *stand.beside)
    yield from told(plain, found(ReasonKind.MEDICINE, how="prescribed")).beside
    yield told(plain, found(ReasonKind.NO_RESPONSE, better=-2.0)).words
    old = replace(plain, reports=[report(6)])
    yield from (told(old, found(kind, better=-2.0)).words for kind, *_ in CALLS)
    first_days = since(TODAY - 5 * DAY, {0: 3})
    for standing, recovery in product(Standing, (plain, first_days)):
        stand = stand_by(recovery, judged(standing=standing))
        yield stand.words if stand else ""
    yield told(since(TODAY - 20 * DAY, {0: 9, 1: 2}), judged(standing=Standing.WIDE)).words
    for why in Unjudged:
        stand = stand_by(plain, judged(unjudged={ReasonKind.HIGHER: why}))
        yield stand.words if stand else ""
    for event_kind in EventKind:
        recorded = recovery_of(settings=numbers, events=[event(event_kind, 3)])
        stand = stand_by(recorded, judged())
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
