"""Outcomes summed from counts, so that a large clinic's page opens as fast as a small one's"""

from collections import Counter

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
COUNTED = [
    'clinic_id', 'procedure', 'procedure_date', 'responses', 'active_pod', 'is_active_again',
    'logged_days', 'brace_percent', 'patient_id',
]
OUTCOME = sa.table(
    'episode_outcome',
    sa.column('clinic_id', sa.Uuid()),
    sa.column('procedure', TEXT()),
    sa.column('procedure_date', sa.Date()),
    sa.column('responses', TEXT()),
    sa.column('active_pod', sa.Integer()),
    sa.column('is_active_again', sa.Boolean()),
    sa.column('logged_days', sa.Integer()),
    sa.column('brace_percent', sa.Integer()),
)
AT_ONCE = 10_000


def upgrade() -> None:
    count = op.create_table(
        'outcome_count',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('procedure', TEXT(), nullable=False),
        sa.Column('measure', TEXT(), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('value', TEXT(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.CheckConstraint('number >= 0', name=op.f('ck_outcome_count_number_counted')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_outcome_count_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'procedure', 'measure', 'month', 'value', name=op.f('pk_outcome_count')),
    )
    rows = [
        dict(zip(('clinic_id', 'procedure', 'month', 'measure', 'value'), key), number=number)
        for key, number in _counted(op.get_bind()).items()
    ]
    for first in range(0, len(rows), AT_ONCE):
        op.bulk_insert(count, rows[first:first + AT_ONCE])
    op.create_index(
        'ix_episode_outcome_clinic_id_procedure_procedure_date',
        'episode_outcome',
        ['clinic_id', 'procedure', 'procedure_date'],
    )
    op.drop_index('ix_episode_outcome_counted', table_name='episode_outcome')


def downgrade() -> None:
    op.create_index('ix_episode_outcome_counted', 'episode_outcome', COUNTED)
    op.drop_index(
        'ix_episode_outcome_clinic_id_procedure_procedure_date', table_name='episode_outcome'
    )
    op.drop_table('outcome_count')


def _counted(connection: sa.Connection) -> Counter:
    counts: Counter = Counter()
    # Recoveries with the same outcome and day are read as one row.
    columns = list(OUTCOME.c)
    found = connection.execute(sa.select(*columns, sa.func.count()).group_by(*columns))
    for *row, number in found:
        clinic_id, procedure, day, responses, pod, is_active, logged, brace = row
        whose = (clinic_id, procedure, day.replace(day=1))
        values = [
            ('began', f'{day.day:02}'),
            ('logged', str(logged)),
            ('logged_by_day', f'{day.day:02} {logged}'),
            *(('response', each) for each in responses.split()),
        ]
        if pod > 0:
            values.append(('active', f'{pod} {is_active:d}'))
        if brace is not None:
            values.append(('brace', str(brace)))
        for value in values:
            counts[*whose, *value] += number
    return counts
