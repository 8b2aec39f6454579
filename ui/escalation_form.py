"""What a clinic decides about alerts that nobody touches, and when it reads."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import streamlit as st
from babel.dates import get_day_names

from db.accounts import StaffAccount
from recovery.access import Role
from recovery.settings import MAX_ESCALATION_HOURS, ClinicSettings
from ui.choices import choose_many, chosen_many
from ui.plain_text import plain
from ui.presses import of_words

_DAYS = {str(day): name for day, name in get_day_names(locale="en").items()}
_HOURS, _SECOND, _READS = "hours", "second", "reads"
NOBODY = ""
"""Stands for no second clinician in the list of choices."""


def ask_escalation(settings: ClinicSettings, staff: Sequence[StaffAccount]) -> None:
    """
    Ask, inside a form, how alerts are passed on and on which days the clinic reads.

    Args:
        settings: As stored.
        staff: Of the clinic; only its clinicians are offered.
    """
    st.header("Alerts that nobody touches", anchor=False)
    st.number_input(
        f"Hours until an untouched alert is passed on, 1 to {MAX_ESCALATION_HOURS}",
        value=settings.escalate_after_hours,
        step=1,
        key=settings_key(settings, _HOURS),
    )
    choices = {
        each.account_id: _name(each)
        for each in staff
        if each.role is Role.CLINICIAN
        and (each.is_active or each.account_id == settings.escalates_to)
    }
    stored = settings.escalates_to if settings.escalates_to in choices else NOBODY
    st.selectbox(
        "Passed on to",
        [NOBODY, *choices],
        index=[NOBODY, *choices].index(stored),
        format_func=lambda key: choices.get(key, "Nobody: not passed on"),
        key=settings_key(settings, _SECOND),
    )
    st.markdown(
        "An alert that nobody has seen by then also stands with this clinician, who sees the "
        "patient from then on. It stays with everybody else, too."
    )
    st.header("When the clinic reads", anchor=False)
    choose_many(
        "Days on which somebody reads what patients log",
        _DAYS,
        key=settings_key(settings, _READS),
        none_label="No fixed days",
        value=_days_of(settings),
        help_text="Patients are told these days.",
    )


def chosen_escalation(settings: ClinicSettings) -> ClinicSettings:
    """Return the settings with what stands in the form at a press, before it is drawn."""
    second = st.session_state[settings_key(settings, _SECOND)]
    days = chosen_many(settings_key(settings, _READS), _DAYS, _days_of(settings))
    return replace(
        settings,
        escalate_after_hours=int(st.session_state[settings_key(settings, _HOURS)] or 0),
        escalates_to=second if isinstance(second, UUID) else None,
        reading_days=sum(1 << int(day) for day in days or ()),
    )


def settings_key(settings: ClinicSettings, part: str) -> str:
    """Return the key of a field, which is filled anew when somebody else changed the settings."""
    return f"clinic-{part}-{of_words(repr(settings))}"


def show_second(settings: ClinicSettings, staff: Sequence[StaffAccount]) -> None:
    """Say so when alerts are to be passed on to somebody who cannot sign in any more."""
    gone = [
        each for each in staff if each.account_id == settings.escalates_to and not each.is_active
    ]
    for each in gone:
        st.warning(
            f"{plain(each.display_name)} cannot sign in any more, so no alert is passed on. "
            "Choose another clinician below."
        )


def _days_of(settings: ClinicSettings) -> frozenset[str]:
    return frozenset(str(day) for day in settings.weekdays_read)


def _name(account: StaffAccount) -> str:
    return account.display_name if account.is_active else f"{account.display_name}, closed"
