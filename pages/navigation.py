"""Which pages a signed-in person gets; the script that Streamlit runs."""

from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from recovery.access import TREATING, Role
from recovery.errors import DatabaseUnavailable, RecoveryError
from recovery.wording import marked, tr
from ui.acts import PRESENT_PAGE
from ui.left_widgets import forget_left_widgets
from ui.presses import ANYWHERE, forget_old_presses
from ui.said import forget_what_is_over, show_said_of
from ui.shell import go_where_asked, show_account, show_demo_banner
from ui.turns import TURNS
from ui.who import signed_in_actor
from ui.whole_presses import do_what_came_early

ASSETS = Path(__file__).parent.parent / "web" / "assets"
ICON = ASSETS / "icon.png"
MARK = ASSETS / "mark.svg"

AUDIT = "audit"


def _shared_pages() -> list[StreamlitPage]:
    return [
        st.Page("learn/learn.py", title=marked("Learn"), icon=":material/menu_book:"),
        st.Page(
            "learn/sources.py",
            title=marked("Sources"),
            icon=":material/link:",
            visibility="hidden",
        ),
        st.Page(
            "account/account.py",
            title=marked("Your account"),
            icon=":material/manage_accounts:",
            visibility="hidden",
        ),
    ]


def _followed_up_pages() -> list[StreamlitPage]:
    return [
        st.Page("patient/home.py", title=marked("Home"), icon=":material/home:", default=True),
        st.Page("patient/today.py", title=marked("Today"), icon=":material/edit_note:"),
        st.Page("patient/progress.py", title=marked("Progress"), icon=":material/show_chart:"),
        st.Page(
            "patient/questions.py",
            title=marked("Questions"),
            icon=":material/quiz:",
            visibility="hidden",
        ),
        *_shared_pages(),
    ]


def _own_pages() -> list[StreamlitPage]:
    return [
        *_followed_up_pages(),
        st.Page("account/carers.py", title=marked("Helpers"), icon=":material/group:"),
        st.Page("account/my_data.py", title=marked("Your data"), icon=":material/folder_shared:"),
    ]


def _treating_pages() -> list[StreamlitPage]:
    return [
        st.Page("clinician/home.py", title="Start", icon=":material/home:", default=True),
        st.Page("clinician/review.py", title="Review", icon=":material/list_alt:"),
        st.Page("clinician/patient.py", title="Patient", icon=":material/person:"),
        st.Page(
            "clinician/brief.py",
            title="Visit brief",
            icon=":material/summarize:",
            visibility="hidden",
        ),
        st.Page("clinician/enrol.py", title="Enrol", icon=":material/person_add:"),
        st.Page("clinician/outcomes.py", title="Outcomes", icon=":material/monitoring:"),
        st.Page(
            "clinician/emergency.py",
            title="Emergency access",
            icon=":material/emergency:",
            visibility="hidden",
        ),
        *_shared_pages(),
    ]


def _admin_pages() -> list[StreamlitPage]:
    return [
        st.Page("admin/home.py", title="Start", icon=":material/home:", default=True),
        st.Page("admin/clinic.py", title="Clinic", icon=":material/local_hospital:"),
        st.Page("admin/values.py", title="Advice", icon=":material/tune:"),
        st.Page("admin/judgement.py", title="Judgement", icon=":material/rule:"),
        st.Page("admin/people.py", title="People", icon=":material/group:"),
        st.Page("admin/invitations.py", title="Invitations", icon=":material/mail:"),
        st.Page("admin/sessions.py", title="Sign-ins", icon=":material/devices:"),
        st.Page("admin/requests.py", title="Requests", icon=":material/inbox:"),
        st.Page("admin/audit.py", title="Audit", icon=":material/receipt_long:"),
        st.Page("admin/system.py", title="System", icon=":material/dns:"),
        *_shared_pages(),
    ]


# Made for the role alone: Streamlit looks for the file of each page on every run.
PAGES = {
    Role.PATIENT: _own_pages,
    Role.CARER: _followed_up_pages,
    Role.ASSISTANT: _treating_pages,
    Role.CLINICIAN: _treating_pages,
    Role.ADMINISTRATOR: _admin_pages,
}


def _draw() -> None:
    """Draw the page that was asked for."""
    try:
        actor = signed_in_actor()
    except DatabaseUnavailable as refusal:
        st.error(str(refusal))
        st.stop()
    is_wide = actor is not None and actor.role in TREATING
    st.set_page_config(page_icon=str(ICON), layout="wide" if is_wide else "centered")
    if actor is None:
        # The gate lets nobody get here unsigned; this holds if it ever does.
        st.error(tr("You are signed out. Open the start page to sign in again."))
        st.stop()
    is_followed_up = not actor.role.is_staff
    # A phone's side menu stays open over the page it opens; patients have buttons at the foot.
    page = st.navigation(PAGES[actor.role](), position="hidden" if is_followed_up else "sidebar")
    go_where_asked()
    st.logo(MARK, size="large")
    is_wide |= page.url_path == AUDIT
    layout: Literal["wide", "centered"] = "wide" if is_wide else "centered"
    st.set_page_config(
        page_title=f"{tr(page.title)} · Mendline", page_icon=str(ICON), layout=layout
    )
    show_demo_banner()
    if not is_followed_up:
        show_account(actor)
    st.session_state[PRESENT_PAGE] = page.url_path
    show_said_of(ANYWHERE)
    try:
        page.run()
    except RecoveryError as refusal:
        # What a page did not refuse at its own place, as a database that went away meanwhile.
        st.error(str(refusal))


do_what_came_early()
forget_what_is_over()
forget_old_presses()
forget_left_widgets()
with TURNS.taken():
    _draw()
