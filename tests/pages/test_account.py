"""Your account and your data: sign-ins ended, looks seen, erasure asked for."""

from sqlmodel import select

from db.engine import Database, reading, writing
from db.erasure import find_erasure_request
from db.models import AuthSessionRow
from db.patients import get_patient
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import labels, links, press, prose, refusals, sign_in
from tests.small_clinic import SmallClinic

ACCOUNT, DATA = "account/account.py", "account/my_data.py"
END, OTHERS = "End this sign-in", "Sign out everywhere else"


def _open_sessions(database: Database, clinic: SmallClinic) -> int:
    of_patient = AuthSessionRow.account_id == clinic.patient.account_id
    with reading(database) as session:
        rows = session.exec(select(AuthSessionRow).where(of_patient)).all()
    return len([row for row in rows if row.revoked_at is None])


@on_one_engine
def test_the_only_sign_in_has_nothing_to_end(visit: Visit, clinic: SmallClinic) -> None:
    """It is this one; signing out ends it."""
    app = visit(clinic.patient, ACCOUNT)

    assert "This one." in prose(app)
    assert not {END, OTHERS} & set(labels(app))


def test_other_sign_ins_are_ended(visit: Visit, clinic: SmallClinic, database: Database) -> None:
    """One, or all others at once; the page itself stays."""
    sign_in(database, clinic.patient)
    app = visit(clinic.patient, ACCOUNT)
    press(app, END)
    assert _open_sessions(database, clinic) == 1

    for _ in range(2):
        sign_in(database, clinic.patient)
    app.run()
    press(app, OTHERS)

    assert _open_sessions(database, clinic) == 1
    assert "This one." in prose(app)
    assert refusals(app) == []


@on_one_engine
def test_staff_find_their_code_device_and_patients_their_way_back(
    visit: Visit, clinic: SmallClinic
) -> None:
    """Each what belongs to them."""
    staff = visit(clinic.clinician, ACCOUNT)
    patient = visit(clinic.patient, ACCOUNT)

    everybodys = ["/account/password", "/account/passkeys"]
    assert list(links(staff).values()) == [*everybodys, "/account/code", "/provider/link"]
    assert list(links(patient).values()) == everybodys
    assert "Home" in labels(patient)


@on_one_engine
def test_a_patient_whom_nobody_looked_at_reads_so(visit: Visit, clinic: SmallClinic) -> None:
    """The empty state is a sentence."""
    assert "Nobody of your clinic has opened your record yet." in prose(visit(clinic.patient, DATA))


def test_a_patient_sees_who_looked(visit: Visit, clinic: SmallClinic, database: Database) -> None:
    """Name, role and time by the patient's own clock; the own pages are no look."""
    with writing(database) as session:
        get_patient(session, clinic.treating)
    visit(clinic.patient)
    [table] = visit(clinic.patient, DATA).table

    assert table.value.values.tolist() == [["22 Nov 2026, 10:00 AM", "Clinician", "clinician"]]


def test_erasure_is_asked_for_and_taken_back(
    visit: Visit, clinic: SmallClinic, database: Database
) -> None:
    """One press each; what it means stands before it."""
    app = visit(clinic.patient, DATA)
    assert "It cannot be undone" in prose(app)

    press(app, "Ask to be erased")
    assert "You asked on 22 Nov 2026" in prose(app)
    press(app, "Do not erase me")

    assert "Ask to be erased" in labels(app)
    with reading(database) as session:
        assert find_erasure_request(session, clinic.own) is None
