"""
The tables.

Every table of patient data carries ``clinic_id``, first in its keys and indexes: a clinic
is the unit of isolation, of partitioning and of sharding. Rows do not leave ``db``.
"""

from db.models.audit import (
    AuditHeadRow,
    AuditRow,
)
from db.models.base import (
    new_id,
    utc_now,
)
from db.models.care import (
    AssignmentRow,
    ConsentRow,
    EmergencyAccessRow,
    ErasureRequestRow,
)
from db.models.episodes import (
    DailyReportRevisionRow,
    DailyReportRow,
    EpisodeRow,
    EventRow,
    ReportDraftRow,
    VisitNoteRow,
)
from db.models.learning import (
    PageOpeningRow,
    TeachBackAnswerRow,
)
from db.models.people import (
    AccountRow,
    ClinicRow,
    ClinicValueRow,
    InvitationRow,
    PatientNameWordRow,
    PatientRow,
)
from db.models.questionnaires import (
    QuestionnaireResponseRow,
)
from db.models.sign_in import (
    AuthSessionRow,
    IdentityProviderRow,
    IdentityRow,
    OneTimeCodeRow,
    PasskeyRow,
    RecoveryCodeRow,
    SignInAddressRow,
    SignInFlowRow,
)
from db.models.status import (
    NEVER,
    NO_PAIN_YET,
    EpisodeStatusRow,
)

__all__ = [
    "NEVER",
    "NO_PAIN_YET",
    "AccountRow",
    "AssignmentRow",
    "AuditHeadRow",
    "AuditRow",
    "AuthSessionRow",
    "ClinicRow",
    "ClinicValueRow",
    "ConsentRow",
    "DailyReportRevisionRow",
    "DailyReportRow",
    "EmergencyAccessRow",
    "EpisodeRow",
    "EpisodeStatusRow",
    "ErasureRequestRow",
    "EventRow",
    "IdentityProviderRow",
    "IdentityRow",
    "InvitationRow",
    "OneTimeCodeRow",
    "PageOpeningRow",
    "PasskeyRow",
    "PatientNameWordRow",
    "PatientRow",
    "QuestionnaireResponseRow",
    "RecoveryCodeRow",
    "ReportDraftRow",
    "SignInAddressRow",
    "SignInFlowRow",
    "TeachBackAnswerRow",
    "VisitNoteRow",
    "new_id",
    "utc_now",
]
