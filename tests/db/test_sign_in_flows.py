"""Sign-ins between two steps: sealed, taken once, and only by whom they are for."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from db.engine import Database, writing
from db.models import SignInFlowRow
from db.sign_in_flows import LIFETIME, begin_flow, take_flow
from tests.db.acts import all_at_once
from tests.factories import NOW
from tests.small_clinic import SmallClinic

ASKED = {"challenge": "bright-canary"}
SECOND = timedelta(seconds=1)


def test_what_was_asked_is_taken_once(session: Session) -> None:
    """The second to come with the same id finds nothing."""
    flow_id = begin_flow(session, "passkey", ASKED, NOW)

    assert take_flow(session, "passkey", flow_id, NOW) == ASKED
    assert take_flow(session, "passkey", flow_id, NOW) is None


def test_of_twenty_takings_at_once_one_succeeds(database: Database) -> None:
    """Whoever watched the first answer cannot send it beside its owner's."""
    with writing(database) as session:
        flow_id = begin_flow(session, "passkey", ASKED, NOW)

    def take(_which: int) -> bool:
        with writing(database) as session:
            return take_flow(session, "passkey", flow_id, NOW) is not None

    assert Counter(all_at_once(take, 20)) == {False: 19, True: 1}


def test_neither_id_nor_contents_can_be_read_from_the_database(session: Session) -> None:
    """The id is hashed and what was asked is sealed."""
    flow_id = begin_flow(session, "passkey", ASKED, NOW)
    stored = repr(session.exec(select(SignInFlowRow)).one())

    assert flow_id not in stored
    assert ASKED["challenge"] not in stored


@pytest.mark.parametrize(("after", "is_taken"), [(LIFETIME - SECOND, True), (LIFETIME, False)])
def test_it_lasts_five_minutes(session: Session, after: timedelta, is_taken: bool) -> None:
    """The end of its time is not part of it."""
    flow_id = begin_flow(session, "passkey", ASKED, NOW)

    assert (take_flow(session, "passkey", flow_id, NOW + after) is not None) is is_taken


def test_nothing_else_takes_it(session: Session, clinic: SmallClinic) -> None:
    """Neither another purpose nor another account; a foreign try uses it up."""
    account_id = clinic.patient.account_id
    of_nobody = begin_flow(session, "passkey", ASKED, NOW)
    assert take_flow(session, "provider", of_nobody, NOW) is None
    assert take_flow(session, "passkey", of_nobody, NOW) is None

    own = begin_flow(session, "passkey", ASKED, NOW, account_id=account_id)
    assert take_flow(session, "passkey", own, NOW, account_id=clinic.carer.account_id) is None
    own = begin_flow(session, "passkey", ASKED, NOW, account_id=account_id)
    assert take_flow(session, "passkey", own, NOW) is None
    own = begin_flow(session, "passkey", ASKED, NOW, account_id=account_id)
    assert take_flow(session, "passkey", own, NOW, account_id=account_id) == ASKED


def test_what_expired_is_thrown_away(session: Session) -> None:
    """The next one to begin clears the table; what still holds stays."""
    begin_flow(session, "passkey", ASKED, NOW)
    kept = begin_flow(session, "passkey", ASKED, NOW + SECOND)
    begin_flow(session, "passkey", ASKED, NOW + LIFETIME)

    assert len(session.exec(select(SignInFlowRow)).all()) == 2
    assert take_flow(session, "passkey", kept, NOW + LIFETIME) == ASKED
