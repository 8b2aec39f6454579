"""Which databases a test of a page needs."""

import pytest

on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""
Run a test on SQLite alone.

For tests of wording, layout, charts, access, and refusals that come before anything is
written: the engine cannot matter to them, and every query was already run on both by the
tests of ``db``. Whatever saves, and whatever reads back what was saved, runs on both.
"""
