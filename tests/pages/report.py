"""Fill in the daily report as a person does, and read what the database holds of it."""

from datetime import date

from streamlit.testing.v1 import AppTest

from db.drafts import find_draft
from db.engine import Database, reading
from db.events import list_events
from db.reports import PastAnswers, find_report, list_past_answers, list_reports
from recovery.access import PatientAccess
from recovery.reports import DailyReport, Event, PartialReport, StoredReport
from tests.factories import TODAY
from tests.pages.choosing import choose
from tests.pages.pain import choose_pain, shown_pain

TODAY_PAGE = "patient/today.py"
SAVED = "Saved. Thank you."


def key_of(app: AppTest, question: str) -> str:
    """Return the key of a *question* that a component asks; refuse one that is not asked."""
    [key] = [key for key in _component_keys(app) if key.endswith(f"-{question}")]
    return key


def asks(app: AppTest, question: str) -> bool:
    """Tell whether the page asks *question*, by the end of its key."""
    inputs = (*app.number_input, *app.text_area)
    keys = [*_component_keys(app), *(each.key or "" for each in inputs)]
    return any(key.endswith(f"-{question}") for key in keys)


def answer_pain(app: AppTest, *, worst: object = None, average: object = None) -> None:
    """Choose the given numbers; they count from the next run on."""
    for question, value in (("worst", worst), ("average", average)):
        if value is not None:
            choose_pain(app, key_of(app, question), value)


def answer(app: AppTest, question: str, chosen: object) -> None:
    """Choose on ``signs``, ``activity`` or ``medicine``; it counts from the next run on."""
    choose(app, key_of(app, question), chosen)


def enter_number(app: AppTest, question: str, value: float | None) -> None:
    """Type a number for ``brace``, ``walking`` or ``times``."""
    [field] = [each for each in app.number_input if (each.key or "").endswith(f"-{question}")]
    field.set_value(value)


def shown_number(app: AppTest, question: str) -> float | None:
    """Return the number in the field of *question*, or None when it is empty."""
    [field] = [each for each in app.number_input if (each.key or "").endswith(f"-{question}")]
    return field.value


def write_note(app: AppTest, words: str) -> None:
    """Type the free note."""
    app.text_area[0].set_value(words)


def shown_answers(app: AppTest) -> tuple[int | None, int | None]:
    """Return the worst and average pain on the form."""
    return shown_pain(app, key_of(app, "worst")), shown_pain(app, key_of(app, "average"))


def save(app: AppTest) -> AppTest:
    """Press Save after the run that the last answer causes in a browser; return the test."""
    app.run()
    [button] = [each for each in app.button if each.label == "Save"]
    button.click().run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def is_thanked(app: AppTest) -> bool:
    """Tell whether the page says that the answers are saved."""
    return any(each.value.startswith(SAVED) for each in app.success)


def stored(database: Database, access: PatientAccess, day: date = TODAY) -> StoredReport | None:
    """Return what the database holds about *day*."""
    with reading(database) as session:
        return find_report(session, access, day)


def stored_answers(database: Database, access: PatientAccess) -> list[DailyReport]:
    """Return the answers about every day."""
    with reading(database) as session:
        return [each.report for each in list_reports(session, access)]


def past_answers(database: Database, access: PatientAccess) -> list[PastAnswers]:
    """Return the answers that were replaced."""
    with reading(database) as session:
        return list_past_answers(session, access)


def draft(database: Database, access: PatientAccess, day: date = TODAY) -> PartialReport | None:
    """Return the unsaved answers about *day*."""
    with reading(database) as session:
        return find_draft(session, access, day)


def events(database: Database, access: PatientAccess) -> list[Event]:
    """Return every event, withdrawn ones included."""
    with reading(database) as session:
        return list_events(session, access)


def _component_keys(app: AppTest) -> list[str]:
    return [element.key or "" for element in app.get("bidi_component")]
