"""What tests of visits ask again and again: to plan one, and to read the file a page hands over."""

import io
import json
from base64 import b64decode
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from db.engine import Database, reading, writing
from db.visit_questions import add_question, list_questions
from db.visits import list_planned_visits, plan_visit
from recovery.access import PatientAccess
from recovery.visits import PlannedVisit, VisitQuestion
from tests.factories import NOW, TODAY


def plan(database: Database, access: PatientAccess, ahead: int = 1) -> None:
    """Plan a visit *ahead* days from ``TODAY``."""
    with writing(database) as session:
        plan_visit(session, access, TODAY + timedelta(days=ahead), today=TODAY, now=NOW)


def planned(database: Database, access: PatientAccess) -> list[PlannedVisit]:
    """Return the planned visits."""
    with reading(database) as session:
        return list_planned_visits(session, access)


def ask(database: Database, access: PatientAccess, text: str) -> None:
    """Keep a question of the patient's."""
    with writing(database) as session:
        add_question(session, access, text, NOW)


def asked(database: Database, access: PatientAccess) -> list[VisitQuestion]:
    """Return the questions that were not taken back."""
    with reading(database) as session:
        return list_questions(session, access)


def handed_over(app: AppTest) -> list[dict[str, Any]]:
    """Return what the page's file components hand to the browser."""
    data = [json.loads(each.proto.json) for each in app.get("bidi_component") if each.proto.json]
    return [each for each in data if "serial" in each]


def pages_of(file: dict[str, Any]) -> list[str]:
    """Return the text of each page of a PDF that was handed over."""
    return pdf_pages(b64decode(file["content"]))


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of each page of a PDF, without the marks where a line may break."""
    return [
        page.extract_text().replace("\u200b", "") for page in PdfReader(io.BytesIO(content)).pages
    ]
