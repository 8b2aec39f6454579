"""Pages on paper: whose, what is on them, and that nothing typed is obeyed."""

from urllib.parse import urlencode

import pytest

from content.shelf import pages_for, procedures
from db.clinics import change_settings, clinic_settings
from db.engine import Database, writing
from db.languages import choose_language
from recovery.access import Actor, grant_admin
from recovery.wording import Language
from tests.small_clinic import SmallClinic, make_small_clinic
from tests.web_client import PAGE, browser, signed_in

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _print(database: Database, actor: Actor, **asked: str) -> tuple[int, str]:
    answer = signed_in(database, actor).get(f"/print?{urlencode(asked)}", headers=PAGE)
    return answer.status_code, answer.text


def test_nobody_prints_without_signing_in(database: Database, clinic: SmallClinic) -> None:
    """They are led to sign-in, and back after it."""
    answer = browser().get("/print?page=brace", headers=PAGE)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/print%3Fpage%3Dbrace"


@pytest.mark.parametrize("role", ["patient", "carer"])
def test_a_patients_side_prints_the_own_procedure_alone(
    database: Database, clinic: SmallClinic, role: str
) -> None:
    """Another is refused, also one that this version does not know."""
    actor = getattr(clinic, role)
    assert _print(database, actor, page="brace")[0] == 200
    assert _print(database, actor, page="brace", procedure="kyphoplasty")[0] == 200

    for other in ("vertebroplasty", "no-such-procedure", "../kyphoplasty"):
        status, said = _print(database, actor, page="going-home", procedure=other)
        assert (status, "not available to you" in said) == (403, True)


@pytest.mark.parametrize("role", ["assistant", "clinician", "administrator"])
def test_staff_print_any(database: Database, clinic: SmallClinic, role: str) -> None:
    """Of every procedure, named in the address."""
    actor = getattr(clinic, role)
    for procedure_id in list(procedures())[:3]:
        page = pages_for(procedure_id)[0]
        status, said = _print(database, actor, page=page.slug, procedure=procedure_id)
        assert status == 200
        assert f"<h1>{page.title}</h1>" in said

    assert _print(database, actor, page="brace")[0] == 404


@pytest.mark.parametrize("slug", ["", "no-such-page", "../brace", "<script>alert(1)</script>"])
def test_a_page_that_is_not_there_says_so(
    database: Database, clinic: SmallClinic, slug: str
) -> None:
    """In a sentence that shows nothing of what was asked."""
    status, said = _print(database, clinic.patient, page=slug)

    assert status == 404
    assert "There is no such page." in said
    assert "alert(1)" not in said


def test_a_procedure_that_is_not_known_has_no_paper(
    database: Database, clinic: SmallClinic
) -> None:
    """As on Learn."""
    patient = make_small_clinic(database, "other-", procedure="discectomy").patient

    assert _print(database, patient, page="when-to-call")[0] == 404


def test_paper_holds_numbers_sources_and_the_day(database: Database, clinic: SmallClinic) -> None:
    """The clinic's name and telephone, where each figure was read, and nothing to tap."""
    status, said = _print(database, clinic.patient, page="when-to-call")
    assert status == 200
    assert "Oak Clinic" in said
    assert "555-0100" in said.replace("\u2060", "")
    assert "Text checked against its sources on " in said
    assert "not yet reviewed by a clinician" in said

    said = _print(database, clinic.patient, page="brace")[1]
    assert 'href="https://doi.org/' in said
    assert "Read on " in said
    assert 'class="term"' not in said
    assert "<nav" not in said


def test_the_policy_allows_what_paper_needs_and_no_more(
    database: Database, clinic: SmallClinic
) -> None:
    """Style and script are files of ours, and nothing is kept on the way."""
    answer = signed_in(database, clinic.patient).get("/print?page=brace", headers=PAGE)

    assert "style-src 'self';" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "style=" not in answer.text
    assert answer.text.count("<script") == 1
    assert '<script src="/assets/print.js" defer></script>' in answer.text


def test_what_a_clinic_typed_becomes_no_tag(database: Database, clinic: SmallClinic) -> None:
    """A name or number is shown letter by letter."""
    with writing(database) as session:
        settings = clinic_settings(session, clinic.administrator)
        hostile = type(settings)(
            clinic_id=settings.clinic_id,
            name="<script>alert(1)</script>",
            time_zone=settings.time_zone,
            phone="<img src=x> 123",
        )
        change_settings(session, grant_admin(clinic.administrator), hostile)

    said = _print(database, clinic.patient, page="when-to-call")[1]

    assert "<script>alert" not in said
    assert "<img" not in said


def test_paper_is_in_the_readers_language(database: Database, clinic: SmallClinic) -> None:
    """And says so to a screen reader."""
    assert '<html lang="en">' in _print(database, clinic.patient, page="brace")[1]
    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)

    said = _print(database, clinic.patient, page="brace")[1]

    assert '<html lang="es">' in said
    assert "<h2>Fuentes</h2>" in said
    assert ">Imprimir</button>" in said
