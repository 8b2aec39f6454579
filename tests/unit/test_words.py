"""Words for days, numbers and answers, and what the screens remember of a form and a press."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

import ui.presses
import ui.report_state
from content.shelf import warning_signs
from recovery.errors import InvalidEntry
from recovery.reports import (
    ActivityLevel,
    DailyReport,
    EventKind,
    PainMedicine,
    PartialReport,
    StoredReport,
)
from tests.factories import NOW, TODAY
from ui.answers import answer_lines, sign_words
from ui.presses import SAME_PRESS, of_words, press_key
from ui.report_state import after_save, fill_form, form_state, kept_of
from ui.words import (
    ACTIVITY_WORDS,
    EVENT_WORDS,
    MEDICINE_WORDS,
    NOT_ANSWERED,
    clock_time,
    count_of,
    dated,
    long_day,
    plain_number,
    procedure_day,
    relative_day,
    short_day,
)
from ui.zones import zone_choices

YESTERDAY = TODAY - timedelta(days=1)
SAVED = StoredReport(
    report=DailyReport(day=TODAY, worst_pain_nrs=5, average_pain_nrs=3),
    version=4,
    is_late=False,
    created_at=NOW,
    created_by=uuid4(),
    updated_at=NOW,
    updated_by=uuid4(),
)
DRAFT = PartialReport(worst_pain_nrs=7)


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a browser session remembers, empty, in place of Streamlit's own."""
    state: dict[str, Any] = {}
    for module in (ui.presses, ui.report_state):
        monkeypatch.setattr(module, "st", SimpleNamespace(session_state=state))
    return state


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (ACTIVITY_WORDS, ActivityLevel),
        (MEDICINE_WORDS, PainMedicine),
        (EVENT_WORDS, EventKind),
    ],
)
def test_every_answer_has_words_of_its_own(words: dict[str, str], kind: Any) -> None:
    """In the order of the list, so that the least comes first."""
    assert list(words) == list(kind)
    assert len(set(words.values())) == len(words)
    assert all(words.values())


def test_days_are_written_without_a_leading_zero() -> None:
    """As people write them."""
    day = date(2026, 3, 1)

    assert long_day(day) == "Sunday 1 March"
    assert short_day(day) == "Sun 1 Mar"
    assert dated(day) == "1 Mar 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY + timedelta(days=1), "Mon 23 Nov"),
        (TODAY, "Today"),
        (YESTERDAY, "Yesterday"),
        (TODAY - timedelta(days=2), "Fri 20 Nov"),
    ],
)
def test_only_today_and_yesterday_have_names(day: date, words: str) -> None:
    """Tomorrow and the day before yesterday are dates."""
    assert relative_day(day, TODAY) == words


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 0, "12:00 AM"), (8, 5, "8:05 AM"), (12, 0, "12:00 PM"), (23, 59, "11:59 PM")],
)
def test_times_are_those_of_the_persons_own_clock(hour: int, minute: int, words: str) -> None:
    """With noon and midnight as twelve."""
    local = datetime(2026, 11, 22, hour, minute, tzinfo=ZoneInfo("America/New_York"))

    assert clock_time(local.astimezone(UTC), "America/New_York") == words


def test_a_time_in_no_zone_is_refused() -> None:
    """Rather than shown in the server's."""
    with pytest.raises(InvalidEntry):
        clock_time(NOW, "Mars/Olympus")


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (6.0, "6"), (6.5, "6.5"), (10, "10"), (6.04, "6"), (6.06, "6.1"), (100.0, "100")],
)
def test_numbers_have_no_needless_digits(value: float, words: str) -> None:
    """A tenth at most, and none when it is nothing."""
    assert plain_number(value) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_one_is_not_many(number: int, words: str) -> None:
    """None is many, in English."""
    assert count_of(number, "day") == words


@pytest.mark.parametrize(
    ("pod", "words"),
    [
        (-2, "2 days until your kyphoplasty"),
        (-1, "1 day until your kyphoplasty"),
        (0, "The day of your kyphoplasty"),
        (1, "Day 1 after your kyphoplasty"),
        (365, "Day 365 after your kyphoplasty"),
    ],
)
def test_people_know_where_they_stand(pod: int, words: str) -> None:
    """Before, on the day itself, and after."""
    assert procedure_day(pod, "kyphoplasty") == words


def test_a_skipped_question_reads_not_answered() -> None:
    """And never as zero or as none of these."""
    lines = dict(answer_lines(PartialReport()))

    assert lines.pop("Note") == "none"
    assert set(lines.values()) == {NOT_ANSWERED}


