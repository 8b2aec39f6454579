"""A sign-in at a clinic's own provider, step by step."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from db.engine import Database, writing
from db.identities import Identity, link_identity
from db.models import utc_now
from db.providers import Provider, set_provider
from recovery.access import Actor
from tests.identity_provider import CLIENT_ID, SECRET, RealProvider, running
from tests.small_clinic import SmallClinic
from tests.web_client import FORM, PAGE, TestClient, browser

GO_ON = re.compile(r'class="button" href="([^"]+)"')
FROM_ELSEWHERE = PAGE | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


def settings(clinic: SmallClinic, issuer: str, name: str = "Oak staff") -> Provider:
    """Return what a clinic sets of its provider."""
    return Provider(
        clinic_id=clinic.clinic_id, name=name, issuer=issuer, client_id=CLIENT_ID, secret=SECRET
    )


def set_issuer(database: Database, clinic: SmallClinic, issuer: str) -> None:
    """Set the provider of a clinic."""
    with writing(database) as session:
        set_provider(session, settings(clinic, issuer))


@contextmanager
def running_for(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Run a provider that the clinic has set, until the block ends."""
    with running() as started:
        set_issuer(database, clinic, started.issuer)
        yield started


def link(database: Database, actor: Actor, provider: RealProvider, subject: str) -> None:
    """Link the account *subject* at the provider with the actor's."""
    with writing(database) as session:
        link_identity(session, actor, Identity(issuer=provider.issuer, subject=subject), utc_now())


def start(client: TestClient, clinic: SmallClinic, target: str = "/") -> str:
    """Press the button on the sign-in page; return the provider's page that it leads to."""
    form = {"clinic": str(clinic.clinic_id), "next": target}
    return sent_to(client, "/provider/start", form)


def sent_to(client: TestClient, path: str, form: dict[str, str]) -> str:
    """Send a form; return the provider's page that the answer leads to."""
    answer = client.post(path, data=form, headers=FORM)
    assert answer.status_code == 200, answer.text
    [address] = GO_ON.findall(answer.text)
    assert answer.headers["refresh"] == f"0;url={address.replace('&amp;', '&')}"
    return str(address).replace("&amp;", "&")


def press(clinic: SmallClinic) -> tuple[TestClient, int, str]:
    """Press the button in a new browser; return the browser, the status and the words."""
    client = browser()
    form = {"clinic": str(clinic.clinic_id)}
    answer = client.post("/provider/start", data=form, headers=FORM)
    return client, answer.status_code, html.unescape(answer.text)


def begin(clinic: SmallClinic) -> tuple[TestClient, str]:
    """Press it where the provider answers; return the browser and the provider's page."""
    client, status, text = press(clinic)
    assert status == 200
    [address] = GO_ON.findall(text)
    return client, str(address)


def come_back(client: TestClient, path: str) -> tuple[int, str]:
    """Come back from the provider; return the status, and where it leads or else the words."""
    answer = client.get(path, headers=FROM_ELSEWHERE)
    return answer.status_code, answer.headers.get("location", html.unescape(answer.text))
