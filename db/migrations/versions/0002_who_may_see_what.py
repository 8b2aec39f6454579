"""Who may see what"""

from uuid import UUID

import sqlalchemy as sa
import sqlmodel
from alembic import op

from db.audit_chain import tied
from db.models import AuditRow

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
OLD_ROLES = ('patient', 'clinician', 'administrator')
ROLES = ('patient', 'carer', 'assistant', 'clinician', 'administrator')
OLD_AUDIT = ('clinic_id', 'at', 'actor_id', 'session_id', 'patient_id', 'action', 'subject')

REFUSALS = {
    'sqlite': [
        f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
        for verb in ('update', 'delete')
    ]
    # Replacing an entry by inserting over it fires neither of the two.
    + [
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS "
        "(SELECT 1 FROM audit WHERE chain = NEW.chain AND number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
    ],
    'postgresql': [
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'the audit is only added to' USING ERRCODE = '23514'; END$$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    ],
}


def upgrade() -> None:
    _change_roles(ROLES, "role IN ('patient', 'carer')")
    op.create_index(
        'uq_account_one_per_patient',
        'account',
        ['clinic_id', 'patient_id'],
        unique=True,
        sqlite_where=sa.text("role = 'patient'"),
        postgresql_where=sa.text("role = 'patient'"),
    )
    _add_ways_in()
    _add_columns()
    _chain_the_audit()


def downgrade() -> None:
    _unchain_the_audit()
    for table in ('event', 'daily_report_revision', 'daily_report'):
        with op.batch_alter_table(table) as batch:
            batch.drop_column('is_by_proxy')
    op.drop_table('invitation')
    op.drop_index('uq_account_one_per_patient', table_name='account')
    _change_roles(OLD_ROLES, "role = 'patient'")


def _change_roles(after, has_record) -> None:
    """Replace both checks of a role; SQLite can only do so by copying the table."""
    spelled = ', '.join(f"'{role}'" for role in after)
    checks = {
        'ck_account_role': f'role IN ({spelled})',
        'ck_account_patient_has_record': f'({has_record}) = (patient_id IS NOT NULL)',
    }
    with op.batch_alter_table('account') as batch:
        for name, check in checks.items():
            batch.drop_constraint(op.f(name), type_='check')
            batch.create_check_constraint(op.f(name), sa.text(check))


