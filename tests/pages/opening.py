"""Open the app as somebody who signed in, press what is on it, and read what it sent."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from db.auth_sessions import start_session
from db.engine import Database, writing
from db.models import AuthSessionRow
from recovery.access import Actor, Role
from tests.sources import ROOT

PAGES_FOLDER = ROOT / "pages"
NAVIGATION = "navigation.py"
LONGEST_RUN_S = 60
"""Allows for a busy machine; no test asserts a time."""

HOMES = {
    Role.PATIENT: "patient/home.py",
    Role.CARER: "patient/home.py",
    Role.ASSISTANT: "clinician/home.py",
    Role.CLINICIAN: "clinician/home.py",
    Role.ADMINISTRATOR: "admin/home.py",
}
PAGE_FILES = sorted(
    file.relative_to(PAGES_FOLDER).as_posix()
    for file in PAGES_FOLDER.glob("*/*.py")
    if file.name != "__init__.py"
)
FOLDERS = {
    "patient": {Role.PATIENT, Role.CARER},
    "clinician": {Role.CLINICIAN, Role.ASSISTANT},
    "admin": {Role.ADMINISTRATOR},
}
OF_THE_PATIENT = {page: {Role.PATIENT} for page in ("account/carers.py", "account/my_data.py")}
"""Pages of an account that a carer and the staff have none of."""


def roles_of(page: str) -> set[Role]:
    """Return whom the page is for, by its folder; a folder of no role is for everybody."""
    return OF_THE_PATIENT.get(page) or FOLDERS.get(Path(page).parts[0], set(Role))


def open_app(database: Database, actor: Actor, page: str = "") -> AppTest:
    """
    Sign *actor* in, open a page as its address does, and return the test.

    Args:
        database: Where the session is kept.
        actor: Who signs in.
        page: A page as ``patient/today.py``; the person's start page unless given.
    """
    app = app_of(sign_in(database, actor))
    if page and page != HOMES[actor.role]:
        app.switch_page(page)
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def app_of(session_id: UUID | None, script: str = NAVIGATION) -> AppTest:
    """
    Return a test that has not run yet.

    Args:
        session_id: What the gate found; None when it found nothing.
        script: The file below ``pages/`` that Streamlit runs.
    """
    app = AppTest.from_file(PAGES_FOLDER / script, default_timeout=LONGEST_RUN_S)
    app.user = {} if session_id is None else {"session_id": str(session_id)}
    return app


def sign_in(database: Database, actor: Actor) -> UUID:
    """Begin a session for *actor* now and return its key."""
    with writing(database) as session:
        start_session(session, actor.account_id, actor.role, datetime.now(UTC))
        of_account = select(AuthSessionRow.id).where(AuthSessionRow.account_id == actor.account_id)
        return session.exec(of_account.order_by(col(AuthSessionRow.id).desc())).all()[0]


def sent(app: AppTest) -> str:
    """Return all that was sent to the browser, as one text to search in."""
    nodes = [str(node.proto) for node in app._tree if getattr(node, "proto", None)]  # noqa: SLF001
    return "\n".join([*nodes, *(table.value.to_string() for table in app.table)])


def prose(app: AppTest) -> str:
    """Return the sentences of the page as one text."""
    shown = (*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.success)
    return "\n".join(each.value for each in (*shown, *app.error, *app.warning, *app.text))


def labels(app: AppTest) -> list[str]:
    """Return what stands on the buttons of the page, in order."""
    return [each.label for each in app.button]


def links(app: AppTest) -> dict[str, str]:
    """Return where the page's link buttons lead, by what stands on them."""
    return {each.proto.label: each.proto.url for each in app.get("link_button")}


def press(app: AppTest, label: str) -> AppTest:
    """Press the one button *label*, run the page and return the test."""
    [button] = [each for each in app.button if each.label == label]
    button.click().run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def refusals(app: AppTest) -> list[str]:
    """Return what the page refuses, each in its sentence."""
    return [shown.value for shown in app.error]
