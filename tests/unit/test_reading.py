"""Which days a page is named with, and what rests on a source."""

from dataclasses import replace
from datetime import timedelta

import pytest

import content.catalogues  # noqa: F401 - learns the languages
from content.shelf import pages_for, procedures, sources
from content.source_uses import uses_of_sources
from recovery.reading import PageAnswer, tries_until_right
from recovery.wording import Language, speaking
from tests.factories import NOW
from ui.reading import days_of

ANY_PAGE = pages_for("kyphoplasty")[0]


@pytest.mark.parametrize(
    ("days", "pod", "words"),
    [
        ((-30, -1), 0, "For the time before your procedure"),
        ((-30, -1), -31, "From 30 days before your procedure"),
        ((-1, 0), -2, "From 1 day before your procedure"),
        ((-30, 0), 1, "Until the day of your procedure"),
        ((-2, 14), 15, "Until day 14"),
        ((0, None), -1, "From the day of your procedure"),
        ((3, None), 2, "From day 3"),
        ((3, 3), 4, "For day 3"),
        ((0, 14), 15, "For days 0 to 14"),
    ],
)
def test_days_of_a_page_are_named_softly(
    days: tuple[int, int | None], pod: int, words: str
) -> None:
    """On the day before it is offered first, and on the day after."""
    page = replace(ANY_PAGE, from_day=days[0], to_day=days[1])

    assert not page.is_due(pod)
    assert days_of(page, pod) == words
    with speaking(Language.SPANISH):
        assert days_of(page, pod) != words


@pytest.mark.parametrize(
    ("rights", "tries"),
    [((), None), ((False, False), None), ((True, False), 1), ((False, True, True), 2)],
)
def test_tries_are_counted_until_the_first_right_answer(
    rights: tuple[bool, ...], tries: int | None
) -> None:
    """What follows it does not count."""
    answers = [
        PageAnswer(
            slug="brace",
            answer=1,
            is_right=is_right,
            is_by_proxy=False,
            answered_at=NOW + timedelta(minutes=number),
        )
        for number, is_right in enumerate(rights)
    ]

    assert tries_until_right(answers) == tries


def test_every_citation_is_found_again_among_the_uses() -> None:
    """Whatever a page or sign rests on says so on the page of sources."""
    uses = uses_of_sources()

    assert uses.keys() <= sources().keys()
    for procedure in procedures().values():
        for page in pages_for(procedure.id):
            for source_id in page.source_ids:
                [use] = [each for each in uses[source_id] if each.procedure.id == procedure.id]
                assert page.title in use.page_titles
        for sign in procedure.warning_signs:
            for source_id in sign.source_ids:
                facts = [each for each in uses[source_id] if each.is_behind_facts]
                assert procedure.id in {each.procedure.id for each in facts}