def _add_ways_in() -> None:
    patient_key = ['clinic_id', 'patient_id'], ['patient.clinic_id', 'patient.id']
    op.create_table(
        'invitation',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('patient_id', sa.Uuid(), nullable=False),
        sa.Column('role', sa.Enum(*ROLES, name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('code_hash', TEXT(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        sa.Column('expires_at', INSTANT(), nullable=False),
        sa.Column('used_at', INSTANT(), nullable=True),
        sa.Column('used_by', sa.Uuid(), nullable=True),
        sa.Column('revoked_at', INSTANT(), nullable=True),
        sa.Column('revoked_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint("role IN ('patient', 'carer')", name=op.f('ck_invitation_for_one_record')),
        sa.CheckConstraint('(revoked_at IS NULL) = (revoked_by IS NULL)', name=op.f('ck_invitation_revoked_paired')),
        sa.CheckConstraint('(used_at IS NULL) = (used_by IS NULL)', name=op.f('ck_invitation_used_paired')),
        sa.ForeignKeyConstraint(*patient_key, name=op.f('fk_invitation_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'id', name=op.f('pk_invitation')),
        sa.UniqueConstraint('code_hash', name=op.f('uq_invitation_code_hash')),
    )
    op.create_index('ix_invitation_clinic_id_patient_id', 'invitation', ['clinic_id', 'patient_id'])


def _add_columns() -> None:
    no = sa.false()
    for table in ('daily_report', 'daily_report_revision', 'event'):
        op.add_column(table, sa.Column('is_by_proxy', sa.Boolean(), nullable=False, server_default=no))


def _chain_the_audit() -> None:
    """Move the entries into a table of the new form, each tied to the one before it."""
    connection = op.get_bind()
    before = sa.table('audit', *(sa.column(name, _type(name)) for name in ('id', *OLD_AUDIT)))
    old = connection.execute(
        sa.select(*(before.c[name] for name in OLD_AUDIT)).order_by(before.c.at, before.c.id)
    ).mappings().all()
    op.drop_index('ix_audit_clinic_id_patient_id_at', table_name='audit')
    op.drop_table('audit')
    op.create_table(
        'audit',
        sa.Column('chain', sa.Uuid(), nullable=False),
        sa.Column('number', sa.BigInteger(), nullable=False),
        *(sa.Column(name, _type(name), nullable=name not in {'at', 'action', 'subject'}) for name in OLD_AUDIT),
        *(sa.Column(name, TEXT(), nullable=False) for name in ('old', 'new', 'reason', 'previous_hash', 'hash')),
        sa.PrimaryKeyConstraint('chain', 'number', name=op.f('pk_audit')),
    )
    op.create_index('ix_audit_clinic_id_patient_id_at', 'audit', ['clinic_id', 'patient_id', 'at'])
    op.create_index('ix_audit_clinic_id_at', 'audit', ['clinic_id', 'at'])
    op.create_table(
        'audit_head',
        sa.Column('chain', sa.Uuid(), nullable=False),
        sa.Column('number', sa.BigInteger(), nullable=False),
        sa.Column('hash', TEXT(), nullable=False),
        sa.PrimaryKeyConstraint('chain', name=op.f('pk_audit_head')),
    )
    _insert_chained(connection, old)
    for statement in REFUSALS[connection.dialect.name]:
        op.execute(statement)


def _insert_chained(connection, old) -> None:
    audit = sa.table('audit', *(sa.column(name, _type(name)) for name in AuditRow.model_fields))
    heads: dict[UUID, AuditRow] = {}
    for values in old:
        head = heads.get(values['clinic_id'])
        number, previous_hash = (head.number + 1, head.hash) if head else (1, '')
        row = tied(values, number=number, previous_hash=previous_hash)
        heads[values['clinic_id']] = row
        connection.execute(audit.insert(), row.model_dump())
    head_table = sa.table(
        'audit_head', sa.column('chain', sa.Uuid()), sa.column('number'), sa.column('hash')
    )
    for head in heads.values():
        newest = {'chain': head.chain, 'number': head.number, 'hash': head.hash}
        connection.execute(head_table.insert(), newest)


def _unchain_the_audit() -> None:
    connection = op.get_bind()
    columns = ('chain', 'number', *OLD_AUDIT)
    after = sa.table('audit', *(sa.column(name, _type(name)) for name in columns))
    kept = connection.execute(
        sa.select(*(after.c[name] for name in OLD_AUDIT)).order_by(after.c.at)
    ).mappings().all()
    op.drop_table('audit_head')
    op.drop_table('audit')
    if connection.dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_audit_change()')
    op.create_table(
        'audit',
        sa.Column('id', sa.Uuid(), nullable=False),
        *(sa.Column(name, _type(name), nullable=name not in {'at', 'action', 'subject'}) for name in OLD_AUDIT),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit')),
    )
    op.create_index('ix_audit_clinic_id_patient_id_at', 'audit', ['clinic_id', 'patient_id', 'at'])
    before = sa.table('audit', *(sa.column(name, _type(name)) for name in ('id', *OLD_AUDIT)))
    for number, values in enumerate(kept, start=1):
        connection.execute(before.insert(), {'id': UUID(int=number), **values})


def _type(name: str) -> sa.types.TypeEngine:
    if name in {'id', 'chain', 'clinic_id', 'actor_id', 'session_id', 'patient_id'}:
        return sa.Uuid()
    if name == 'number':
        return sa.BigInteger()
    return INSTANT() if name == 'at' else TEXT()
