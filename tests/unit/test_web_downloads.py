"""Files over HTTP: for whom they are, how they are sent, and that it is noted."""

import csv
import io
import json

import pytest
from sqlmodel import select

from db.engine import Database, reading, writing
from db.models import AuditRow
from db.reports import save_report
from tests.factories import saving
from tests.small_clinic import SmallClinic
from tests.web_client import PAGE, browser, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OWN = (
    "/my-data/record.json",
    "/my-data/days.csv",
    "/my-data/events.csv",
    "/my-data/questionnaires.csv",
)
AUDIT = "/audit-log.csv"
REVIEW = "/review-list.csv"
NOTE = "canary-7f3a, =1+1"
PEOPLE = ("patient", "carer", "assistant", "clinician", "administrator")


@pytest.fixture(autouse=True)
def _logged(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        save_report(session, clinic.own, saving(note=NOTE))


@pytest.mark.parametrize("path", [*OWN, AUDIT])
@pytest.mark.parametrize("person", PEOPLE)
def test_a_file_is_for_its_owner_alone(
    database: Database, clinic: SmallClinic, path: str, person: str
) -> None:
    """The patient's own record, the administrator's audit; to all others one plain sentence."""
    answer = signed_in(database, getattr(clinic, person)).get(path, headers=PAGE)
    is_owner = person == ("administrator" if path == AUDIT else "patient")

    assert answer.status_code == (200 if is_owner else 403)
    assert ("canary" in answer.text) is (is_owner and path in OWN[:2])
    if not is_owner:
        assert "not available to you" in answer.text
        assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("path", [*OWN, AUDIT])
def test_a_stranger_goes_to_sign_in(path: str) -> None:
    """And comes back to the file afterwards."""
    answer = browser().get(path, headers=PAGE)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
    assert browser().get(path).status_code == 401


@pytest.mark.parametrize("path", OWN)
def test_the_own_data_is_sent_as_a_file_that_is_kept_nowhere(
    database: Database, clinic: SmallClinic, path: str
) -> None:
    """To be saved, not shown; no cache on the way keeps it; and it is noted."""
    answer = signed_in(database, clinic.patient).get(path)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="my-')
    with reading(database) as session:
        noted = session.exec(select(AuditRow).where(AuditRow.action == "data.exported")).all()
    assert [entry.actor_id for entry in noted] == [clinic.patient.account_id]


def test_what_was_logged_is_in_the_files(database: Database, clinic: SmallClinic) -> None:
    """As it was entered."""
    client = signed_in(database, clinic.patient)
    record = json.loads(client.get(OWN[0]).text)
    days = list(csv.DictReader(io.StringIO(client.get(OWN[1]).text.removeprefix("\ufeff"))))

    assert record["episodes"][0]["daily_reports"][0]["note"] == NOTE
    assert days[0]["note"] == NOTE
    assert days[0]["worst_pain_nrs"] == "5"


def test_the_audit_is_filtered_as_its_page_is(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """By day of the clinic, action and name; no patient's words and nothing of other clinics."""
    client = signed_in(database, clinic.administrator)

    def actions(query: str) -> list[str]:
        text = client.get(f"{AUDIT}?{query}").text.removeprefix("\ufeff")
        return [row["action"] for row in csv.DictReader(io.StringIO(text))]

    assert actions("") == ["audit.exported", "report.saved", "patient.enrolled"]
    assert actions("action=patient&by=clin") == ["patient.enrolled"]
    assert actions("to=2000-01-01") == []
    assert "audit.exported" in actions("from=2000-01-01&to=2999-01-01")
    assert client.get(f"{AUDIT}?from=9999-99-99").status_code == 422
    assert client.get(f"{AUDIT}?to=9999-12-31").status_code == 422
    assert NOTE not in client.get(AUDIT).text


def test_the_list_is_filtered_as_its_page_is(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic
) -> None:
    """For the treating staff; noted without a word about anybody, and never the search."""
    with writing(database) as session:
        save_report(session, clinic.own, saving(expected_version=1, warning_signs={"fever"}))
        save_report(session, other_clinic.own, saving())
    client = signed_in(database, clinic.assistant)

    def names(query: str) -> list[str]:
        answer = client.get(f"{REVIEW}?{query}")
        assert answer.headers["cache-control"] == "no-store"
        text = answer.text.removeprefix("\ufeff")
        return [row["name"] for row in csv.DictReader(io.StringIO(text))]

    assert names("") == names("reason=warning_sign") == names("search=nobody") == ["Rowan Elm"]
    assert names("reason=fall") == names("procedure=vertebroplasty") == []
    assert names("order=nonsense&reason=nonsense&is_changed=True") == ["Rowan Elm"]
    assert signed_in(database, clinic.administrator).get(REVIEW, headers=PAGE).status_code == 403
    assert signed_in(database, clinic.patient).get(REVIEW, headers=PAGE).status_code == 403
    with reading(database) as session:
        noted = session.exec(select(AuditRow).where(AuditRow.action == "review.exported")).all()
    assert len(noted) == 6
    assert {(entry.subject, entry.patient_id) for entry in noted} == {("", None)}
