"""Jobs of the server, and when it backs itself up"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        'job',
        sa.Column('name', TEXT(), nullable=False),
        sa.Column('started_at', INSTANT(), nullable=False),
        sa.Column('finished_at', INSTANT(), nullable=True),
        sa.Column('detail', TEXT(), nullable=False),
        sa.Column('failed_at', INSTANT(), nullable=True),
        sa.Column('failure', TEXT(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_job'))
    )
    op.create_table(
        'backup_plan',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('hour', sa.Integer(), nullable=False),
        sa.Column('time_zone', TEXT(), nullable=False),
        sa.Column('folder', TEXT(), nullable=False),
        sa.Column('keep', sa.Integer(), nullable=False),
        sa.Column('changed_at', INSTANT(), nullable=False),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint('hour BETWEEN 0 AND 23', name=op.f('ck_backup_plan_hour_range')),
        sa.CheckConstraint('id = 1', name=op.f('ck_backup_plan_only_one')),
        sa.CheckConstraint('keep BETWEEN 1 AND 365', name=op.f('ck_backup_plan_keep_range')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_backup_plan'))
    )


def downgrade() -> None:
    op.drop_table('backup_plan')
    op.drop_table('job')
