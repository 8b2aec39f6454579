"""The numbers of a brief, and its words: never too many, and nothing left out in silence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.alerts import AlertState
from recovery.brief import BraceWorn, MedicineTaken, SignsTicked, WorstDay, brief_of
from recovery.episodes import BracePlan
from recovery.judgement.reasons import ReasonKind
from recovery.reports import EventKind, PainMedicine
from tests import briefs
from tests.factories import NOW, PROCEDURE_DATE, TODAY
from ui.brief_words import MAX_WORDS, brief_text

WEEK = [TODAY - timedelta(days=back) for back in range(7)]


def test_an_empty_log_says_what_is_missing() -> None:
    """A figure that is not there is said to be missing, never shown as 0."""
    text = briefs.text(briefs.record(episode=briefs.episode(baseline_nrs=None)))

    assert text.title == "Rowan Elm, 78"
    assert text.about == "Kyphoplasty L1, day 10, 22 Nov 2026. Since procedure: 12 Nov."
    assert {each.label: each.text for each in text.lines} == {
        "Now": "too few days logged; before: not known",
        "Best": "too few days logged",
        "Worst": "no day logged",
        "Documented": "no range for this day",
        "Logged": "0 of 10 days",
        "Brace": "no answer",
        "Medicine": "no answer; week before: no answer",
        "Events": "none",
        "Alerts": "none",
    }
    assert [each.text for each in text.quotes] == ["nothing written"]
    assert not text.quotes[0].is_own


def test_a_procedure_that_lies_ahead_expects_no_day() -> None:
    """Somebody is enrolled before it and may have a visit then."""
    ahead = briefs.episode(procedure_date=TODAY + timedelta(days=3), brace_plan=None)

    text = briefs.text(briefs.record(episode=ahead))

    assert "day -3" in text.about
    assert briefs.line(text, "Logged") == "no day expected yet"
    assert briefs.line(text, "Brace") == "none prescribed"


def test_where_no_daily_report_is_expected_none_is_counted_against() -> None:
    """As on the days after a test block."""
    record = briefs.record(expects_reports=False, reports=[briefs.report(TODAY)])

    assert brief_of(record).days_expected is None
    assert briefs.line(briefs.text(record), "Logged") == "1 day"


def test_everything_counts_from_the_last_visit() -> None:
    """That day included; what lies before it belongs to the last brief."""
    visit = TODAY - timedelta(days=3)
    record = briefs.record(
        last_visit=visit,
        reports=[
            briefs.report(visit - timedelta(days=1), worst=10),
            briefs.report(visit, worst=7),
            briefs.report(TODAY, worst=7),
        ],
        events=[
            briefs.event(EventKind.FALL, visit - timedelta(days=1)),
            briefs.event(EventKind.SUDDEN_PAIN, visit),
            briefs.event(EventKind.SUDDEN_PAIN, TODAY),
            briefs.event(EventKind.FALL, TODAY, is_withdrawn=True),
            briefs.event(EventKind.PROCEDURE_DONE, TODAY),
        ],
        questions=[briefs.question("before", 4), briefs.question("after", 3)],
    )

    brief = brief_of(record)

    assert (brief.since, brief.follows_visit) == (visit, True)
    assert brief.worst == WorstDay(TODAY, 7)
    assert (brief.days_logged, brief.days_expected) == (2, 4)
    assert [(each.kind, each.count, each.last_day) for each in brief.happened] == [
        (EventKind.SUDDEN_PAIN, 2, TODAY)
    ]
    assert [each.text for each in brief.questions] == ["after"]
    assert "Since visit: 19 Nov." in briefs.text(record).about


def test_alerts_are_those_made_since_and_those_still_open() -> None:
    """An old one that nobody closed has not gone away; a closed one before the visit has."""
    record = briefs.record(
        last_visit=TODAY - timedelta(days=3),
        alerts=[
            briefs.alert(ReasonKind.SILENCE, 8),
            briefs.alert(ReasonKind.BRACE, 5, AlertState.CLOSED),
            briefs.alert(ReasonKind.FALL, 2, AlertState.CLOSED),
            briefs.alert(ReasonKind.WARNING_SIGN, 1, AlertState.ACTED),
        ],
    )

    kinds = [each.reason.kind for each in brief_of(record).alerts]

    assert kinds == [ReasonKind.WARNING_SIGN, ReasonKind.SILENCE, ReasonKind.FALL]
    assert briefs.line(briefs.text(record), "Alerts") == (
        "2 open of 3: warning sign 21 Nov; no reports since 12 Nov"
    )


def test_the_brace_counts_answered_days_of_the_plan() -> None:
    """Neither a day without an answer nor one outside the plan is worn or missed."""
    plan = BracePlan(hours_per_day=8, from_date=PROCEDURE_DATE, to_date=WEEK[1])
    record = briefs.record(
        episode=briefs.episode(brace_plan=plan),
        reports=[
            briefs.report(WEEK[0], brace_hours=5),
            briefs.report(WEEK[1], brace_hours=8),
            briefs.report(WEEK[2], brace_hours=None),
            briefs.report(WEEK[3], brace_hours=0),
        ],
    )

    assert brief_of(record).brace == BraceWorn(days=2, worn_hours=4, planned_hours=8)
    assert briefs.line(briefs.text(record), "Brace") == "4 of 8 h, 2 days answered"


def test_a_day_without_medicine_is_a_day_of_no_times() -> None:
    """And one that does not say how often is left out of the mean."""
    taken: dict[str, Any] = {"medicine": PainMedicine.PRESCRIBED}
    record = briefs.record(
        reports=[
            briefs.report(WEEK[0], medicine=PainMedicine.NONE),
            briefs.report(WEEK[1], **taken, medicine_times=4),
            briefs.report(WEEK[2], **taken),
            briefs.report(WEEK[3], **taken, medicine_times=2),
            briefs.report(WEEK[4], medicine=PainMedicine.NONE),
            briefs.report(WEEK[5]),
            briefs.report(TODAY - timedelta(days=7), **taken, medicine_times=9),
        ]
    )

    brief = brief_of(record)

    assert brief.medicine == MedicineTaken(answered=5, taken=3, times=1.5)
    assert brief.medicine_before == MedicineTaken(answered=1, taken=1, times=None)
    assert (
        briefs.line(briefs.text(record), "Medicine")
        == "3 of 5 days, 1.5/day; week before: 1 of 1 days"
    )


@pytest.mark.parametrize(("last_day", "words"), [(1, "10 of 10 days"), (0, "11 of 11 days")])
def test_today_is_expected_once_it_is_logged(last_day: int, words: str) -> None:
    """Who logged every day that is over has missed none."""
    reports = [briefs.report(TODAY - timedelta(days=each)) for each in range(last_day, 11)]

    assert briefs.line(briefs.text(briefs.record(reports=reports)), "Logged") == words


@pytest.mark.parametrize(
    ("pod", "words"), [(6, "no answer"), (7, "no answer; week before: no answer")]
)
def test_the_week_before_is_left_out_before_the_procedure(pod: int, words: str) -> None:
    """Nobody was asked then."""
    begun = briefs.episode(procedure_date=TODAY - timedelta(days=pod))

    assert briefs.line(briefs.text(briefs.record(episode=begun)), "Medicine") == words


def test_a_ticked_sign_is_an_event() -> None:
    """Whatever became of its alert; a day before the last visit is not counted."""
    ticked = frozenset({"fever"})
    record = briefs.record(
        last_visit=WEEK[3],
        reports=[briefs.report(WEEK[each], warning_signs=ticked) for each in (2, 3, 4)]
        + [briefs.report(WEEK[0], warning_signs=frozenset())],
    )

    assert brief_of(record).signs == SignsTicked(days=2, last_day=WEEK[2])
    assert briefs.line(briefs.text(record), "Events") == "2 warning-sign days, 20 Nov"


def test_a_day_of_another_year_has_its_year() -> None:
    """A follow-up of more than a year has two of most days."""
    begun = briefs.episode(procedure_date=TODAY - timedelta(days=390))

    assert "Since procedure: 28 Oct 2025." in briefs.text(briefs.record(episode=begun)).about


def test_questions_are_quoted_as_typed() -> None:
    """The oldest first, with who asked where that was not the patient."""
    asked = [briefs.question("May I #drive?", 2), briefs.question("And *lift*?", 1, by_carer=True)]

    quotes = briefs.text(briefs.record(questions=asked)).quotes

    assert [(each.text, each.by) for each in quotes] == [
        ("May I #drive?", ""),
        ("And *lift*?", "(a carer)"),
    ]


def test_long_questions_are_cut_and_the_others_counted() -> None:
    """What is not shown is said to be there."""
    asked = [briefs.question("why " * 70, 3 - each) for each in range(3)]

    text = briefs.text(briefs.record(questions=asked))

    assert text.quotes[0].text.startswith("why why")
    assert text.quotes[0].text.endswith("why...")
    assert text.more == f"{3 - len(text.quotes)} more not shown"
    assert text.word_count <= MAX_WORDS


@settings(deadline=None, max_examples=300)
@given(
    number=st.integers(0, 10**9), name=st.sampled_from(["Rowan Elm", "a " * 59 + "b", "x" * 120])
)
def test_no_brief_has_more_than_120_words(number: int, name: str) -> None:
    """Whatever happened; every question is shown, cut or counted, and no number is left out."""
    record = briefs.drawn_record(number)
    brief = brief_of(record)
    text = brief_text(
        brief,
        briefs.patient(record.episode, name),
        "Radiofrequency ablation of the sacroiliac joint",
    )

    assert text.word_count <= MAX_WORDS
    labels = ["Now", "Best", "Worst", "Documented", "Logged", "Brace", "Medicine", "Events"]
    assert [each.label for each in text.lines] == [*labels, "Alerts"]
    assert all(each.text for each in text.lines)
    own = [each for each in text.quotes if each.is_own]
    hidden = int(text.more.split()[0]) if text.more else 0
    assert len(own) + hidden == len(brief.questions)
    assert not brief.questions or own
    for quote, asked in zip(own, brief.questions, strict=False):
        assert " ".join(asked.text.split()).startswith(quote.text.removesuffix("..."))


@settings(deadline=None, max_examples=100)
@given(number=st.integers(0, 10**9), days=st.integers(1, 400))
def test_what_comes_later_changes_no_brief_of_today(number: int, days: int) -> None:
    """A report of a later day, as of somebody further east, is not counted yet."""
    record = briefs.drawn_record(number)
    later = replace(record, reports=[*record.reports, briefs.report(TODAY + timedelta(days=days))])

    assert brief_of(later) == brief_of(record)


def test_the_day_of_an_instant_is_the_patients_own() -> None:
    """At 3 in the morning UTC it is still yesterday in New York."""
    late = briefs.event(EventKind.FALL, TODAY, occurred_at=NOW.replace(hour=3))
    record = briefs.record(events=[late])

    assert brief_of(record).happened[0].last_day == TODAY - timedelta(days=1)
