"""Sources as a list: where each is, when it was read, and what rests on it."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from content.rendering import source_line
from content.shelf import sources
from content.source_uses import Use
from recovery.wording import tr


def show_sources(source_ids: Iterable[str], uses: Mapping[str, Sequence[Use]]) -> None:
    """Show sources by the first letter of what is cited, each with its *uses*."""
    known = sources()
    listed = sorted((known[each] for each in source_ids), key=lambda each: each.citation.casefold())
    st.markdown(
        "\n".join(
            f"- {source_line(each)}"
            + "".join(f"\n  - {_words(use)}" for use in uses.get(each.id, ()))
            for each in listed
        )
    )


def _words(use: Use) -> str:
    facts = [tr("chart, figures or warning signs")] if use.is_behind_facts else []
    named = "; ".join([*use.page_titles, *facts])
    return f"{use.procedure.name}: {named}"
