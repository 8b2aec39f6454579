"""
The tables.

Every table of patient data carries ``clinic_id``, first in its keys and indexes: a clinic
is the unit of isolation, of partitioning and of sharding. Rows do not leave ``db``.
"""

from db.models.alerts import (
    AlertActRow,
    AlertRow,
    JudgementSettingsRow,
)
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
from db.models.cohorts import (
    CohortCountRow,
    EpisodeOutcomeRow,
    OutcomeCountRow,
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
from db.models.review import (
    ReviewLookRow,
    SavedViewRow,
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
    NOT_AGAIN,
    EpisodeReasonRow,
    EpisodeStatusRow,
)
from db.models.system import (
    ONLY_PLAN,
    BackupPlanRow,
    JobRow,
)
from db.models.visits import (
    PlannedVisitRow,
    VisitQuestionRow,
)

__all__ = [
    "NEVER",
    "NOT_AGAIN",
    "NO_PAIN_YET",
    "ONLY_PLAN",
    "AccountRow",
    "AlertActRow",
    "AlertRow",
    "AssignmentRow",
    "AuditHeadRow",
    "AuditRow",
    "AuthSessionRow",
    "BackupPlanRow",
    "ClinicRow",
    "ClinicValueRow",
    "CohortCountRow",
    "ConsentRow",
    "DailyReportRevisionRow",
    "DailyReportRow",
    "EmergencyAccessRow",
    "EpisodeOutcomeRow",
    "EpisodeReasonRow",
    "EpisodeRow",
    "EpisodeStatusRow",
    "ErasureRequestRow",
    "EventRow",
    "IdentityProviderRow",
    "IdentityRow",
    "InvitationRow",
    "JobRow",
    "JudgementSettingsRow",
    "OneTimeCodeRow",
    "OutcomeCountRow",
    "PageOpeningRow",
    "PasskeyRow",
    "PatientNameWordRow",
    "PatientRow",
    "PlannedVisitRow",
    "QuestionnaireResponseRow",
    "RecoveryCodeRow",
    "ReportDraftRow",
    "ReviewLookRow",
    "SavedViewRow",
    "SignInAddressRow",
    "SignInFlowRow",
    "TeachBackAnswerRow",
    "VisitNoteRow",
    "VisitQuestionRow",
    "new_id",
    "utc_now",
]
