"""One new alert of a kind and day, also where 0005 was run as it was first released"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 0005 to 0007 allowed one open alert at first, and were changed in place to one new alert. A
    # database migrated in between kept the old index, under which a sign that comes back after
    # somebody acted on it cannot be stored.
    op.execute('DROP INDEX IF EXISTS uq_alert_one_open')
    op.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS uq_alert_one_new "
        "ON alert (clinic_id, episode_id, kind, first_day) WHERE state = 'new'"
    )


def downgrade() -> None:
    """Leave the index: every revision since 0005 makes it."""
