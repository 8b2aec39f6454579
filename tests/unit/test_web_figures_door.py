"""Who may fetch the figures: this machine, or whoever has the token."""

import socket
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from db.engine import Database
from tests.servers import free_port
from tests.small_clinic import SmallClinic
from tests.web_client import signed_in
from web.observing import lifetime
from web.observing.door import (
    InvalidMetricsDoor,
    MetricsDoor,
    OpenPort,
    read_door,
    set_door,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOKEN = "t" * 32


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, MetricsDoor()),
        ({"MENDLINE_METRICS_PORT": "", "MENDLINE_METRICS_TOKEN": ""}, MetricsDoor()),
        ({"MENDLINE_METRICS_PORT": "1"}, MetricsDoor(port=1)),
        ({"MENDLINE_METRICS_PORT": "65535"}, MetricsDoor(port=65535)),
        ({"MENDLINE_METRICS_TOKEN": TOKEN}, MetricsDoor(token=TOKEN)),
    ],
)
def test_figures_are_closed_unless_asked_for(
    settings: dict[str, str], expected: MetricsDoor
) -> None:
    """Each of the two ways by a setting of its own."""
    assert read_door(settings) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MENDLINE_METRICS_PORT", "0"),
        ("MENDLINE_METRICS_PORT", "65536"),
        ("MENDLINE_METRICS_PORT", "-1"),
        ("MENDLINE_METRICS_PORT", "0.0.0.0:9101"),
        ("MENDLINE_METRICS_PORT", "\u0663"),
        ("MENDLINE_METRICS_TOKEN", "t" * 31),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    """With what to write instead, and without what was written."""
    with pytest.raises(InvalidMetricsDoor, match=name) as refused:
        lifetime.read_settings({name: value})
    assert value not in str(refused.value) or value in {"0", "-1"}


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer té", 401),
        (None, 401),
    ],
)
@on_sqlite
def test_the_path_wants_its_token(
    database: Database, clinic: SmallClinic, header: str | None, status: int
) -> None:
    """A session opens nothing here, the token alone does."""
    client = signed_in(database, clinic.administrator)
    set_door(MetricsDoor(token=TOKEN))
    sent = {} if header is None else {b"Authorization": header.encode()}
    answer = client.get("/metrics", headers=sent)
    set_door(MetricsDoor())

    assert answer.status_code == status
    assert ("mendline_requests_total" in answer.text) is (status == 200)
    assert client.get("/metrics", headers=sent).status_code == 404


def test_the_port_is_open_to_this_machine_alone() -> None:
    """It answers there until it is closed; a second process has to take another."""
    port = free_port()
    opened = OpenPort(port)
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            families = {
                each.name for each in text_string_to_metric_families(answer.read().decode())
            }
        with pytest.raises(InvalidMetricsDoor, match="choose one for each process"):
            OpenPort(port)
    finally:
        opened.close()

    assert "mendline_requests" in families
    assert "process_resident_memory_bytes" in families
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
