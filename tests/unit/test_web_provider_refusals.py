"""Answers of a provider that prove nothing: nobody gets in, and one plain sentence says what to do."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlmodel import select

from db.engine import Database, reading
from db.models import AuditRow
from tests.identity_provider import (
    AUTHORIZE,
    CLIENT_ID,
    DISCOVERY,
    ITS_OWN_WARNINGS,
    JWKS,
    SECRET,
    TOKEN,
    RealProvider,
    approve,
    deny,
    running,
)
from tests.small_clinic import SmallClinic
from tests.unit.provider_steps import begin, come_back, link, running_for, set_issuer
from web.provider import NOT_ALLOWED
from web.provider_client import NOT_ACCEPTED, NOT_SET_UP

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("clock"),
    ITS_OWN_WARNINGS,
]


@pytest.fixture
def provider(database: Database, clinic: SmallClinic) -> Iterator[RealProvider]:
    """Return a provider whose account ``s-1`` opens the clinician's account."""
    with running_for(database, clinic) as started:
        link(database, clinic.clinician, started, "s-1")
        yield started


def _try(clinic: SmallClinic) -> tuple[int, str]:
    """Sign in as ``s-1``; return what came of it, when nobody got in."""
    client, address = begin(clinic)
    status, text = come_back(client, approve(address, "s-1"))
    assert "mendline_session" not in client.cookies
    return status, text


def _state_in(address: str) -> str:
    return dict(parse_qsl(urlsplit(address).query))["state"]


def _refusals(database: Database) -> list[str]:
    with reading(database) as session:
        rows = session.exec(select(AuditRow).where(AuditRow.action == "sign_in.refused"))
        return [row.reason for row in rows]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"iss": "https://id.elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": []},
        {"aud": None},
        {"aud": ["another-client", CLIENT_ID], "azp": "another-client"},
        {"aud": ["another-client", CLIENT_ID]},
        {"exp": 0},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 10**11},
        {"nbf": 10**11},
        {"sub": None},
        {"sub": ""},
        {"sub": ["s-1"]},
        {"sub": {"s-1": 1}},
    ],
)
def test_an_answer_for_another_proves_nothing(
    database: Database, clinic: SmallClinic, provider: RealProvider, claims: dict[str, Any]
) -> None:
    """Rightly signed, but of another sign-in, issuer, client or time, or about nobody."""
    provider.bend_token(**claims)

    status, text = _try(clinic)

    assert (status, NOT_ACCEPTED in text) == (401, True)
    assert _refusals(database) == [NOT_ACCEPTED]


def test_the_same_answer_rightly_made_opens(clinic: SmallClinic, provider: RealProvider) -> None:
    """So the refusals beside this are for what was changed."""
    provider.bend_token(acr="1")
    client, address = begin(clinic)

    assert come_back(client, approve(address, "s-1")) == (303, "/")


def test_a_nonce_changed_on_the_way_is_seen(clinic: SmallClinic, provider: RealProvider) -> None:
    """The provider signs what it was asked with, which is not what we asked."""
    client, address = begin(clinic)
    split = urlsplit(address)
    query = dict(parse_qsl(split.query)) | {"nonce": "planted"}
    planted = split._replace(query=urlencode(query)).geturl()

    status, text = come_back(client, approve(planted, "s-1"))

    assert (status, NOT_ACCEPTED in text) == (401, True)
    assert provider.asked(AUTHORIZE)[-1]["nonce"] == "planted"


@pytest.mark.parametrize("forged_with", ["nothing", "our secret", "the public key", "another key"])
@pytest.mark.parametrize("offers", [["RS256"], ["none", "HS256"]])
def test_only_the_providers_own_signature_counts(
    clinic: SmallClinic, provider: RealProvider, forged_with: str, offers: list[str]
) -> None:
    """Even if the provider says that it leaves answers unsigned, or signs with our secret."""
    public = RSAKey.generate_key(2048, {"kid": "bent"})
    keys: dict[str, tuple[str, Any]] = {
        "nothing": ("none", None),
        "our secret": ("HS256", OctKey.import_key(SECRET)),
        "the public key": ("HS256", OctKey.import_key(public.as_pem(private=False).hex())),
        "another key": ("RS256", RSAKey.generate_key(2048)),
    }
    algorithm, key = keys[forged_with]
    provider.bend_json(DISCOVERY, id_token_signing_alg_values_supported=offers)
    provider.bend_id_token(
        lambda claims: (
            jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])
            if key
            else _unsigned(claims)
        )
    )

    status, text = _try(clinic)

    assert (status, NOT_ACCEPTED in text) == (401, True)


def _unsigned(claims: dict[str, Any]) -> str:
    signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
    header = "eyJhbGciOiJub25lIn0"
    return f"{header}.{signed.split('.')[1]}."


def test_a_key_of_our_secret_among_the_published_ones_signs_nothing(
    clinic: SmallClinic, provider: RealProvider
) -> None:
    """What both sides know proves nothing of either."""
    own = OctKey.import_key(SECRET, {"kid": "shared"})
    provider.bend_json(JWKS, keys=[own.as_dict()])
    header = {"alg": "HS256", "kid": "shared"}
    provider.bend_id_token(lambda claims: jwt.encode(header, claims, own))

    assert _try(clinic)[0] == 401


def test_whoever_stops_there_can_start_again(clinic: SmallClinic, provider: RealProvider) -> None:
    """The provider says so; nothing it adds is shown."""
    client, address = begin(clinic)

    # The standard asks for the state here too; this provider leaves it out.
    path = f"{deny(address)}&state={_state_in(address)}"
    status, text = come_back(client, path)
    assert (status, NOT_ALLOWED in text) == (401, True)

    client, address = begin(clinic)
    state = _state_in(address)
    said = urlencode({"state": state, "error": "server_error", "error_description": "<canary>"})
    status, text = come_back(client, f"/provider/back?{said}")
    assert (status, NOT_SET_UP in text, "canary" in text) == (502, True, False)


@pytest.mark.parametrize("more", ["&iss=https%3A%2F%2Fid.elsewhere.example", "&iss="])
def test_an_answer_of_another_issuer_is_not_fetched(
    clinic: SmallClinic, provider: RealProvider, more: str
) -> None:
    """A provider that says whose answer it is has to be the one that was asked."""
    client, address = begin(clinic)

    assert NOT_ACCEPTED in come_back(client, approve(address, "s-1") + more)[1]
    assert provider.asked(TOKEN) == []


def test_a_provider_changed_meanwhile_is_not_asked(
    database: Database, clinic: SmallClinic, provider: RealProvider
) -> None:
    """The answer belongs to the one that was asked."""
    client, address = begin(clinic)
    path = approve(address, "s-1")
    with running() as other:
        set_issuer(database, clinic, other.issuer)

        assert NOT_ACCEPTED in come_back(client, path)[1]
        assert other.heard == []
