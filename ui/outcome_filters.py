"""Which recoveries the outcomes are of: procedure, months, and who looks after the patients."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import streamlit as st
from babel.dates import format_date

from content.procedures import Procedure
from recovery.cohorts import Period
from recovery.days import months_between
from recovery.errors import InvalidEntry
from ui.procedure_choice import with_service


def choose_counted(procedures: Sequence[Procedure]) -> Procedure:
    """Ask which procedure, among those with recoveries; the first is on."""
    known = {each.id: each for each in procedures}
    chosen = st.selectbox(
        "Procedure",
        list(known),
        format_func=lambda each: with_service(known[each]),
        key="outcomes-procedure",
        persist_state="session",
    )
    return known[chosen]


def choose_period(days: tuple[date, date]) -> Period:
    """
    Ask for the months of the procedures.

    Args:
        days: The first and the last procedure there is.

    Raises:
        InvalidEntry: If the first month lies after the last.
    """
    months = months_between(*days)
    first, last = (
        st.selectbox(
            label,
            months,
            index=None,
            format_func=month_words,
            placeholder=placeholder,
            key=f"outcomes-{name}",
        )
        for label, placeholder, name in (
            ("Procedures from", "The first", "first"),
            ("Procedures up to", "The latest", "last"),
        )
    )
    if first is not None and last is not None and first > last:
        raise InvalidEntry("The first month lies after the last. Choose an earlier first month.")
    return Period(first=first, last=last)


def choose_clinician(names: Mapping[UUID, str]) -> UUID | None:
    """Ask whose patients; None for everybody's."""
    return st.selectbox(
        "Patients of",
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder="Everybody",
        key="outcomes-clinician",
    )


def month_words(month: date) -> str:
    """Write a month for staff: ``November 2026``."""
    return format_date(month, "MMMM y", locale="en")