def test_zero_and_none_of_these_are_answers() -> None:
    """They read differently from a skipped question."""
    lines = dict(
        answer_lines(
            DailyReport(
                day=TODAY,
                worst_pain_nrs=0,
                average_pain_nrs=0,
                brace_hours=0,
                walking_minutes=0,
                medicine=PainMedicine.NONE,
                medicine_times=0,
                warning_signs=frozenset(),
            )
        )
    )

    assert lines.pop("Activity") == NOT_ANSWERED
    assert NOT_ANSWERED not in lines.values()
    assert (lines["Worst pain"], lines["Warning signs"]) == ("0", "none")


def test_ticked_signs_are_named_in_words() -> None:
    """One that this version does not know is shown as it was stored."""
    known = next(iter(warning_signs()))

    assert sign_words(frozenset({known})) == warning_signs()[known].label
    assert "from_the_future" in sign_words(frozenset({known, "from_the_future"}))
    assert sign_words(frozenset()) == "none"
    assert sign_words(None) == NOT_ANSWERED


def test_zones_are_places_and_the_own_comes_first() -> None:
    """Once, in order, and without abbreviations that name no place."""
    choices = zone_choices("Europe/Berlin")

    assert choices[0] == "Europe/Berlin"
    assert choices.count("Europe/Berlin") == 1
    assert choices[1:] == sorted(choices[1:])
    assert all("/" in name and not name.startswith("Etc/") for name in choices)
    assert {"America/New_York", "Asia/Kolkata"} <= set(choices)


def test_a_zone_without_a_place_stays_if_it_was_stored() -> None:
    """What the clinic has is on offer, wherever it came from."""
    assert zone_choices("UTC")[0] == "UTC"


def test_a_double_click_is_one_press(remembered: dict[str, Any]) -> None:
    """Up to its limit from the first; later, and on another button, it is another press."""
    first = press_key("fall", NOW)

    assert press_key("fall", NOW) == first
    assert press_key("fall", NOW + SAME_PRESS) == first
    assert press_key("pain", NOW) != first
    assert press_key("fall", NOW + SAME_PRESS + timedelta(milliseconds=1)) != first


def test_many_quick_presses_are_not_one_for_ever(remembered: dict[str, Any]) -> None:
    """The time counts from the first press, so holding a button does not stretch it."""
    keys = {press_key("fall", NOW + timedelta(seconds=step)) for step in range(10)}

    assert len(keys) == 2


def test_other_words_are_another_press_in_every_process() -> None:
    """The name does not hang on the process, as Python's own hash of a text does."""
    assert of_words("hurts") == "a6039c73bab5864dd244a98a19bf61c408f4165828fd825734312baaf23f56c4"
    assert len({of_words(text) for text in ("", " ", "hurts", "Hurts", "\ud83e", "🦴")}) == 6


def test_an_untouched_form_is_empty(remembered: dict[str, Any]) -> None:
    """Nothing is filled in, and it replaces no version."""
    state = form_state(TODAY, None, None)

    assert (state.filled, state.kept) == (PartialReport(), PartialReport())
    assert state.expected_version == 0


def test_a_form_begins_with_the_draft_else_with_what_is_stored(remembered: dict[str, Any]) -> None:
    """Either way it replaces the stored version and no other."""
    from_draft = form_state(TODAY, SAVED, DRAFT)
    from_report = form_state(YESTERDAY, SAVED, None)

    assert (from_draft.filled, from_draft.expected_version) == (DRAFT, 4)
    assert from_report.filled == PartialReport.of(SAVED.report)
    assert from_draft.press != from_report.press


def test_filling_a_form_saves_nothing(remembered: dict[str, Any]) -> None:
    """The version and the key of the press stay, and the form is drawn anew."""
    before = form_state(TODAY, SAVED, None)

    fill_form(TODAY, DRAFT)
    after = form_state(TODAY, SAVED, None)

    assert after.filled == DRAFT
    assert after.revision > before.revision
    assert (after.kept, after.press) == (before.kept, before.press)
    assert after.expected_version == 4


def test_after_a_save_the_next_press_is_another(remembered: dict[str, Any]) -> None:
    """It corrects the version that was just saved."""
    before = form_state(TODAY, SAVED, DRAFT)

    after_save(kept_of(TODAY), DRAFT, 5)
    after = form_state(TODAY, SAVED, None)

    assert after.press != before.press
    assert (after.kept, after.expected_version) == (DRAFT, 5)


def test_forms_of_different_days_do_not_mix(remembered: dict[str, Any]) -> None:
    """What is filled in for yesterday is not filled in for today."""
    form_state(TODAY, None, None)
    form_state(YESTERDAY, None, None)

    fill_form(YESTERDAY, DRAFT)

    assert form_state(TODAY, None, None).filled == PartialReport()
