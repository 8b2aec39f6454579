"""What stands around every page: the demo's banner, whom to call, the way elsewhere."""

import streamlit as st

from content.procedures import Procedure, Tier
from db.engine import current
from recovery.access import Actor
from recovery.settings import ClinicSettings
from recovery.wording import marked, tr
from ui.language_choice import follow_language, show_languages
from ui.plain_text import plain
from ui.warning_box import show_call_lines, show_heading

DEMO_BANNER = marked("Demo clinic. Everybody here is made up, and nothing is kept.")
ACCOUNT_PAGE = "account/account.py"
PATIENT_PAGES = (
    ("patient/home.py", marked("Home"), ":material/home:"),
    ("patient/today.py", marked("Today"), ":material/edit_note:"),
    ("patient/progress.py", marked("Progress"), ":material/show_chart:"),
    ("learn/learn.py", marked("Learn"), ":material/menu_book:"),
)


def show_demo_banner() -> None:
    """Say on every page of a demo that it is one."""
    if current().is_demo:
        st.info(tr(DEMO_BANNER), icon=":material/science:")


def show_account(actor: Actor) -> None:
    """Show which member of staff is signed in and the way out, beside the pages."""
    with st.sidebar:
        st.caption(f"Signed in as {plain(actor.display_name)}")
        show_way(ACCOUNT_PAGE, "Your account", ":material/manage_accounts:", key="side")
        _show_way_out()


def show_when_to_call(settings: ClinicSettings, procedure: Procedure) -> None:
    """Show whom to call for which signs of the procedure, and that nobody watches."""
    with st.container(border=True):
        show_heading()
        show_call_lines(settings, procedure)
        if any(sign.tier is Tier.NEXT_WORKING_DAY for sign in procedure.warning_signs):
            st.markdown(tr("Signs that can wait until the next working day are under Learn."))


def show_patient_links(current_page: str) -> None:
    """Show a patient's other pages and the way out at the foot, where no menu has to open."""
    with st.container(horizontal=True, horizontal_alignment="center"):
        for page, label, icon in PATIENT_PAGES:
            if page != current_page:
                show_way(page, tr(label), icon)
    with st.container(horizontal=True, horizontal_alignment="center"):
        if current_page != ACCOUNT_PAGE:
            show_way(ACCOUNT_PAGE, tr("Your account"), ":material/manage_accounts:")
        show_languages()
        _show_way_out()
    follow_language()


def show_way(page: str, label: str, icon: str, key: str = "way") -> None:
    """Offer another page as a button, since a page link is lower than a finger needs."""
    if st.button(label, icon=icon, key=f"{key}-{page}"):
        st.switch_page(page)


def _show_way_out() -> None:
    if st.button(tr("Sign out"), key="sign-out", icon=":material/logout:"):
        st.logout()
