"""How Alembic runs: always on the connection that ``db.schema`` hands over."""

import sqlmodel  # noqa: F401 - registers the metadata
from alembic import context
from sqlmodel import SQLModel

import db.models  # noqa: F401 - registers the tables
from db.partitions import is_compared

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_object=is_compared,
)
with context.begin_transaction():
    context.run_migrations()
