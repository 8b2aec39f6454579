"""People's own words inside Markdown: shown letter by letter, never interpreted."""

import re
import string

_JOINER = "\u2060"  # has no width and allows no break

_SIGNS = re.compile(f"([{re.escape(string.punctuation)}])")
# Patterns that are replaced after escapes were read, so only a break inside stops them:
# short codes and icons, links written out, addresses for mail, arrows and the like.
_REPLACED_LATE = re.compile(
    r":(?=[\w+/-]+:)|:(?=//)|(?<=[wW]{3})(?=\.)|(?<=\w)@(?=\w)|(?<!\S)(?:<|-|>|~)(?=[->=]+(?!\S))"
)


def plain(text: str) -> str:
    """
    Return Markdown that shows *text* as it was typed.

    For names, notes and other words of people wherever Streamlit reads Markdown: titles,
    cells of ``st.table``, sentences around a name. Line breaks become spaces.
    """
    broken = _REPLACED_LATE.sub(lambda found: found.group() + _JOINER, " ".join(text.split()))
    return _SIGNS.sub(r"\\\1", broken)
