"""Statements that were compiled once, for every engine of a test run."""

import sqlalchemy as sa

_known: dict[str, sa.Engine] = {}


def with_known_statements(engine: sa.Engine) -> sa.Engine:
    """
    Let *engine* use the statements that those of its kind before it compiled.

    A server does so all day, with the one engine it has. Compiled for each test anew, they take
    half of the time of a test that has a database. SQLAlchemy shares the same two between an
    engine and those made from it by ``execution_options``.
    """
    if engine.dialect.name not in _known:
        # A dialect learns the server's version from the first connection of its own engine alone.
        engine.connect().close()
        engine.dispose()
    first = _known.setdefault(engine.dialect.name, engine)
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache  # noqa: SLF001 - as SQLAlchemy's own copies do
    return engine
