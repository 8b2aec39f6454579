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
_KEEPING_PAGES = {"patient/today.py", "patient/questions.py"}
_ASKED_FOR = "asked-for-page"
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
    at_once = current_page not in _KEEPING_PAGES
    with st.container(horizontal=True, horizontal_alignment="center"):
        for page, label, icon in PATIENT_PAGES:
            if page != current_page:
                show_way(page, tr(label), icon, at_once=at_once)
    with st.container(horizontal=True, horizontal_alignment="center"):
        if current_page != ACCOUNT_PAGE:
            show_way(
                ACCOUNT_PAGE, tr("Your account"), ":material/manage_accounts:", at_once=at_once
            )
        show_languages()
        _show_way_out()
    follow_language()


def show_way(page: str, label: str, icon: str, key: str = "way", *, at_once: bool = True) -> None:
    """
    Offer another page as a button, since a page link is lower than a finger needs.

    Args:
        page: Its file.
        label: Of the button.
        icon: Of the button.
        key: Parts it from other ways to the same page.
        at_once: Whether a press leaves the present page without drawing it once more; False
            where that run still keeps what was entered.
    """
    is_pressed = st.button(
        label,
        icon=icon,
        key=f"{key}-{page}",
        on_click=ask_for if at_once else None,
        args=(page,) if at_once else None,
    )
    if is_pressed:
        # Within a fragment nobody has gone where was asked, since it runs alone.
        st.session_state.pop(_ASKED_FOR, None)
        st.switch_page(page)


def go_where_asked() -> None:
    """Leave for the page that ``ask_for`` was told of, if it was."""
    page = st.session_state.pop(_ASKED_FOR, None)
    if page is not None:
        st.switch_page(page)


def ask_for(page: str) -> None:
    """Leave for another page once what was pressed is done."""
    st.session_state[_ASKED_FOR] = page


def _show_way_out() -> None:
    if st.button(tr("Sign out"), key="sign-out", icon=":material/logout:"):
        st.logout()
