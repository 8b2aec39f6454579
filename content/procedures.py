"""The procedures this product knows; a folder each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.courses import COURSE_FILE, read_course
from content.documents import Document, read_yaml
from content.procedure_facts import (
    FigureFacts,
    ProcedureFacts,
    Question,
    Service,
    ValueFacts,
    check_facts,
)
from content.sources import Sources
from content.warning_signs import Signs, Tier, WarningSign
from content.words import ProcedureWords, ValueWords, read_course_words, read_procedure_words
from recovery.expectations import Course
from recovery.figures import StudyFigure
from recovery.phases import Phase
from recovery.questionnaires import Instrument
from recovery.wording import Language

__all__ = ["ClinicValue", "Procedure", "Question", "Service", "Tier", "WarningSign"]

PROCEDURE_FILE = "procedure.yaml"

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicValue:
    """
    Something that leaflets disagree about, so that each clinic decides it.

    Attributes:
        id: Name within its procedure.
        low: The least that a leaflet says.
        high: The most.
        source_ids: Those leaflets.
        name: With its unit, for the clinic's settings.
        words: What is said with and without the clinic's value.
    """

    id: str
    low: float
    high: float
    source_ids: tuple[str, ...]
    name: str
    words: ValueWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """
    A procedure and what holds for everybody who had it.

    Attributes:
        id: Name of the folder.
        service: What it is sorted by.
        order: Place in lists.
        name: As a heading.
        in_sentence: As in "Day 5 after your kyphoplasty".
        pain_site: As in "Your worst pain in your back"; empty where it has no one place.
        asks_levels: Whether treated vertebral levels are asked for at enrolment.
        questions: What the daily report asks beside pain and warning signs.
        hourly_day_0: Whether pain is rated by the quarter hour and hour on day 0.
        warning_signs: Signs to ask for, most urgent first.
        sudden_pain_sign: The sign whose advice a sudden pain or a fall shows; None when not known.
        course: What is documented for this procedure alone; None when that is too little.
        shared_course: A course shared with like procedures; None when there is none.
        no_course_reason: Why no course is drawn; empty when one is.
        caveat: What everybody must know beside the chart.
        caveat_source_ids: Where that was read.
        first_status_day: First post-procedure day on which a standing may be told; None: never.
        judging_day: Day on which a lack of relief is talked about; None: never.
        silence_days: Days without a report that are a reason for the clinic to look; None: none.
        milestone_days: Days of visits and of the question how things changed overall.
        instruments: Short questionnaires that are offered.
        phases: From day 0 on, without gap or overlap.
        figures: What studies found on one day, by day.
        values: What each clinic decides.
    """

    id: str
    service: Service
    order: int
    name: str
    in_sentence: str
    pain_site: str
    asks_levels: bool
    questions: frozenset[Question]
    hourly_day_0: bool
    warning_signs: tuple[WarningSign, ...]
    sudden_pain_sign: WarningSign | None
    course: Course | None
    shared_course: Course | None
    no_course_reason: str
    caveat: str
    caveat_source_ids: tuple[str, ...]
    first_status_day: int | None
    judging_day: int | None
    silence_days: int | None
    milestone_days: tuple[int, ...]
    instruments: tuple[Instrument, ...]
    phases: tuple[Phase, ...]
    figures: tuple[StudyFigure, ...]
    values: tuple[ClinicValue, ...]

    def value(self, value_id: str) -> ClinicValue | None:
        """Return what the clinic decides under that name, or None."""
        return next((value for value in self.values if value.id == value_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a procedure may name: the sources and signs of all folders, and where families lie."""

    root: Path
    sources: Sources
    signs: Signs
    language: Language


