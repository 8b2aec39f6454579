"""The procedure of an episode, also when this version does not know it."""

from content.procedures import Procedure, Question, Service, most_urgent_first
from content.shelf import course_for, find_procedure, rules_for, warning_signs
from recovery.episodes import Episode
from recovery.expectations import Course
from recovery.judgement.rules import ProcedureRules
from recovery.settings import ClinicSettings
from recovery.wording import marked, tr

UNKNOWN_PROCEDURE = marked(
    "This version of Mendline does not know your procedure. "
    "You can log every day all the same. Ask the clinic to update it."
)


def procedure_of(procedure_id: str) -> Procedure:
    """Return the procedure; for an unknown one a plain one with every warning sign."""
    return find_procedure(procedure_id) or Procedure(
        id=procedure_id,
        service=Service.BACK_PAIN,
        order=0,
        name=tr("Procedure"),
        in_sentence=tr("procedure"),
        pain_site="",
        asks_levels=True,
        questions=frozenset(Question),
        hourly_day_0=False,
        warning_signs=most_urgent_first(warning_signs().values()),
        sudden_pain_sign=None,
        course=None,
        shared_course=None,
        no_course_reason=tr(UNKNOWN_PROCEDURE),
        caveat="",
        caveat_source_ids=(),
        first_status_day=None,
        judging_day=None,
        silence_days=None,
        milestone_days=(),
        instruments=(),
        phases=(),
        figures=(),
        values=(),
    )


def is_known(procedure_id: str) -> bool:
    """Tell whether this version has content for the procedure."""
    return find_procedure(procedure_id) is not None


def course_of(episode: Episode, settings: ClinicSettings) -> Course | None:
    """Return the documented course that the clinic draws for the episode."""
    return course_for(
        episode.procedure, shares_augmentation_curve=settings.shares_augmentation_curve
    )


def rules_of(episode: Episode, settings: ClinicSettings) -> ProcedureRules:
    """Return how the episode is judged."""
    return rules_for(
        episode.procedure, shares_augmentation_curve=settings.shares_augmentation_curve
    )


def is_test_block(procedure_id: str) -> bool:
    """Tell whether pain is rated by the quarter hour and hour on the day of the procedure."""
    return procedure_of(procedure_id).hourly_day_0
