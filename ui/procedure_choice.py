"""Choosing a procedure, told apart by the service it belongs to; for the clinic's staff."""

import streamlit as st

from content.procedures import Procedure, Service
from content.shelf import procedures

SERVICE_NAMES = {
    Service.AUGMENTATION: "Vertebral augmentation",
    Service.BACK_PAIN: "Back pain",
    Service.CANCER_PAIN: "Cancer pain",
    Service.ABLATION: "Nerve ablation",
    Service.CELL_THERAPY: "Cell therapy",
}
"""As staff read them, in the order of lists."""


def with_service(procedure: Procedure) -> str:
    """Name a procedure behind its service: ``Cancer pain: Celiac plexus block``."""
    return f"{SERVICE_NAMES[procedure.service]}: {procedure.name}"


def by_service() -> list[Procedure]:
    """Return every procedure, those of one service beside each other."""
    services = list(SERVICE_NAMES)
    return sorted(
        procedures().values(),
        key=lambda each: (services.index(each.service), each.order, each.name),
    )


def choose_procedure(key: str) -> Procedure | None:
    """Ask for a procedure and return it; None as long as none is chosen."""
    known = {each.id: each for each in by_service()}
    chosen = st.selectbox(
        "Procedure",
        list(known),
        index=None,
        format_func=lambda each: with_service(known[each]),
        placeholder="Choose or type, as in: ablation",
        key=key,
    )
    return known.get(chosen) if chosen is not None else None
