"""Emergency access: a look at a record that is not one's own to look at, loud and reviewed."""

from datetime import timedelta
from enum import StrEnum

EMERGENCY_LASTS = timedelta(hours=1)
"""Long enough for one call or visit; whoever needs longer opens it again, and says why again."""


class EmergencyReason(StrEnum):
    """Why somebody who does not look after a patient opens the record."""

    URGENT_CALL = "urgent_call"
    IN_THE_CLINIC = "in_the_clinic"
    COVERING = "covering"
    OTHER = "other"
