"""Judgement: alerts and what was done with them, thresholds, visits ahead, views of the list"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
INSTANT = sqlmodel.sql.sqltypes.UTCDateTime
LONG_AGO = '0001-01-01'
NEW_TABLES = (
    'alert_act', 'visit_question', 'saved_view', 'review_look', 'planned_visit', 'alert',
    'judgement_settings',
)


def upgrade() -> None:
    _add_settings()
    _add_alerts()
    _add_visits()
    _add_views()
    _change_clinic()
    # Every episode is due, so that the next look at the clock judges it anew.
    with op.batch_alter_table('episode_status') as batch:
        batch.drop_index('ix_episode_status_by_attention')
        batch.drop_constraint(op.f('ck_episode_status_eventkind'), type_='check')
        for name in ('event_day', 'attention_day', 'event', 'warning_day'):
            batch.drop_column(name)
        batch.add_column(sa.Column('spark', TEXT(), nullable=False, server_default=''))
        batch.add_column(sa.Column('need', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(_day('need_day'))
        batch.add_column(sa.Column('reasons', sa.JSON(), nullable=False, server_default='[]'))
        batch.add_column(
            sa.Column('changed_at', INSTANT(), nullable=False, server_default=f'{LONG_AGO} 00:00:00')
        )
        batch.add_column(_day('judge_on'))
        batch.create_index('ix_episode_status_by_change', ['clinic_id', 'changed_at', 'episode_id'])
        batch.create_index('ix_episode_status_by_due', ['clinic_id', 'judge_on', 'episode_id'])
        batch.create_index('ix_episode_status_by_need', ['clinic_id', 'need', 'need_day', 'episode_id'])


def downgrade() -> None:
    with op.batch_alter_table('episode_status') as batch:
        for name in ('change', 'due', 'need'):
            batch.drop_index(f'ix_episode_status_by_{name}')
        for name in ('judge_on', 'changed_at', 'reasons', 'need_day', 'need', 'spark'):
            batch.drop_column(name)
        for name in ('warning_day', 'event_day', 'attention_day'):
            batch.add_column(_day(name))
        batch.add_column(
            sa.Column('event', _one_of('eventkind', 'sudden_pain', 'fall', 'pain_reading', 'procedure_done'))
        )
        batch.create_index(
            'ix_episode_status_by_attention', ['clinic_id', 'attention_day', 'episode_id']
        )
    with op.batch_alter_table('clinic') as batch:
        batch.drop_constraint(op.f('ck_clinic_escalate_after_hours_range'), type_='check')
        batch.drop_constraint(op.f('ck_clinic_reading_days_range'), type_='check')
        for name in ('reading_days', 'escalates_to', 'escalate_after_hours'):
            batch.drop_column(name)
    for table in NEW_TABLES:
        op.drop_table(table)


def _one_of(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _where(condition):
    return {f'{engine}_where': sa.text(condition) for engine in ('sqlite', 'postgresql')}


def _day(name):
    return sa.Column(name, sa.Date(), nullable=False, server_default=LONG_AGO)


def _change_clinic() -> None:
    with op.batch_alter_table('clinic') as batch:
        batch.add_column(
            sa.Column('escalate_after_hours', sa.Integer(), nullable=False, server_default='24')
        )
        batch.add_column(sa.Column('escalates_to', sa.Uuid()))
        batch.add_column(sa.Column('reading_days', sa.Integer(), nullable=False, server_default='0'))
        batch.create_check_constraint(
            op.f('ck_clinic_escalate_after_hours_range'), 'escalate_after_hours BETWEEN 1 AND 336'
        )
        batch.create_check_constraint(op.f('ck_clinic_reading_days_range'), 'reading_days BETWEEN 0 AND 127')


def _add_settings() -> None:
    op.create_table(
        'judgement_settings',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('thresholds', sa.JSON(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        sa.CheckConstraint('version >= 1', name=op.f('ck_judgement_settings_version_counted')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_judgement_settings_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'version', name=op.f('pk_judgement_settings'))
    )


def _add_alerts() -> None:
    op.create_table(
        'alert',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('patient_id', sa.Uuid(), nullable=False),
        sa.Column('kind', _one_of('reasonkind', 'warning_sign', 'sudden_pain', 'fall', 'change', 'worse_again', 'higher', 'no_response', 'silence', 'medicine', 'brace'), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('settings_version', sa.Integer(), nullable=False),
        sa.Column('state', _one_of('alertstate', 'new', 'seen', 'acted', 'closed'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('holds', sa.Boolean(), nullable=False),
        sa.Column('is_rearmed', sa.Boolean(), nullable=False),
        sa.Column('opened_at', INSTANT(), nullable=False),
        sa.Column('seen_at', INSTANT(), nullable=True),
        sa.Column('seen_by', sa.Uuid(), nullable=True),
        sa.Column('acted_at', INSTANT(), nullable=True),
        sa.Column('acted_by', sa.Uuid(), nullable=True),
        sa.Column('closed_at', INSTANT(), nullable=True),
        sa.Column('closed_by', sa.Uuid(), nullable=True),
        sa.Column('close_reason', _one_of('closereason', 'spoke', 'visit', 'sent_on', 'expected', 'mistake', 'other'), nullable=True),
        sa.Column('snoozed_until', sa.Date(), nullable=True),
        sa.Column('escalated_at', INSTANT(), nullable=True),
        sa.Column('escalated_to', sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (close_reason IS NOT NULL)", name=op.f('ck_alert_closed_why')),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_alert_closed_by_one')),
        sa.CheckConstraint('(acted_at IS NULL) = (acted_by IS NULL)', name=op.f('ck_alert_acted_paired')),
        sa.CheckConstraint('(closed_at IS NULL) = (closed_by IS NULL)', name=op.f('ck_alert_closed_paired')),
        sa.CheckConstraint('(escalated_at IS NULL) = (escalated_to IS NULL)', name=op.f('ck_alert_escalated_to_one')),
        sa.CheckConstraint('(seen_at IS NULL) = (seen_by IS NULL)', name=op.f('ck_alert_seen_paired')),
        sa.CheckConstraint('last_day >= first_day', name=op.f('ck_alert_days_ordered')),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_alert_clinic_id_episode_id')),
        sa.ForeignKeyConstraint(['clinic_id', 'patient_id'], ['patient.clinic_id', 'patient.id'], name=op.f('fk_alert_clinic_id_patient_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'id', name=op.f('pk_alert'))
    )
    with op.batch_alter_table('alert') as batch:
        batch.create_index('ix_alert_clinic_id_episode_id', ['clinic_id', 'episode_id'])
        batch.create_index('ix_alert_clinic_id_opened_at', ['clinic_id', 'opened_at'])
        batch.create_index('ix_alert_open', ['clinic_id', 'kind', 'episode_id'], **_where("state <> 'closed'"))
        batch.create_index('ix_alert_snoozed', ['clinic_id', 'snoozed_until'], **_where('snoozed_until IS NOT NULL'))
        batch.create_index(
            'ix_alert_untouched', ['clinic_id', 'opened_at'], **_where("state = 'new' AND escalated_at IS NULL")
        )
        batch.create_index(
            'uq_alert_one_new', ['clinic_id', 'episode_id', 'kind', 'first_day'], unique=True, **_where("state = 'new'")
        )
    op.create_table(
        'alert_act',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('alert_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('kind', _one_of('alertactkind', 'seen', 'acted', 'snoozed', 'closed', 'escalated', 'returned'), nullable=False),
        sa.Column('words', TEXT(), nullable=False),
        sa.Column('reason', _one_of('closereason', 'spoke', 'visit', 'sent_on', 'expected', 'mistake', 'other'), nullable=True),
        sa.Column('until', sa.Date(), nullable=True),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint('number >= 1', name=op.f('ck_alert_act_number_counted')),
        sa.ForeignKeyConstraint(['clinic_id', 'alert_id'], ['alert.clinic_id', 'alert.id'], name=op.f('fk_alert_act_clinic_id_alert_id')),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_alert_act_clinic_id_episode_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'alert_id', 'number', name=op.f('pk_alert_act'))
    )


def _add_visits() -> None:
    op.create_table(
        'planned_visit',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('visit_date', sa.Date(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_planned_visit_clinic_id_episode_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'episode_id', 'visit_date', name=op.f('pk_planned_visit'))
    )
    with op.batch_alter_table('planned_visit') as batch:
        batch.create_index('ix_planned_visit_clinic_id_visit_date', ['clinic_id', 'visit_date', 'episode_id'])
    op.create_table(
        'visit_question',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('episode_id', sa.Uuid(), nullable=False),
        sa.Column('text', TEXT(), nullable=False),
        sa.Column('is_by_proxy', sa.Boolean(), nullable=False),
        sa.Column('idempotency_key', sa.Uuid(), nullable=False),
        sa.Column('created_at', INSTANT(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        sa.Column('withdrawn_at', INSTANT(), nullable=True),
        sa.Column('withdrawn_by', sa.Uuid(), nullable=True),
        sa.CheckConstraint('(withdrawn_at IS NULL) = (withdrawn_by IS NULL)', name=op.f('ck_visit_question_end_paired')),
        sa.ForeignKeyConstraint(['clinic_id', 'episode_id'], ['episode.clinic_id', 'episode.id'], name=op.f('fk_visit_question_clinic_id_episode_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'id', name=op.f('pk_visit_question')),
        sa.UniqueConstraint('clinic_id', 'episode_id', 'idempotency_key', name=op.f('uq_visit_question_clinic_id_episode_id_idempotency_key'))
    )


def _add_views() -> None:
    op.create_table(
        'review_look',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('looked_at', INSTANT(), nullable=False),
        sa.Column('before', INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_review_look_account_id')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_review_look_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'account_id', name=op.f('pk_review_look'))
    )
    op.create_table(
        'saved_view',
        sa.Column('clinic_id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('name', TEXT(), nullable=False),
        sa.Column('view', sa.JSON(), nullable=False),
        sa.Column('updated_at', INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_view_account_id')),
        sa.ForeignKeyConstraint(['clinic_id'], ['clinic.id'], name=op.f('fk_saved_view_clinic_id')),
        sa.PrimaryKeyConstraint('clinic_id', 'account_id', 'name', name=op.f('pk_saved_view'))
    )
