"""What a procedure says about when and how its recoveries are judged."""

from dataclasses import dataclass

from recovery.expectations import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRules:
    """
    What judging needs to know of a procedure; made from its content.

    Attributes:
        first_status_day: First post-procedure day on which a level may be judged; None where
            nothing is ever said about a status, as after cancer procedures and test blocks.
        judging_day: Post-procedure day of the milestone that tells a response; None for none.
        milestone_days: Post-procedure days on which a response is told, rising.
        silence_days: Days without a report that are a reason to look; None where no daily
            report is expected.
        has_daily_log: Whether a log over weeks is meant, in which days can be compared. False
            after a test block, of which warning signs alone are a reason.
        course: The documented course of pain that the clinic draws; None for none.
    """

    first_status_day: int | None
    judging_day: int | None
    milestone_days: tuple[int, ...] = ()
    silence_days: int | None = None
    has_daily_log: bool = True
    course: Course | None = None
