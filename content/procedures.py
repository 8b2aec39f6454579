"""The procedures this product knows; a folder each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from content.courses import COURSES_FOLDER, load_course
from content.documents import Document, Shape, read_yaml
from content.sources import Identifier, Words
from content.warning_signs import Tier, WarningSign, warning_signs
from recovery.expectations import Course

__all__ = ["Procedure", "Tier", "WarningSign", "course_for", "find_procedure", "procedures"]

PROCEDURES_FOLDER = Path(__file__).parent / "procedures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """
    A procedure and what holds for everybody who had it.

    Attributes:
        id: Name of the folder.
        name: As a heading.
        in_sentence: As in "Day 5 after your kyphoplasty".
        warning_signs: Signs to ask for, most urgent first.
        course: What is documented for this procedure alone; None when that is too little.
        shared_course: A course shared with like procedures; None when there is none.
        no_course_reason: Why ``course`` is None; empty when it is not.
        first_status_day: First post-procedure day on which a standing may be told.
    """

    id: str
    name: str
    in_sentence: str
    warning_signs: tuple[WarningSign, ...]
    course: Course | None
    shared_course: Course | None
    no_course_reason: str
    first_status_day: int


class _ProcedureShape(Shape):
    name: Words
    in_sentence: Words
    course: Identifier | None
    shared_course: Identifier | None
    no_course_reason: str
    first_status_day: Annotated[int, Field(ge=0)]
    warning_signs: Annotated[tuple[str, ...], Field(min_length=1)]


@cache
def procedures() -> Mapping[str, Procedure]:
    """
    Return every procedure by its id.

    Raises:
        ContentError: If a file is broken.
    """
    files = sorted(PROCEDURES_FOLDER.glob("[!_]*/procedure.yaml"))
    return MappingProxyType({file.parent.name: read_procedure(file) for file in files})


def find_procedure(procedure_id: str) -> Procedure | None:
    """Return a procedure, or None when this product does not know it."""
    return procedures().get(procedure_id)


def course_for(procedure_id: str, *, shares_augmentation_curve: bool) -> Course | None:
    """
    Return the course to draw, or None when none is documented.

    Args:
        procedure_id: Name of the folder; an unknown one has no course.
        shares_augmentation_curve: The clinic's setting.
    """
    procedure = find_procedure(procedure_id)
    if procedure is None:
        return None
    if shares_augmentation_curve and procedure.shared_course is not None:
        return procedure.shared_course
    return procedure.course


def read_procedure(path: Path) -> Procedure:
    """
    Read a procedure; its id is the name of the folder.

    Raises:
        ContentError: If a key is wrong, or a course or warning sign is not known.
    """
    document = read_yaml(path, _ProcedureShape)
    shape = document.value
    if shape.course is None and not shape.no_course_reason:
        raise document.problem(
            ("no_course_reason",), "no course and no reason", "Say why none is documented."
        )
    return Procedure(
        id=path.parent.name,
        name=shape.name,
        in_sentence=shape.in_sentence,
        warning_signs=_signs(document),
        course=_course(document, "course", shape.course),
        shared_course=_course(document, "shared_course", shape.shared_course),
        no_course_reason=shape.no_course_reason,
        first_status_day=shape.first_status_day,
    )


def _course(document: Document[_ProcedureShape], key: str, course_id: str | None) -> Course | None:
    if course_id is None:
        return None
    if not (COURSES_FOLDER / f"{course_id}.yaml").is_file():
        raise document.problem(
            (key,), f"the course {course_id} is not known", "Add its file to content/courses."
        )
    return load_course(course_id)


def _signs(document: Document[_ProcedureShape]) -> tuple[WarningSign, ...]:
    known = warning_signs()
    for position, sign_id in enumerate(document.value.warning_signs):
        if sign_id not in known:
            raise document.problem(
                ("warning_signs", position),
                f"the warning sign {sign_id} is not known",
                "Add it to content/warning_signs.yaml or correct its spelling.",
            )
    urgency = list(Tier)
    chosen = (known[sign_id] for sign_id in document.value.warning_signs)
    return tuple(sorted(chosen, key=lambda sign: urgency.index(sign.tier)))
