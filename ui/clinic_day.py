"""The briefs of all who have a visit on a day, as one file to print."""

from datetime import date, timedelta

import streamlit as st

from db.engine import writing
from db.visits import visits_on
from exchange.brief_pdf import Sheet
from recovery.access import Actor, grant_clinic
from recovery.days import today_in
from recovery.errors import AccessDenied, RecoveryError
from recovery.settings import ClinicSettings
from recovery.visits import VisitPatient
from ui.briefs import pdf_of, read_brief
from ui.clock import now
from ui.file_offer import hand_over
from ui.words import count_of, long_day, short_day

_DAY, _PRESS = "clinic-day", "clinic-print"


def offer_clinic_day(actor: Actor, settings: ClinicSettings) -> None:
    """Ask for a day, tomorrow at first, and make one PDF of the briefs of that day's visits."""
    tomorrow = today_in(settings.time_zone, now()) + timedelta(days=1)
    st.header("Print tomorrow's clinic", anchor=False)
    st.markdown("One page for each patient with a visit that day, in one PDF.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input("Day of the clinic", value=tomorrow, format="YYYY-MM-DD", key=_DAY)
        is_wanted = st.button("Make the PDF", key=_PRESS, icon=":material/print:")
    if not is_wanted:
        return
    with writing() as session:
        expected = visits_on(session, grant_clinic(actor), day)
    if not expected:
        st.info(f"Nobody you see has a visit on {long_day(day)}. Plan visits on a patient's page.")
        return
    _make(actor, expected, day)


def _make(actor: Actor, expected: list[VisitPatient], day: date) -> None:
    sheets: list[Sheet] = []
    closed = refused = 0
    bar = st.progress(0.0, text=f"Making {count_of(len(expected), 'brief')}")
    for number, each in enumerate(expected, start=1):
        try:
            sheets.append(_sheet(actor, each))
        except AccessDenied:
            # Taken from the actor while the others were made; the count below says so.
            closed += 1
        except RecoveryError:
            # One record that cannot be read, as while another writer holds the database, takes
            # nobody else's page away.
            refused += 1
        finally:
            bar.progress(number / len(expected), text=f"Made {number} of {len(expected)}")
    bar.empty()
    _say_left_out(closed, "the record is not open to you any more.")
    _say_left_out(refused, "the brief could not be made. Try again in a moment.")
    if sheets:
        made = f"{count_of(len(sheets), 'brief')} for {short_day(day)}"
        st.success(f"{made} made. Your browser saves the PDF.")
        hand_over(pdf_of(sheets, day), "Save the PDF again", key="clinic-file")


def _say_left_out(number: int, why: str) -> None:
    if number:
        st.warning(f"{count_of(number, 'patient')} left out: {why}")


def _sheet(actor: Actor, expected: VisitPatient) -> Sheet:
    with writing() as session:
        brief = read_brief(session, actor, expected.patient_id, is_exported=True)
    return brief.sheet()
