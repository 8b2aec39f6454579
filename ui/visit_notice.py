"""One quiet line about the clinic's follow-up visit, in the week before it."""

from collections.abc import Mapping

import streamlit as st

from content.procedures import Procedure
from recovery.milestones import FOLLOW_UP_DAYS, days_to_visit, follow_up_day
from recovery.wording import tr, trn


def show_visit(procedure: Procedure, advice: Mapping[str, float], pod: int) -> None:
    """
    Say when the follow-up visit is, once it is near and only if the clinic decided a day.

    Args:
        procedure: The patient's.
        advice: What the clinic decided for it, by the name of the value.
        pod: Post-procedure day of today.
    """
    day = follow_up_day(advice) if procedure.value(FOLLOW_UP_DAYS) else None
    days = days_to_visit(day, pod)
    if days is None:
        return
    if days == 0:
        st.markdown(tr("Your follow-up visit is about day {day}: that is today.", day=day))
        return
    st.markdown(
        trn(
            "Your follow-up visit is about day {day}: in {count} day.",
            "Your follow-up visit is about day {day}: in {count} days.",
            days,
            day=day,
        )
    )
