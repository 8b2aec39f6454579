"""A report's answers as question and answer in words."""

from content.shelf import warning_signs
from recovery.reports import DailyReport, PartialReport
from ui.words import ACTIVITY_WORDS, MEDICINE_WORDS, NOT_ANSWERED, plain_number


def answer_lines(report: DailyReport | PartialReport) -> list[tuple[str, str]]:
    """Return every question with its answer, in the order of the form."""
    return [
        ("Worst pain", _number(report.worst_pain_nrs)),
        ("Average pain", _number(report.average_pain_nrs)),
        ("Brace, hours", _number(report.brace_hours)),
        ("Activity", ACTIVITY_WORDS[report.activity] if report.activity else NOT_ANSWERED),
        ("Minutes walked", _number(report.walking_minutes)),
        ("Pain medicine", MEDICINE_WORDS[report.medicine] if report.medicine else NOT_ANSWERED),
        ("Times taken", _number(report.medicine_times)),
        ("Warning signs", sign_words(report.warning_signs)),
        ("Note", report.note or "none"),
    ]


def sign_words(ids: frozenset[str] | None) -> str:
    """Name the ticked warning signs; an id this version does not know is shown as it is."""
    if ids is None:
        return NOT_ANSWERED
    known = warning_signs()
    return "; ".join(sorted(known[each].label if each in known else each for each in ids)) or "none"


def _number(value: float | None) -> str:
    return NOT_ANSWERED if value is None else plain_number(value)
