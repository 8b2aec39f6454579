"""Reasons to look in words, for the staff."""

from recovery.judgement.reasons import ReasonKind

REASON_WORDS = {
    ReasonKind.WARNING_SIGN: "Warning sign",
    ReasonKind.SUDDEN_PAIN: "Sudden new pain",
    ReasonKind.FALL: "A fall",
    ReasonKind.CHANGE: "Change from own pattern",
    ReasonKind.WORSE_AGAIN: "Better, then worse",
    ReasonKind.HIGHER: "Higher than most at this point",
    ReasonKind.NO_RESPONSE: "No response by the milestone",
    ReasonKind.SILENCE: "No reports",
    ReasonKind.MEDICINE: "More pain medicine",
    ReasonKind.BRACE: "Brace worn less than planned",
}
"""Each kind of reason as a heading."""
