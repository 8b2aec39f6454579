"""What leaves Mendline as a file: nothing in it runs, nothing is lost."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.records import days_csv, events_csv, questionnaires_csv, record_json
from exchange.tables import to_csv
from recovery.questionnaires import Instrument
from recovery.wording import Language

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =HYPERLINK(1)",
    "\u00a0=1",
    "\uff1d1",
    "=cmd|' /C calc'!A0",
]
RECORD = {
    "patient": {"name": "Zoë Élm", "date_of_birth": date(1948, 3, 9)},
    "episodes": [
        {
            "procedure": "kyphoplasty",
            "daily_reports": [
                {
                    "day": date(2026, 11, 22),
                    "worst_pain_nrs": 0,
                    "brace_hours": None,
                    "warning_signs": ["fever", "wet_wound"],
                    "note": "=1+1",
                }
            ],
            "events": [{"occurred_at": datetime(2026, 11, 22, 8, tzinfo=UTC), "kind": "fall"}],
            "questionnaires": [
                {
                    "instrument": Instrument.PEG,
                    "due_pod": 7,
                    "answered_on": date(2026, 11, 22),
                    "score": 0.0,
                    "answers": [0, 0, 0],
                    "language": Language.SPANISH,
                }
            ],
        }
    ],
}


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    """An apostrophe in front makes it the text it is."""
    [row] = _read(to_csv(["note"], [{"note": text}]))

    assert row["note"] == f"'{text}"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_every_text_comes_back(text: str) -> None:
    """Quotes, commas and line breaks too; at most an apostrophe is put in front."""
    rows = list(csv.reader(io.StringIO(to_csv(["a", "b"], [{"a": text, "b": "end"}]), newline="")))

    assert rows[1][0].removeprefix("'") == text.removeprefix("'")
    assert rows[1][1] == "end"


def test_missing_is_empty_and_zero_is_zero() -> None:
    """A question that was not answered is no number, and a negative number is no formula."""
    [row] = _read(to_csv(["a", "b", "c", "d"], [{"a": None, "b": 0, "c": -1.5}]))

    assert row == {"a": "", "b": "0", "c": "-1.5", "d": ""}


def test_a_record_as_tables() -> None:
    """Days as they are written in a spreadsheet, several signs in one cell."""
    [day] = _read(days_csv(RECORD))
    [event] = _read(events_csv(RECORD))

    assert (day["procedure"], day["day"], day["worst_pain_nrs"]) == (
        "kyphoplasty",
        "2026-11-22",
        "0",
    )
    assert (day["brace_hours"], day["warning_signs"], day["note"]) == (
        "",
        "fever; wet_wound",
        "'=1+1",
    )
    assert (event["occurred_at"], event["kind"]) == ("2026-11-22T08:00:00+00:00", "fall")


def test_questionnaires_as_a_table() -> None:
    """The answers in one cell, in their order, beside the score."""
    [row] = _read(questionnaires_csv(RECORD))

    assert (row["procedure"], row["instrument"], row["due_pod"]) == ("kyphoplasty", "peg", "7")
    assert (row["answered_on"], row["score"], row["answers"]) == ("2026-11-22", "0.0", "0; 0; 0")
    assert (row["language"], row["created_at"]) == ("es", "")


def test_a_record_as_json_says_everything() -> None:
    """Nothing is left out or changed; letters stay letters."""
    text = record_json(RECORD)
    read = json.loads(text)

    assert "Zoë Élm" in text
    assert read["patient"]["date_of_birth"] == "1948-03-09"
    assert read["episodes"][0]["daily_reports"][0]["note"] == "=1+1"
    assert read["episodes"][0]["daily_reports"][0]["brace_hours"] is None
