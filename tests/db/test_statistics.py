"""SQLite is told how a large clinic's rows are spread, and plans so with one patient too."""

from pathlib import Path

import pytest

from db.connections import open_engine
from db.schema import upgrade
from db.statistics import plant_statistics, statistic


def test_a_line_tells_how_many_rows_are_alike() -> None:
    """In all, in a clinic, of one person there; of a whole key there is one."""
    key = ["clinic_id", "episode_id", "day"]

    assert statistic("daily_report", key, is_unique=True) == "3600000 900000 90 1"
    assert statistic("event", key[:2], is_unique=False) == "120000 30000 3"
    assert statistic("alert", ["clinic_id"], is_unique=False, is_partial=True) == "1200 300"


def test_every_database_is_told(tmp_path: Path) -> None:
    """After an upgrade the lines are there, also where others were gathered before."""
    engine = open_engine(f"sqlite:///{tmp_path / 'mendline.db'}")
    upgrade(engine)
    ask = "SELECT stat FROM sqlite_stat1 WHERE idx = 'sqlite_autoindex_daily_report_1'"
    with engine.connect() as connection:
        assert connection.exec_driver_sql(ask).scalar() == "3600000 900000 90 1"
        connection.rollback()
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        plant_statistics(connection)
        assert connection.exec_driver_sql(ask).scalar() == "3600000 900000 90 1"
    engine.dispose()


@pytest.mark.parametrize("table", ["daily_report", "audit", "clinic"])
def test_numbers_never_rise(table: str) -> None:
    """Rows that are alike in more columns are not more."""
    line = statistic(table, ["clinic_id", "kind", "patient_id", "at"], is_unique=False)
    numbers = [int(each) for each in line.split()]

    assert numbers == sorted(numbers, reverse=True)
    assert min(numbers) >= 1
