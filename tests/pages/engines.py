"""Which databases a test of a page needs."""

import pytest

on_one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""
Run a test on SQLite alone.

For tests of wording, layout, charts and access, where nothing is written by the act under
test and every query was already run on both engines by the tests of ``db``. Whatever saves,
and whatever reads back what was saved, runs on both.
"""
