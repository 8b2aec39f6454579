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
    lines = []
    for each in listed:
        lines.append(f"- {source_line(each)}")
        lines += [f"  - {line}" for line in _lines(uses.get(each.id, ()))]
    st.markdown("\n".join(lines))


def _lines(uses: Iterable[Use]) -> list[str]:
    """Return a line for all procedures of which the same rests on a source."""
    procedures: dict[str, list[str]] = {}
    for use in uses:
        procedures.setdefault(_resting(use), []).append(use.procedure.name)
    return [f"{', '.join(names)}: {resting}" for resting, names in procedures.items()]


def _resting(use: Use) -> str:
    facts = [tr("chart, figures or warning signs")] if use.is_behind_facts else []
    return "; ".join([*use.page_titles, *facts])
