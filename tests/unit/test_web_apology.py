"""Errors that nobody foresaw, and refusals in the log."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from db.engine import Database
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, browser, signed_in
from web.apology import SORRY, apologize
from web.gate import Gate
from web.paths import JOIN

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CANARY = "canary-7f3a"


def _broken(_request: Request) -> Response:
    raise RuntimeError(CANARY)


def test_an_unforeseen_error_is_one_sentence_with_every_header(clinic: SmallClinic) -> None:
    """What went wrong stays out of the page, and no other site may frame it."""
    app = Starlette(
        routes=[Route(JOIN, _broken)],
        middleware=[Middleware(Gate)],
        exception_handlers={Exception: apologize},
    )
    client = TestClient(app, base_url="http://127.0.0.1:8501", raise_server_exceptions=False)

    answer = client.get(JOIN, headers=PAGE)

    assert answer.status_code == 500
    assert SORRY in answer.text
    assert CANARY not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_files_and_sentences_are_framed_by_nobody(database: Database, clinic: SmallClinic) -> None:
    """Not only pages."""
    client = signed_in(database, clinic.patient)

    for path in ("/my-data/record.json", "/my-data/days.csv", "/healthz", "/readyz"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


def test_refusals_stand_in_the_log_without_what_was_sent(
    database: Database, clinic: SmallClinic, caplog: pytest.LogCaptureFixture
) -> None:
    """A foreign form, a strange name, and a page for somebody else: one line each."""
    client = signed_in(database, clinic.patient)
    with caplog.at_level(logging.WARNING, "mendline.refused"):
        client.post("/sign-out", headers=FORM | {"Origin": f"http://{CANARY}.example"})
        browser().get("/", headers=PAGE | {"Host": f"{CANARY}.example"})
        client.get("/audit-log.csv", headers=PAGE)

    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert all(line.startswith("Refused: ") for line in lines)
    assert CANARY not in "".join(lines)
