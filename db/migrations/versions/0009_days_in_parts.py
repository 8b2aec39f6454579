"""Day data in parts by clinic, on PostgreSQL"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# Those that others refer to come first.
TABLES = ('daily_report', 'daily_report_revision', 'event')
PARTS = 16


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    with _keys_kept():
        for table in TABLES:
            _make_anew(table, 'PARTITION BY HASH (clinic_id)', PARTS)


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    with _keys_kept():
        for table in TABLES:
            _make_anew(table, '', 0)


def _make_anew(table: str, form: str, parts: int) -> None:
    before = f'{table}_before'
    op.rename_table(table, before)
    # Checks, defaults and what may be empty come along, under the same names.
    op.execute(
        f'CREATE TABLE {table} (LIKE {before} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) {form}'
    )
    for part in range(parts):
        op.execute(
            f'CREATE TABLE {table}_p{part:02d} PARTITION OF {table} '
            f'FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})'
        )
    op.execute(f'INSERT INTO {table} SELECT * FROM {before}')
    op.drop_table(before)


@contextmanager
def _keys_kept():
    """Take the keys and indexes off for the block, and put them back: built once, on all rows."""
    found = sa.inspect(op.get_bind())
    kept = {
        table: (
            found.get_pk_constraint(table),
            found.get_unique_constraints(table),
            [each for each in found.get_indexes(table) if 'duplicates_constraint' not in each],
            # Of a key that refers to a table in parts there is one more for each part.
            [each for each in found.get_foreign_keys(table) if '_p' not in each['referred_table'][-4:]],
        )
        for table in TABLES
    }
    for table in reversed(TABLES):
        for key in kept[table][3]:
            op.drop_constraint(key['name'], table, type_='foreignkey')
    yield
    for table, (primary, uniques, indexes, _) in kept.items():
        op.create_primary_key(primary['name'], table, primary['constrained_columns'])
        for each in uniques:
            op.create_unique_constraint(each['name'], table, each['column_names'])
        for each in indexes:
            op.create_index(each['name'], table, each['column_names'], unique=each['unique'])
    for table in TABLES:
        for key in kept[table][3]:
            op.create_foreign_key(
                key['name'],
                table,
                key['referred_table'],
                key['constrained_columns'],
                key['referred_columns'],
            )
        # Nobody counts the rows of a table in parts by itself, and plans rest on the count.
        op.execute(f'ANALYZE {table}')
