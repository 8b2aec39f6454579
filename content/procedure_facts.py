"""The shape of ``procedure.yaml``, and what no shape can say."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from content.documents import Document, Shape
from content.sources import Identifier, Sources, Words, require_source, require_sources
from recovery.figures import FigureKind
from recovery.phases import PhaseKind, first_break
from recovery.questionnaires import Instrument
from recovery.settings import MAX_CLINIC_VALUE

_Day = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Nrs = Annotated[float, Field(ge=0, le=10)]
_People = Annotated[int, Field(gt=0)]
_Cited = Annotated[tuple[str, ...], Field(min_length=1)]


class Service(StrEnum):
    """What the procedures of a clinic are sorted by."""

    AUGMENTATION = "augmentation"
    BACK_PAIN = "back_pain"
    CANCER_PAIN = "cancer_pain"
    ABLATION = "ablation"
    CELL_THERAPY = "cell_therapy"


class Question(StrEnum):
    """What the daily report asks beside pain and warning signs."""

    BRACE = "brace"
    ACTIVITY = "activity"
    MEDICINE = "medicine"


class PhaseFacts(Shape):
    """Some days, and where it was read what is usual in them."""

    id: Identifier
    kind: PhaseKind
    first: Annotated[_Day, Field(alias="from")]
    last: Annotated[_Day | None, Field(alias="to")]
    sources: _Cited


class FigureFacts(Shape):
    """A figure of a study; which fields it has follows from its kind."""

    id: Identifier
    day: _Day
    kind: FigureKind
    people: _Day | None = None
    of: _People | None = None
    share: _Share | None = None
    low: _Share | None = None
    high: _Share | None = None
    mean: _Nrs | None = None
    baseline_mean: Annotated[float, Field(gt=0, le=10)] | None = None
    sd: Annotated[float, Field(gt=0, le=5)] | None = None
    n: _People | None = None
    source: Words
    status: Literal["read"]
    how_read: Words


class ValueFacts(Shape):
    """What leaflets disagree about, from the lowest to the highest they say."""

    id: Identifier
    low: Annotated[float, Field(ge=0, le=MAX_CLINIC_VALUE)]
    high: Annotated[float, Field(ge=0, le=MAX_CLINIC_VALUE)]
    sources: _Cited


class ProcedureFacts(Shape):
    """``procedure.yaml``; see ``docs/adding-a-procedure.md``."""

    service: Service
    order: Annotated[int, Field(ge=1)]
    asks_levels: bool
    questions: tuple[Question, ...]
    hourly_day_0: bool
    first_status_day: _Day | None
    judging_day: _Day | None
    silence_days: Annotated[int, Field(ge=2, le=30)] | None
    milestone_days: tuple[_Day, ...]
    instruments: tuple[Instrument, ...]
    shared_course: Annotated[str, Field(pattern=r"^_[a-z0-9_]+$")] | None
    sudden_pain_sign: str
    caveat_sources: tuple[str, ...] = ()
    phases: tuple[PhaseFacts, ...]
    figures: tuple[FigureFacts, ...]
    values: tuple[ValueFacts, ...]
    warning_signs: Annotated[tuple[str, ...], Field(min_length=1)]


_Facts = Document[ProcedureFacts]

_NEEDED = {
    FigureKind.HALF_RELIEF: "Give people and of, or share.",
    FigureKind.MEAN_PAIN: "Give mean, baseline_mean and n.",
}


def check_facts(facts: _Facts, known: Sources, signs: Mapping[str, Any]) -> None:
    """
    Refuse facts that do not fit together.

    Raises:
        ContentError: Naming the line and what to do.
    """
    shape = facts.value
    _check_phases(facts, known)
    require_sources(facts, ("caveat_sources",), shape.caveat_sources, known)
    for position, figure in enumerate(shape.figures):
        require_source(facts, ("figures", position, "source"), figure.source, known)
        _check_figure(facts, position, figure)
    for position, value in enumerate(shape.values):
        require_sources(facts, ("values", position, "sources"), value.sources, known)
        if value.high < value.low:
            raise facts.problem(("values", position), "low is above high", "Swap them.")
    _check_signs(facts, signs)
    for key, ids in (
        ("phases", [each.id for each in shape.phases]),
        ("figures", [each.id for each in shape.figures]),
        ("values", [each.id for each in shape.values]),
    ):
        _refuse_twice(facts, key, ids)
    if list(shape.milestone_days) != sorted(set(shape.milestone_days)):
        raise facts.problem(("milestone_days",), "the days do not rise", "Put them in order, once.")


def _check_phases(facts: _Facts, known: Sources) -> None:
    phases = facts.value.phases
    for position, phase in enumerate(phases):
        require_sources(facts, ("phases", position, "sources"), phase.sources, known)
    broken = first_break([(phase.first, phase.last) for phase in phases])
    if broken is not None:
        position, problem = broken
        where = ("phases", position) if phases else ("phases",)
        raise facts.problem(where, problem, "Change its days: every day from 0 on, once.")


def _check_figure(facts: _Facts, position: int, figure: FigureFacts) -> None:
    counted = figure.people is not None and figure.of is not None
    if figure.kind is FigureKind.HALF_RELIEF:
        is_whole = counted or figure.share is not None
        is_odd = figure.mean is not None or figure.sd is not None
    else:
        is_whole = None not in (figure.mean, figure.baseline_mean, figure.n)
        is_odd = counted or figure.share is not None
    if not is_whole or is_odd:
        raise facts.problem(("figures", position), "the figure is not whole", _NEEDED[figure.kind])
    if counted and (figure.people or 0) > (figure.of or 0):
        raise facts.problem(
            ("figures", position, "people"), "more people than there were", "Check both numbers."
        )


def _check_signs(facts: _Facts, signs: Mapping[str, Any]) -> None:
    shape = facts.value
    for position, sign_id in enumerate(shape.warning_signs):
        if sign_id not in signs:
            raise facts.problem(
                ("warning_signs", position),
                f"the warning sign {sign_id} is not known",
                "Add it to a warning_signs.yaml or correct its spelling.",
            )
    _refuse_twice(facts, "warning_signs", shape.warning_signs)
    if shape.sudden_pain_sign not in shape.warning_signs:
        raise facts.problem(
            ("sudden_pain_sign",),
            f"{shape.sudden_pain_sign} is no sign of this procedure",
            "Name one of its warning_signs.",
        )


def _refuse_twice(facts: _Facts, key: str, ids: Sequence[str]) -> None:
    for position, each in enumerate(ids):
        if each in ids[:position]:
            raise facts.problem((key, position), f"{each} stands twice", "Keep one of them.")
