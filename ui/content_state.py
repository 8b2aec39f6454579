"""Whether the content files, as they are now, are what is served."""

import streamlit as st

from ui.plain_text import plain


def show_content_state(problem: str) -> None:
    """
    Show what is wrong with changed content files; nothing when nothing is.

    Args:
        problem: A line for each broken file, with its line and what to do; may be empty.
    """
    if not problem:
        return
    listed = "\n".join(f"- {plain(line)}" for line in problem.splitlines())
    st.warning(
        "Content files were changed and are broken, so the changes are not served. Patients read "
        f"the last content that was whole. Mend this before you start Mendline anew:\n\n{listed}",
        icon=":material/warning:",
    )
