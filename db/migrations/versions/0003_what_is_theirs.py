"""What is theirs: second proofs, consent, who looks after whom"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
WAYS = ('password', 'passkey', 'provider')
REASONS = ('urgent_call', 'in_the_clinic', 'covering', 'other')
NEW_TABLES = (
    'erasure_request', 'consent', 'emergency_access', 'assignment', 'identity', 'identity_provider',
    'sign_in_flow', 'passkey', 'recovery_code', 'one_time_code',
)


def upgrade() -> None:
    no = sa.false()
    op.add_column('clinic', sa.Column('only_assigned', sa.Boolean(), nullable=False, server_default=no))
    op.add_column('account', sa.Column('starting_password_ends_at', INSTANT(), nullable=True))
    with op.batch_alter_table('auth_session') as batch:
        batch.add_column(
            sa.Column('way', _one_of('signinway', WAYS), nullable=False, server_default='password')
        )
        batch.add_column(sa.Column('needs_code', sa.Boolean(), nullable=False, server_default=no))
        batch.add_column(sa.Column('device', TEXT(), nullable=False, server_default=''))
    _add_proofs()
    _add_providers()
    _add_care()
    # Until now everybody treating saw everybody; whoever enrolled a patient looks after them.
    op.execute(
        'INSERT INTO assignment (clinic_id, patient_id, account_id, created_at, created_by) '
        'SELECT patient.clinic_id, patient.id, account.id, patient.created_at, account.id '
        'FROM patient JOIN account ON account.id = patient.created_by '
        "AND account.clinic_id = patient.clinic_id AND account.role IN ('clinician', 'assistant') "
        'AND account.is_active'
    )


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    with op.batch_alter_table('auth_session') as batch:
        batch.drop_constraint(op.f('ck_auth_session_signinway'), type_='check')
        for column in ('device', 'needs_code', 'way'):
            batch.drop_column(column)
    with op.batch_alter_table('account') as batch:
        batch.drop_column('starting_password_ends_at')
    with op.batch_alter_table('clinic') as batch:
        batch.drop_column('only_assigned')


def _one_of(name, values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _account(table):
    return sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f(f'fk_{table}_account_id'))


def _patient(table):
    return sa.ForeignKeyConstraint(
        ['clinic_id', 'patient_id'], ['patient.clinic_id', 'patient.id'], name=op.f(f'fk_{table}_clinic_id')
    )


def _key(table, *columns):
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f'pk_{table}'))


def _add_proofs() -> None:
    op.create_table(
        'one_time_code',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('sealed_seed', TEXT(), nullable=False),
        sa.Column('sealed_pending', TEXT(), nullable=False),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('confirmed_at', INSTANT(), nullable=True),
        _account('one_time_code'),
        _key('one_time_code', 'account_id'),
    )
    op.create_table(
        'recovery_code',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('code_hash', TEXT(), nullable=False),
        sa.Column('used_at', INSTANT(), nullable=True),
        _account('recovery_code'),
        _key('recovery_code', 'account_id', 'code_hash'),
    )
    op.create_table(
        'passkey',
        sa.Column('credential_id', TEXT(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('public_key', sa.LargeBinary(), nullable=False),
        sa.Column('sign_count', sa.BigInteger(), nullable=False),
        sa.Column('name', TEXT(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('last_used_at', INSTANT(), nullable=True),
        _account('passkey'),
        _key('passkey', 'credential_id'),
    )
    op.create_index('ix_passkey_account_id', 'passkey', ['account_id'])
    op.create_table(
        'sign_in_flow',
        sa.Column('id_hash', TEXT(), nullable=False),
        sa.Column('purpose', TEXT(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=True),
        sa.Column('sealed', TEXT(), nullable=False),
        sa.Column('expires_at', INSTANT(), nullable=False),
        _account('sign_in_flow'),
        _key('sign_in_flow', 'id_hash'),
    )
    op.create_index('ix_sign_in_flow_expires_at', 'sign_in_flow', ['expires_at'])


def _add_providers() -> None:
    op.create_table(
        'identity_provider',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ('name', 'issuer', 'client_id', 'sealed_secret')),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_identity_provider_clinic_id')),
        _key('identity_provider', 'clinic_id'),
    )
    op.create_table(
        'identity',
        sa.Column('issuer', TEXT(), nullable=False),
        sa.Column('subject', TEXT(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        _account('identity'),
        _key('identity', 'issuer', 'subject'),
    )
    op.create_index('ix_identity_account_id', 'identity', ['account_id'])


def _add_care() -> None:
    op.create_table(
        'assignment',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('clinic_id', 'patient_id', 'account_id')),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        _account('assignment'),
        _patient('assignment'),
        _key('assignment', 'clinic_id', 'patient_id', 'account_id'),
    )
    op.create_index('ix_assignment_clinic_id_account_id', 'assignment', ['clinic_id', 'account_id'])
    op.create_table(
        'emergency_access',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('clinic_id', 'id', 'patient_id', 'account_id')),
        sa.Column('reason', _one_of('emergencyreason', REASONS), nullable=False),
        sa.Column('words', TEXT(), nullable=False),
        sa.Column('started_at', INSTANT(), nullable=False),
        sa.Column('ends_at', INSTANT(), nullable=False),
        sa.Column('reviewed_at', INSTANT(), nullable=True),
        sa.Column('reviewed_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint('ends_at > started_at', name=op.f('ck_emergency_access_ends_later')),
        sa.CheckConstraint(
            '(reviewed_at IS NULL) = (reviewed_by IS NULL)', name=op.f('ck_emergency_access_review_paired')
        ),
        _account('emergency_access'),
        _patient('emergency_access'),
        _key('emergency_access', 'clinic_id', 'id'),
    )
    op.create_index(
        'ix_emergency_access_clinic_id_patient_id', 'emergency_access', ['clinic_id', 'patient_id']
    )
    op.create_table(
        'consent',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('clinic_id', 'id', 'patient_id')),
        sa.Column('text_version', TEXT(), nullable=False),
        sa.Column('given_at', INSTANT(), nullable=False),
        sa.Column('given_by', sa.Uuid(), nullable=False),
        sa.Column('withdrawn_at', INSTANT(), nullable=True),
        sa.Column('withdrawn_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            '(withdrawn_at IS NULL) = (withdrawn_by IS NULL)', name=op.f('ck_consent_end_paired')
        ),
        _patient('consent'),
        _key('consent', 'clinic_id', 'id'),
    )
    op.create_index(
        'uq_consent_one_open', 'consent', ['clinic_id', 'patient_id'], unique=True,
        sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'),
    )
    op.create_table(
        'erasure_request',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('clinic_id', 'patient_id')),
        sa.Column('requested_at', INSTANT(), nullable=False),
        sa.Column('requested_by', sa.Uuid(), nullable=False),
        _patient('erasure_request'),
        _key('erasure_request', 'clinic_id', 'patient_id'),
    )
