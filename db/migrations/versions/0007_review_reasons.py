"""The review list by reason and by procedure, in the order of need"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KINDS = (
    'warning_sign', 'sudden_pain', 'fall', 'change', 'worse_again', 'higher', 'no_response',
    'silence', 'medicine', 'brace',
)


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name='reasonkind', native_enum=False, create_constraint=True, length=32)
    op.create_table(
        'episode_reason',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('kind', kind, nullable=False),
        sa.Column('need', sa.Integer(), nullable=False),
        sa.Column('need_day', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_episode_reason_clinic_id_episode_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'episode_id', 'kind', name=op.f('pk_episode_reason'))
    )
    with op.batch_alter_table('episode_reason') as batch:
        batch.create_index('ix_episode_reason_by_need', ['clinic_id', 'kind', 'need', 'need_day', 'episode_id'])
    op.execute(
        """
        INSERT INTO episode_reason (clinic_id, episode_id, kind, need, need_day)
        SELECT DISTINCT alert.clinic_id, alert.episode_id, alert.kind, status.need, status.need_day
        FROM alert
        JOIN episode_status AS status
            ON status.clinic_id = alert.clinic_id AND status.episode_id = alert.episode_id
        WHERE alert.state <> 'closed' AND alert.snoozed_until IS NULL
        """
    )
    op.create_index(
        'ix_episode_status_by_procedure_need',
        'episode_status',
        ['clinic_id', 'procedure', 'need', 'need_day', 'episode_id'],
    )
    _index_assignments(['clinic_id', 'account_id', 'patient_id'])
    op.add_column('episode_status', sa.Column('snoozed_until', sa.Date(), nullable=True))
    op.add_column('episode_status', sa.Column('changed_by', sa.Uuid(), nullable=True))
    op.execute(
        """
        UPDATE episode_status SET snoozed_until = (
            SELECT MIN(alert.snoozed_until)
            FROM alert
            WHERE alert.clinic_id = episode_status.clinic_id
                AND alert.episode_id = episode_status.episode_id
                AND alert.state <> 'closed'
        )
        """
    )


def downgrade() -> None:
    op.drop_column('episode_status', 'changed_by')
    op.drop_column('episode_status', 'snoozed_until')
    _index_assignments(['clinic_id', 'account_id'])
    op.drop_index('ix_episode_status_by_procedure_need', 'episode_status')
    op.drop_table('episode_reason')


def _index_assignments(columns) -> None:
    op.drop_index('ix_assignment_clinic_id_account_id', 'assignment')
    op.create_index('ix_assignment_clinic_id_account_id', 'assignment', columns)
