"""What to expect: languages, reading, questionnaires, what a clinic advises"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
LANGUAGES = ('en', 'es')
KINDS = ('sudden_pain', 'fall', 'pain_reading')
NEW_TABLES = ('clinic_value', 'questionnaire_response', 'teach_back_answer', 'page_opening')


def upgrade() -> None:
    with op.batch_alter_table('account') as batch:
        batch.add_column(
            sa.Column('language', _one_of('language', LANGUAGES), nullable=False, server_default='en')
        )
    _allow_kinds(*KINDS, 'procedure_done')
    _add_reading()
    _add_questionnaires()
    _add_advice()


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM event WHERE kind = 'procedure_done'")
    _allow_kinds(*KINDS)
    with op.batch_alter_table('account') as batch:
        batch.drop_constraint(op.f('ck_account_language'), type_='check')
        batch.drop_column('language')


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _allow_kinds(*kinds) -> None:
    listed = ', '.join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table('event') as batch:
        batch.drop_constraint(op.f('ck_event_eventkind'), type_='check')
        batch.create_check_constraint(op.f('ck_event_eventkind'), f'kind IN ({listed})')


def _episode(table):
    return sa.ForeignKeyConstraint(
        ['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f(f'fk_{table}_clinic_id')
    )


def _account(table):
    return sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f(f'fk_{table}_account_id'))


def _key(table, *columns):
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f'pk_{table}'))


def _ids(*names):
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _add_reading() -> None:
    op.create_table(
        'page_opening',
        *_ids('clinic_id', 'episode_id', 'account_id'),
        sa.Column('slug', TEXT(), nullable=False),
        sa.Column('first_opened_at', INSTANT(), nullable=False),
        sa.Column('last_opened_at', INSTANT(), nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.Column('is_by_proxy', sa.Boolean(), nullable=False),
        sa.CheckConstraint('times >= 1', name=op.f('ck_page_opening_times_counted')),
        _episode('page_opening'),
        _account('page_opening'),
        _key('page_opening', 'clinic_id', 'episode_id', 'account_id', 'slug'),
    )
    op.create_table(
        'teach_back_answer',
        *_ids('clinic_id', 'id', 'episode_id', 'account_id'),
        sa.Column('slug', TEXT(), nullable=False),
        sa.Column('language', _one_of('language', LANGUAGES), nullable=False),
        sa.Column('answer', sa.Integer(), nullable=False),
        sa.Column('is_right', sa.Boolean(), nullable=False),
        sa.Column('is_by_proxy', sa.Boolean(), nullable=False),
        *_ids('idempotency_key'),
        sa.Column('answered_at', INSTANT(), nullable=False),
        sa.CheckConstraint('answer >= 1', name=op.f('ck_teach_back_answer_answer_numbered')),
        sa.UniqueConstraint(
            'clinic_id', 'episode_id', 'idempotency_key',
            name=op.f('uq_teach_back_answer_clinic_id_episode_id_idempotency_key'),
        ),
        _episode('teach_back_answer'),
        _account('teach_back_answer'),
        _key('teach_back_answer', 'clinic_id', 'id'),
    )


def _add_questionnaires() -> None:
    op.create_table(
        'questionnaire_response',
        *_ids('clinic_id', 'id', 'episode_id'),
        sa.Column('instrument', _one_of('instrument', ('peg', 'pgic')), nullable=False),
        sa.Column('due_pod', sa.Integer(), nullable=False),
        sa.Column('answered_on', sa.Date(), nullable=False),
        sa.Column('language', _one_of('language', LANGUAGES), nullable=False),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('score', sa.Float(), nullable=False),
        sa.Column('is_by_proxy', sa.Boolean(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        *_ids('created_by'),
        sa.CheckConstraint('due_pod >= 0', name=op.f('ck_questionnaire_response_due_from_day_0')),
        sa.UniqueConstraint(
            'clinic_id', 'episode_id', 'instrument', 'due_pod',
            name=op.f('uq_questionnaire_response_clinic_id_episode_id_instrument_due_pod'),
        ),
        _episode('questionnaire_response'),
        _key('questionnaire_response', 'clinic_id', 'id'),
    )


def _add_advice() -> None:
    op.create_table(
        'clinic_value',
        *_ids('clinic_id'),
        sa.Column('procedure', TEXT(), nullable=False),
        sa.Column('value_id', TEXT(), nullable=False),
        sa.Column('value', sa.Float(), nullable=False),
        sa.Column('updated_at', INSTANT(), nullable=False),
        *_ids('updated_by'),
        sa.CheckConstraint('value BETWEEN 0 AND 1000', name=op.f('ck_clinic_value_value_range')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_clinic_value_clinic_id')),
        _key('clinic_value', 'clinic_id', 'procedure', 'value_id'),
    )
