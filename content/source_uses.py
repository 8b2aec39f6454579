"""Which procedures and pages rest on a source."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from content.procedures import Procedure
from content.shelf import pages_for, procedures
from recovery.expectations import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """
    What of one procedure rests on a source.

    Attributes:
        procedure: Whose.
        page_titles: The pages that cite it, in order.
        is_behind_facts: Whether its chart, figures, warning signs or the clinic's values do.
    """

    procedure: Procedure
    page_titles: tuple[str, ...]
    is_behind_facts: bool


def uses_of_sources() -> Mapping[str, tuple[Use, ...]]:
    """Return what rests on each source, procedures in order; sources without use are left out."""
    found: dict[str, list[Use]] = {}
    for procedure in procedures().values():
        titles = _titles(procedure)
        facts = set(_behind_facts(procedure))
        for source_id in facts | titles.keys():
            use = Use(
                procedure=procedure,
                page_titles=tuple(titles.get(source_id, ())),
                is_behind_facts=source_id in facts,
            )
            found.setdefault(source_id, []).append(use)
    return {source_id: tuple(uses) for source_id, uses in found.items()}


def _titles(procedure: Procedure) -> dict[str, list[str]]:
    titles: dict[str, list[str]] = {}
    for page in pages_for(procedure.id):
        for source_id in page.source_ids:
            titles.setdefault(source_id, []).append(page.title)
    return titles


def _behind_facts(procedure: Procedure) -> Iterator[str]:
    listed: Iterable[Iterable[str]] = (
        procedure.caveat_source_ids,
        (figure.source_id for figure in procedure.figures),
        *(sign.source_ids for sign in procedure.warning_signs),
        *(phase.source_ids for phase in procedure.phases),
        *(value.source_ids for value in procedure.values),
    )
    for source_ids in listed:
        yield from source_ids
    for course in (procedure.course, procedure.shared_course):
        if course is not None:
            yield from _behind_course(course)


def _behind_course(course: Course) -> Iterator[str]:
    yield course.reference_source_id
    yield from (point.source_id for point in course.points)
    yield from (spread.source_id for spread in course.spreads)
