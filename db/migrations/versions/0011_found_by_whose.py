"""What belongs to one patient or episode, found without reading all that its clinic has"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

INDEXES = {
    'account': ('clinic_id', 'patient_id'),
    'alert_act': ('clinic_id', 'episode_id'),
    'consent': ('clinic_id', 'patient_id'),
    'patient': ('clinic_id', 'date_of_birth'),
    'patient_name_word': ('clinic_id', 'patient_id'),
}
OPEN = sa.text('used_at IS NULL AND revoked_at IS NULL')


def upgrade() -> None:
    for table, columns in INDEXES.items():
        op.create_index(f'ix_{table}_{"_".join(columns)}', table, list(columns))
    op.create_index(
        'ix_invitation_open',
        'invitation',
        ['clinic_id', 'created_at'],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index('ix_invitation_open', table_name='invitation')
    for table, columns in INDEXES.items():
        op.drop_index(f'ix_{table}_{"_".join(columns)}', table_name=table)
