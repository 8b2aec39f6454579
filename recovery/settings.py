"""What a clinic decides for itself."""

from dataclasses import dataclass
from uuid import UUID

MAX_CLINIC_VALUE = 1_000
"""No advice of a clinic, in days, weeks, hours or pounds, is larger."""

DEFAULT_ESCALATION_HOURS = 24
MAX_ESCALATION_HOURS = 14 * 24

EVERY_DAY = 0b111_1111
"""All weekdays as bits, Monday the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicSettings:
    """
    A clinic's own values.

    Attributes:
        clinic_id: Key of the clinic.
        name: As patients know it.
        time_zone: IANA name, the default for new patients.
        phone: Number to call the clinic, as dialled.
        emergency_number: Number for an emergency, ``911`` unless changed.
        shares_augmentation_curve: Whether kyphoplasty and vertebroplasty are drawn
            over one documented course. A head-to-head trial found similar pain
            results (Dohm, AJNR 2014;35:2227), so two curves invite a false comparison.
        only_assigned: Whether clinicians and assistants see only the patients they look after.
        escalate_after_hours: After how many hours an alert that nobody touched is brought to
            ``escalates_to``, 1 to 336.
        escalates_to: Account of the second clinician; None when the clinic named none.
        reading_days: Weekdays on which the clinic reads what patients log, as bits, Monday the
            lowest; 0 when it said none.
    """

    clinic_id: UUID
    name: str
    time_zone: str
    phone: str = ""
    emergency_number: str = "911"
    shares_augmentation_curve: bool = True
    only_assigned: bool = False
    escalate_after_hours: int = DEFAULT_ESCALATION_HOURS
    escalates_to: UUID | None = None
    reading_days: int = 0

    @property
    def weekdays_read(self) -> tuple[int, ...]:
        """Return the weekdays on which the clinic reads, 0 for Monday."""
        return tuple(day for day in range(7) if self.reading_days >> day & 1)
