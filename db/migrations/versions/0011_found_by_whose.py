"""Consents by patient and acts on alerts by episode, found without reading the whole clinic's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_consent_clinic_id_patient_id", "consent", ["clinic_id", "patient_id"])
    op.create_index("ix_alert_act_clinic_id_episode_id", "alert_act", ["clinic_id", "episode_id"])


def downgrade() -> None:
    op.drop_index("ix_alert_act_clinic_id_episode_id", table_name="alert_act")
    op.drop_index("ix_consent_clinic_id_patient_id", table_name="consent")
