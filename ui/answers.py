"""A report's answers as question and answer in words."""

from content.shelf import warning_signs
from recovery.reports import DailyReport, PartialReport
from recovery.wording import tr
from ui.words import ACTIVITY_WORDS, MEDICINE_WORDS, NOT_ANSWERED, plain_number


def answer_lines(report: DailyReport | PartialReport) -> list[tuple[str, str]]:
    """Return every question with its answer, in the order of the form."""
    return [
        (tr("Worst pain"), _number(report.worst_pain_nrs)),
        (tr("Average pain"), _number(report.average_pain_nrs)),
        (tr("Brace, hours"), _number(report.brace_hours)),
        (tr("Activity"), tr(ACTIVITY_WORDS[report.activity] if report.activity else NOT_ANSWERED)),
        (tr("Minutes walked"), _number(report.walking_minutes)),
        (
            tr("Pain medicine"),
            tr(MEDICINE_WORDS[report.medicine] if report.medicine else NOT_ANSWERED),
        ),
        (tr("Times taken"), _number(report.medicine_times)),
        (tr("Warning signs"), sign_words(report.warning_signs)),
        (tr("Note"), report.note or tr("none")),
    ]


def sign_words(ids: frozenset[str] | None) -> str:
    """Name the ticked warning signs; an id this version does not know is shown as it is."""
    if ids is None:
        return tr(NOT_ANSWERED)
    known = warning_signs()
    return "; ".join(sorted(known[each].label if each in known else each for each in ids)) or tr(
        "none"
    )


def _number(value: float | None) -> str:
    return tr(NOT_ANSWERED) if value is None else plain_number(value)
