"""Outcomes: what became of each recovery, and counts of pain that add up"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
COUNTED = [
    'clinic_id', 'procedure', 'procedure_date', 'responses', 'active_pod', 'is_active_again',
    'logged_days', 'brace_percent', 'patient_id',
]


def upgrade() -> None:
    op.create_table(
        'cohort_count',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('procedure', TEXT(), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('pod', sa.Integer(), nullable=False),
        sa.Column('score', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.CheckConstraint('number >= 0', name=op.f('ck_cohort_count_number_counted')),
        sa.CheckConstraint('pod BETWEEN 0 AND 365', name=op.f('ck_cohort_count_pod_range')),
        sa.CheckConstraint('score BETWEEN 0 AND 10', name=op.f('ck_cohort_count_score_range')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_cohort_count_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'procedure', 'month', 'pod', 'score', name=op.f('pk_cohort_count'))
    )
    op.create_table(
        'episode_outcome',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('patient_id', sa.Uuid(), nullable=False),
        sa.Column('procedure', TEXT(), nullable=False),
        sa.Column('procedure_date', sa.Date(), nullable=False),
        sa.Column('series', TEXT(), nullable=False),
        sa.Column('responses', TEXT(), nullable=False),
        sa.Column('active_pod', sa.Integer(), nullable=False),
        sa.Column('is_active_again', sa.Boolean(), nullable=False),
        sa.Column('logged_days', sa.Integer(), nullable=False),
        sa.Column('brace_percent', sa.Integer(), nullable=True),
        sa.CheckConstraint('active_pod BETWEEN -1 AND 365', name=op.f('ck_episode_outcome_active_pod_range')),
        sa.CheckConstraint('brace_percent BETWEEN 0 AND 200', name=op.f('ck_episode_outcome_brace_percent_range')),
        sa.CheckConstraint('logged_days BETWEEN 0 AND 30', name=op.f('ck_episode_outcome_logged_days_range')),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_episode_outcome_clinic_id_episode_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'episode_id', name=op.f('pk_episode_outcome'))
    )
    op.create_index('ix_episode_outcome_counted', 'episode_outcome', COUNTED)
    op.create_index('ix_episode_outcome_clinic_id_patient_id', 'episode_outcome', ['clinic_id', 'patient_id'])
    # Every episode is due, so that the next look at the clock counts it by the rules of today.
    op.execute("UPDATE episode_status SET judge_on = '0001-01-01'")


def downgrade() -> None:
    op.drop_table('episode_outcome')
    op.drop_table('cohort_count')
