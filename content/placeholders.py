"""The two things a text leaves open: the clinic's telephone and the emergency number."""

import re

from recovery.wording import tr

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KNOWN = {"clinic_phone", "emergency_number"}
# Addresses are linked and short codes replaced even where signs are escaped: only a break
# inside stops them. The mark has no width.
_LINKED = re.compile(r":(?=\S)|@(?=\S)|(?<=[^\W\d_])(?=\.\S)")
_BETWEEN_GROUPS = re.compile(r"(?<=[\d)]) (?=[\d(])")
_JOINER, _NO_BREAK = "\u2060", "\u00a0"
_NOT_DIALLED = re.compile(r"[^0-9+]")


def unknown_placeholders(text: str) -> list[re.Match[str]]:
    """Return what stands in braces in *text* and cannot be filled."""
    return [match for match in _PLACEHOLDER.finditer(text) if match[1] not in _KNOWN]


def fill(text: str, emergency_number: str, clinic_phone: str) -> str:
    """
    Fill *text*, which has to read "Call {clinic_phone}" and "Call {emergency_number}".

    Without a telephone it reads "Call the clinic"; without a number, "Call the
    emergency number".
    """
    clinic = tr("the clinic at {phone}", phone=clinic_phone) if clinic_phone else tr("the clinic")
    emergency = emergency_number or tr("the emergency number")
    return text.replace("{clinic_phone}", clinic).replace("{emergency_number}", emergency)


def dialling_link(number: str) -> str:
    """Return *number* as a Markdown link that a telephone dials; empty for an empty one."""
    broken = _LINKED.sub(lambda found: found.group() + _JOINER, " ".join(number.split()))
    # A number of several groups stays in one line; words beside it may go to the next.
    broken = _BETWEEN_GROUPS.sub(_NO_BREAK, broken)
    shown = re.sub(r"([\\`*_\[\]()<>#!|~$:])", r"\\\1", broken)
    # An extension cannot be dialled with the number: what follows a letter is only shown.
    dialled = _NOT_DIALLED.sub("", re.split(r"[^\W\d_]", number)[0])
    return f"[{shown}](tel:{dialled})" if dialled else shown
