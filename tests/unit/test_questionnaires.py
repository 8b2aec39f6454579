"""Questionnaires: on which days they are asked, once each, and how they are scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.days import LATE_WINDOW_DAYS
from recovery.errors import InvalidEntry
from recovery.questionnaires import (
    FORMS,
    OFFERED_DAYS,
    Instrument,
    complete,
    due,
    due_pods,
    open_pod,
    score,
)

PEG, PGIC = Instrument.PEG, Instrument.PGIC
MILESTONES = (14, 30, 90, 180, 365)
instruments = st.sampled_from(Instrument)
pods = st.integers(-400, 800)
milestones = st.lists(st.integers(-30, 730), max_size=8).map(tuple)
nrs = st.integers(0, 10)


@pytest.mark.parametrize("answers", [(), (3, 4), (3, 4, None), (None, None, None), (1, 2, 3, 4)])
def test_an_unanswered_question_gives_no_score(answers: tuple[int | None, ...]) -> None:
    """Nothing is put in its place, and it cannot be saved."""
    assert score(PEG, answers) is None
    with pytest.raises(InvalidEntry, match="every question"):
        complete(PEG, answers)


@pytest.mark.parametrize("answers", [(), (None,), (3, 4)])
def test_without_one_level_there_is_no_score(answers: tuple[int | None, ...]) -> None:
    """The one question is named as one."""
    assert score(PGIC, answers) is None
    with pytest.raises(InvalidEntry, match="one answer"):
        complete(PGIC, answers)


@pytest.mark.parametrize("answer", [-1, 11, 3.0, "3", True])
def test_what_is_no_answer_of_the_peg_is_refused(answer: object) -> None:
    """Also beside two that are."""
    with pytest.raises(InvalidEntry, match="that are shown"):
        complete(PEG, (3, answer, 4))  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [0, 8, -1])
def test_what_is_no_level_of_the_pgic_is_refused(answer: int) -> None:
    """There is no level 0."""
    with pytest.raises(InvalidEntry, match="that are shown"):
        complete(PGIC, (answer,))


def test_the_published_scores() -> None:
    """The mean of the three, unrounded; the level itself."""
    assert score(PEG, (0, 0, 0)) == 0
    assert score(PEG, (10, 10, 10)) == 10
    assert score(PEG, (4, 5, 4)) == pytest.approx(13 / 3)
    assert [score(PGIC, (level,)) for level in range(1, 8)] == [1, 2, 3, 4, 5, 6, 7]


@given(st.tuples(nrs, nrs, nrs))
def test_the_peg_lies_between_its_answers(answers: tuple[int, int, int]) -> None:
    """And does not depend on their order."""
    found = score(PEG, answers)

    assert found is not None
    assert min(answers) - 1e-9 <= found <= max(answers) + 1e-9
    assert found == score(PEG, sorted(answers))
    assert complete(PEG, answers) == answers


@given(st.tuples(nrs, nrs, nrs), st.integers(0, 2))
def test_a_peg_with_a_gap_never_has_a_score(answers: tuple[int, int, int], gap: int) -> None:
    """Whichever is missing."""
    given_answers: list[int | None] = list(answers)
    given_answers[gap] = None

    assert score(PEG, given_answers) is None


def test_the_peg_is_asked_from_day_7_for_a_year() -> None:
    """Not on day 0, whose past week lies on both sides of the procedure."""
    assert [due(PEG, pod, MILESTONES, ()) for pod in (-7, 0, 1, 6, 7, 8, 9, 10, 14)] == [
        None,
        None,
        None,
        None,
        7,
        7,
        7,
        None,
        14,
    ]
    assert due_pods(PEG, ())[-1] == 364
    assert due(PEG, 366, (), ()) == 364
    assert due(PEG, 371, (), ()) is None


def test_the_pgic_is_asked_on_milestones_after_the_procedure() -> None:
    """A milestone on day 0 has nothing to look back on."""
    assert due_pods(PGIC, (30, 0, -7, 14, 30)) == [14, 30]
    assert [due(PGIC, pod, MILESTONES, ()) for pod in (13, 14, 16, 17, 367, 368)] == [
        None,
        14,
        14,
        None,
        365,
        None,
    ]
    assert due(PGIC, 14, (), ()) is None


def test_of_two_milestones_close_together_only_the_newer_is_asked() -> None:
    """What holds now is asked once, also when the older would still be open."""
    assert due(PGIC, 2, (1, 2), ()) == 2
    assert due(PGIC, 2, (1, 2), {2}) is None
    assert due(PGIC, 2, (1, 2), {1}) == 2


@given(instruments, pods, milestones, st.sets(st.integers(0, 730)))
def test_what_is_due_has_come_is_open_and_unanswered(
    instrument: Instrument, pod: int, days: tuple[int, ...], answered: set[int]
) -> None:
    """From its day on, as long as a day of the log may be late, once, never before day 1."""
    found = due(instrument, pod, days, answered)

    if found is None:
        return
    assert 0 < found <= pod <= found + LATE_WINDOW_DAYS
    assert found in due_pods(instrument, days)
    assert found not in answered
    assert due(instrument, pod, days, {*answered, found}) is None


@given(instruments, milestones, st.sets(st.integers(0, 730)))
def test_every_due_day_is_offered_on_its_own_day(
    instrument: Instrument, days: tuple[int, ...], answered: set[int]
) -> None:
    """Whatever was or was not answered on the other due days."""
    for day in due_pods(instrument, days):
        others = answered & set(due_pods(instrument, days)) - {day}
        assert due(instrument, day, days, others) == day


@given(st.integers(8, 300), st.integers(-20, 20))
def test_a_moved_follow_up_day_asks_nobody_twice(old: int, moved: int) -> None:
    """Whoever answered on the clinic's old day is asked again only a week or more from it."""
    new = old + moved
    if new <= 0:
        return

    asked = due(Instrument.PGIC, new, (new, 730), {old})

    assert (asked is None) == (abs(moved) < 7)


@given(instruments, pods, milestones)
def test_nothing_is_open_where_no_day_has_come(
    instrument: Instrument, pod: int, days: tuple[int, ...]
) -> None:
    """Open and due are one while nothing was answered."""
    near = [day for day in due_pods(instrument, days) if 0 <= pod - day < OFFERED_DAYS]

    assert open_pod(instrument, pod, days) == (near[-1] if near else None)
    assert due(instrument, pod, days, ()) == open_pod(instrument, pod, days)


def test_the_forms_are_those_published() -> None:
    """Three items of eleven numbers; one item of seven levels."""
    assert (FORMS[PEG].items, FORMS[PEG].lowest, FORMS[PEG].highest) == (3, 0, 10)
    assert (FORMS[PGIC].items, FORMS[PGIC].lowest, FORMS[PGIC].highest) == (1, 1, 7)