def read_procedure(folder: Path, around: Around) -> Procedure:
    """
    Read a procedure; its id is the name of the folder.

    Raises:
        ContentError: If facts or words are broken, or do not belong together.
    """
    facts = read_yaml(folder / PROCEDURE_FILE, ProcedureFacts)
    check_facts(facts, around.sources, around.signs)
    words = read_procedure_words(folder, around.language)
    _check_words(facts.value, words)
    shape, said = facts.value, words.value
    course = _own_course(folder, around, words)
    shared = _shared_course(facts, around)
    if course is None and not said.no_course_reason:
        raise words.problem(
            (), "there is no course.yaml and no no_course_reason", "Say why no curve is drawn."
        )
    signs = [around.signs[sign_id] for sign_id in shape.warning_signs]
    return Procedure(
        id=folder.name,
        service=shape.service,
        order=shape.order,
        name=said.name,
        in_sentence=said.in_sentence,
        pain_site=said.pain_site,
        asks_levels=shape.asks_levels,
        questions=frozenset(shape.questions),
        hourly_day_0=shape.hourly_day_0,
        warning_signs=most_urgent_first(signs),
        sudden_pain_sign=around.signs[shape.sudden_pain_sign],
        course=course,
        shared_course=shared,
        no_course_reason=said.no_course_reason,
        caveat=said.caveat,
        caveat_source_ids=shape.caveat_sources,
        first_status_day=shape.first_status_day,
        judging_day=shape.judging_day,
        silence_days=shape.silence_days,
        milestone_days=shape.milestone_days,
        instruments=shape.instruments,
        phases=_phases(shape, said),
        figures=tuple(
            sorted((_figure(each, said) for each in shape.figures), key=lambda each: each.day)
        ),
        values=tuple(_value(each, said) for each in shape.values),
    )


def most_urgent_first(signs: Iterable[WarningSign]) -> tuple[WarningSign, ...]:
    """Return *signs* by tier, and in the order given within each."""
    urgency = list(Tier)
    return tuple(sorted(signs, key=lambda sign: urgency.index(sign.tier)))


def _check_words(shape: ProcedureFacts, words: Document[ProcedureWords]) -> None:
    for key, ids in (
        ("phases", [each.id for each in shape.phases]),
        ("figures", [each.id for each in shape.figures]),
        ("values", [each.id for each in shape.values]),
    ):
        said: dict[str, Any] = getattr(words.value, key)
        for each in ids:
            if each not in said:
                raise words.problem((key,), f"{each} has no words under {key}", "Write them.")
        for each in said:
            if each not in ids:
                raise words.problem(
                    (key, each), f"procedure.yaml knows no {each}", "Correct its spelling."
                )
    if _DIGIT.search(words.value.caveat) and not shape.caveat_sources:
        raise words.problem(
            ("caveat",), "a figure without a source", "List caveat_sources in procedure.yaml."
        )


def _own_course(folder: Path, around: Around, words: Document[ProcedureWords]) -> Course | None:
    path = folder / COURSE_FILE
    if not path.is_file():
        return None
    name, caveat = words.value.course_name, words.value.course_caveat
    if not name or not caveat:
        raise words.problem((), "course.yaml has no words", "Write course_name and course_caveat.")
    return read_course(path, around.sources, name=name, caveat=caveat)


def _shared_course(facts: Document[ProcedureFacts], around: Around) -> Course | None:
    family = facts.value.shared_course
    if family is None:
        return None
    path = around.root / "procedures" / family / COURSE_FILE
    if not path.is_file():
        raise facts.problem(
            ("shared_course",), f"the family {family} has no course", f"Add {COURSE_FILE} to it."
        )
    words = read_course_words(path.parent, around.language).value
    return read_course(path, around.sources, name=words.course_name, caveat=words.course_caveat)


def _phases(shape: ProcedureFacts, said: ProcedureWords) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            id=each.id,
            kind=each.kind,
            first_day=each.first,
            last_day=each.last,
            label=said.phases[each.id].label,
            sentence=said.phases[each.id].sentence,
            source_ids=each.sources,
        )
        for each in shape.phases
    )


def _figure(shape: FigureFacts, said: ProcedureWords) -> StudyFigure:
    share = shape.share
    if shape.people is not None and shape.of is not None:
        share = shape.people / shape.of
    return StudyFigure(
        id=shape.id,
        kind=shape.kind,
        day=shape.day,
        source_id=shape.source,
        how_read=shape.how_read,
        sentence=said.figures[shape.id],
        n=shape.of or shape.n,
        share=share,
        low=shape.low,
        high=shape.high,
        mean_nrs=shape.mean,
        baseline_mean_nrs=shape.baseline_mean,
        sd_nrs=shape.sd,
    )


def _value(shape: ValueFacts, said: ProcedureWords) -> ClinicValue:
    words = said.values[shape.id]
    return ClinicValue(
        id=shape.id,
        low=shape.low,
        high=shape.high,
        source_ids=shape.sources,
        name=words.name,
        words=words,
    )
