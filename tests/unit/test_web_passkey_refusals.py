"""Passkeys that are refused over HTTP: whatever is wrong, in the same words, and noted."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from db.engine import Database, reading
from db.models import AuditRow
from tests.authenticator import PRESENT, VERIFIED, to_bytes, to_text
from tests.passkey_client import (
    ORIGIN,
    REFUSED,
    ask,
    device,
    give,
    named_browser,
    send,
    sign_in_with,
)
from tests.small_clinic import SmallClinic

# The queries behind these run on both engines in tests/db; here one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Edit = Callable[[dict[str, Any]], object]


def _set(part: str, value: object) -> Edit:
    return lambda answer: answer["response"].update({part: value})


def _edit_client(**changes: object) -> Edit:
    def edit(answer: dict[str, Any]) -> None:
        said = json.loads(to_bytes(answer["response"]["clientDataJSON"])) | changes
        answer["response"]["clientDataJSON"] = to_text(json.dumps(said).encode())

    return edit


def _edit_byte(part: str, which: int) -> Edit:
    def edit(answer: dict[str, Any]) -> None:
        said = bytearray(to_bytes(answer["response"][part]))
        said[which] ^= 1
        answer["response"][part] = to_text(bytes(said))

    return edit


EDITS: dict[str, Edit] = {
    "another ceremony": _edit_client(type="webauthn.create"),
    "another challenge": _edit_client(challenge="AAAA"),
    "no text as challenge": _edit_client(challenge=5),
    "one field more": _edit_client(origin=ORIGIN, extra=1),
    "count in what was signed": _edit_byte("authenticatorData", 36),
    "site in what was signed": _edit_byte("authenticatorData", 0),
    "signature": _edit_byte("signature", -1),
    "no signature": _set("signature", ""),
    "unreadable signature": _set("signature", "%%%"),
    "signature of no kind": _set("signature", None),
    "short device data": _set("authenticatorData", "AAAA"),
    "deep client data": _set("clientDataJSON", to_text(b"[" * 10_000)),
    "client data of no kind": _set("clientDataJSON", to_text(b"[]")),
    "unreadable client data": _set("clientDataJSON", to_text(b"\xff")),
    "half a sign": _set("clientDataJSON", "\ud800"),
    "half a sign as owner": _set("userHandle", "\ud800"),
    "owner of no kind": _set("userHandle", 5),
    "longer id": lambda answer: answer.update(id=answer["id"] + "A"),
    "nul as id": lambda answer: answer.update(id="\x00"),
    "no id": lambda answer: answer.update(id=None),
    "endless id": lambda answer: answer.update(id="x" * 2_000),
    "other raw id": lambda answer: answer.update(rawId="AAAA"),
    "other type": lambda answer: answer.update(type="password"),
    "no response": lambda answer: answer.update(response=None),
    "response of no kind": lambda answer: answer.update(response=[]),
    "nothing": dict.clear,
}


def _refusals(database: Database) -> list[AuditRow]:
    with reading(database) as session:
        refused = select(AuditRow).where(col(AuditRow.action) == "passkey.refused")
        return list(session.exec(refused).all())


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8501"},
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"host": "localhost:8501"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
        {"user_handle": None},
        {"user_handle": b""},
        {"user_handle": b"0" * 16},
        {"key": device().key},
        {"credential_id": b"\x00" * 32},
        {"credential_id": b""},
    ],
)
def test_a_device_that_says_otherwise_is_refused(
    database: Database, clinic: SmallClinic, changes: dict[str, Any]
) -> None:
    """Another site, an owner not verified, another account, another key, an unknown passkey."""
    held = give(database, clinic.patient)
    for name, value in changes.items():
        setattr(held, name, value)
    client = named_browser()
    answer = sign_in_with(client, held)

    assert (answer.status_code, answer.text) == (401, REFUSED)
    assert "mendline_session" not in client.cookies
    assert len(_refusals(database)) == 1


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_answer_is_refused(database: Database, clinic: SmallClinic, edit: str) -> None:
    """Whatever was changed, and however broken it is: one sentence, noted, and nothing opens."""
    held = give(database, clinic.patient)
    client = named_browser()
    answer = held.use(ask(client, "/sign-in/passkey")["use"])
    EDITS[edit](answer)
    sent = send(client, "/sign-in/passkey", {"used": answer})

    assert (sent.status_code, sent.text) == (401, REFUSED)
    assert "mendline_session" not in client.cookies
    assert len(_refusals(database)) == 1


@pytest.mark.parametrize("used", [None, 5, "text", [], [{}]])
def test_no_answer_is_refused(database: Database, clinic: SmallClinic, used: object) -> None:
    """In the same words."""
    client = named_browser()
    ask(client, "/sign-in/passkey")

    assert send(client, "/sign-in/passkey", {"used": used}).text == REFUSED
    assert [entry.actor_id for entry in _refusals(database)] == [None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "could not be read"),
        (b"[]", "could not be read"),
        (b"{", "could not be read"),
        (b"\xff\xfe", "could not be read"),
        (b"[" * 60_000, "could not be read"),
        (b" " * 65_537, "Shorten it"),
    ],
)
def test_what_is_no_answer_at_all_is_refused(
    clinic: SmallClinic, content: bytes, words: str
) -> None:
    """More than any device sends, or no JSON."""
    answer = named_browser().post("/sign-in/passkey", content=content, headers={"Origin": ORIGIN})

    assert answer.status_code == 422
    assert words in answer.text
