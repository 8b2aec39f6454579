"""Sign-in at a clinic's own provider, against a real one: whom it opens, and linking."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select, update

from db.auth_sessions import resolve, revoke_all, start_session
from db.engine import Database, reading, serve, writing
from db.identities import Identity, list_identities
from db.models import AccountRow, AuditRow, SignInFlowRow, utc_now
from db.providers import set_provider
from recovery.sign_in import SignInWay
from tests.factories import PASSWORD
from tests.identity_provider import (
    ITS_OWN_WARNINGS,
    RealProvider,
    approve,
)
from tests.small_clinic import SmallClinic
from tests.unit.provider_steps import come_back, link, running_for, sent_to, settings, start
from tests.web_client import FORM, PAGE, browser, signed_in
from web.provider import ENDED, NOT_LINKED

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
    ITS_OWN_WARNINGS,
]

PROOF = {"password": PASSWORD}


@pytest.fixture
def provider(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Return a provider that the clinic has set."""
    with running_for(database, clinic) as started:
        yield started


def _acts(database: Database) -> list[tuple[str, object]]:
    with reading(database) as session:
        rows = session.exec(select(AuditRow).order_by(col(AuditRow.number)))
        wanted = ("sign_in", "identity")
        return [(row.action, row.actor_id) for row in rows if row.action.startswith(wanted)]


def test_a_linked_account_signs_in(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """One press, one sign-in there, and the page that was asked for opens; no code is asked."""
    link(database, clinic.clinician, provider, "s-1")
    client = browser()
    shown = client.get("/sign-in?next=/review", headers=PAGE).text
    assert ("Sign in with Oak staff" in shown, shown.count('value="/review"')) == (True, 2)

    path = approve(start(client, clinic, "/review"), "s-1")

    assert come_back(client, path) == (303, "/review")
    assert client.get("/").text == "<p>clinician</p>"
    with reading(database) as session:
        info = resolve(session, client.cookies["mendline_session"], utc_now())
        assert session.exec(select(SignInFlowRow)).all() == []
    assert info is not None
    assert (info.way, info.needs_code, info.device) == (SignInWay.PROVIDER, False, "Unknown device")
    assert _acts(database)[-1] == ("sign_in.accepted", clinic.clinician.account_id)
    assert "mendline_provider" not in client.cookies


def test_an_account_that_nobody_linked_opens_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Not even one whose name and e-mail are a user name here; it says what to do."""
    client = browser()

    status, text = come_back(client, approve(start(client, clinic), "clinician"))

    assert (status, NOT_LINKED in text) == (401, True)
    assert "mendline_session" not in client.cookies
    assert _acts(database) == [("sign_in.refused", None)]


def test_an_account_linked_in_another_clinic_opens_nothing_here(
    database: Database, clinic: SmallClinic, other_clinic: SmallClinic, provider: RealProvider
) -> None:
    """Two clinics may have one provider; each opens its own staff's accounts."""
    with writing(database) as session:
        set_provider(session, settings(other_clinic, provider.issuer, "Elm staff"))
    link(database, other_clinic.clinician, provider, "s-2")
    client = browser()

    assert NOT_LINKED in come_back(client, approve(start(client, clinic), "s-2"))[1]
    assert come_back(client, approve(start(client, other_clinic), "s-2")) == (303, "/")


def test_a_suspended_account_opens_in_the_same_words(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """An outsider learns nothing about who is or was here."""
    link(database, clinic.clinician, provider, "s-1")
    with writing(database) as session:
        session.exec(update(AccountRow).values(is_active=False))
    client = browser()

    assert NOT_LINKED in come_back(client, approve(start(client, clinic), "s-1"))[1]
    assert "mendline_session" not in client.cookies


def test_a_starting_password_is_still_to_be_changed(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """What somebody else knows does not stay a way in."""
    link(database, clinic.clinician, provider, "s-1")
    with writing(database) as session:
        session.exec(update(AccountRow).values(must_change_password=True))
    client = browser()

    assert come_back(client, approve(start(client, clinic), "s-1")) == (303, "/account/password")


def test_the_page_is_unchanged_without_a_provider(database: Database, clinic: SmallClinic) -> None:
    """And nothing starts there, whatever clinic is named."""
    client = browser()
    assert "staff" not in client.get("/sign-in", headers=PAGE).text

    for named in ("", "oak", str(clinic.clinic_id), str(clinic.clinician.account_id)):
        answer = client.post("/provider/start", data={"clinic": named}, headers=FORM)
        assert (answer.status_code, "no sign-in of its own" in answer.text) == (422, True)


def test_a_demo_has_none(database: Database, clinic: SmallClinic, provider: RealProvider) -> None:
    """Nobody in it is real, and it asks no other machine."""
    serve(Database(database.engine, is_demo=True))
    client = browser()
    form = {"clinic": str(clinic.clinic_id)}

    assert "Oak staff" not in client.get("/sign-in", headers=PAGE).text
    assert client.post("/provider/start", data=form, headers=FORM).status_code == 422
    assert provider.heard == []


def test_a_member_of_staff_links_an_account_there(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Signed in another way first; from then on it opens the same account."""
    client = signed_in(database, clinic.clinician)

    path = approve(sent_to(client, "/provider/link", {"next": "/account", **PROOF}), "s-1")

    assert come_back(client, path) == (303, "/account")
    assert come_back(client, path)[0] == 401
    with reading(database) as session:
        linked = list_identities(session, clinic.clinician.account_id)
    assert linked == [Identity(issuer=provider.issuer, subject="s-1")]
    assert _acts(database) == [("identity.linked", clinic.clinician.account_id)]
    other = browser()
    assert come_back(other, approve(start(other, clinic), "s-1")) == (303, "/")


def test_an_account_there_opens_one_account_here(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Whoever links it second is told to unlink it first."""
    link(database, clinic.clinician, provider, "s-1")
    client = signed_in(database, clinic.assistant)

    status, text = come_back(client, approve(sent_to(client, "/provider/link", PROOF), "s-1"))

    assert (status, "linked to another account" in text) == (422, True)


def test_it_is_linked_only_in_the_session_that_began_it(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Ended, replaced by another sign-in of the same person, or by somebody else's."""
    for ending in ("signed out", "anew", "another"):
        client = signed_in(database, clinic.clinician)
        path = approve(sent_to(client, "/provider/link", PROOF), "s-1")
        with writing(database) as session:
            revoke_all(session, clinic.clinician.account_id, utc_now())
            actor = clinic.clinician if ending == "anew" else clinic.assistant
            token = start_session(session, actor.account_id, actor.role, utc_now())
        if ending != "signed out":
            client.cookies.set("mendline_session", token)

        assert ENDED in come_back(client, path)[1]
    assert _acts(database) == []


def test_patients_and_half_signed_in_staff_link_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """Strangers are led to sign in, staff to their code."""
    half = browser()
    form = {"username": "clinician", "password": PASSWORD}
    assert half.post("/sign-in", data=form, headers=FORM).status_code == 303

    for client, status, target in (
        (browser(), 303, "/sign-in"),
        (half, 303, "/account/code"),
        (signed_in(database, clinic.patient), 403, None),
        (signed_in(database, clinic.carer), 403, None),
    ):
        answer = client.post("/provider/link", data=PROOF, headers=FORM)
        assert (answer.status_code, answer.headers.get("location")) == (status, target)
    assert provider.heard == []
