"""What a clinic decides for itself."""

from dataclasses import dataclass
from uuid import UUID

MAX_CLINIC_VALUE = 1_000
"""No advice of a clinic, in days, weeks, hours or pounds, is larger."""


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
    """

    clinic_id: UUID
    name: str
    time_zone: str
    phone: str = ""
    emergency_number: str = "911"
    shares_augmentation_curve: bool = True
    only_assigned: bool = False
