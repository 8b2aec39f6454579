"""The record table's server side: what is drawn, and which row was opened."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui.record_table
from tests.pages.choosing import drawn, open_row, shown_rows
from ui.record_table import Column, checked_id, record_table

ASSETS = {"js_source_path": "record_table.js", "css_source_path": "record_table.css"}
SCRIPT = Path(ui.record_table.__file__).parent / "assets" / "record_table.js"
MARKUP = "<img src=x onerror=alert(1)>"


def _page() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function

    from ui.record_table import Column, Spark, record_table  # noqa: PLC0415

    columns = [
        Column("name", "Name"),
        Column("pain", "Last pain", kind="number"),
        Column("why", "Why", kind="flag", wide_only=True),
        Column("line", "Pain", kind="spark"),
    ]
    rows: list[dict[str, str | Spark]] = [
        {"id": "a", "name": "<img src=x onerror=alert(1)>", "pain": "7", "why": "Warning sign"},
        {
            "id": "b",
            "name": "Bo Example",
            "hidden": "not a column",
            "line": Spark([8, None, 3], 28, "3 days: 8 to 3, 1 day missing"),
        },
    ]
    shown = [] if st.toggle("Nobody") else rows
    st.text(str(record_table("Patients", columns, shown, key="patients", return_to="b")))


def _opened(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30).run()


@pytest.mark.parametrize("value", [None, "", "c", 0, True, ["a"], {"id": "a"}])
def test_only_ids_among_the_rows_are_opened(value: object) -> None:
    """Whatever else a browser sends opens nothing."""
    assert checked_id(value, {"a", "b"}) is None


@pytest.mark.parametrize("row_id", ["c", None, ["a"], MARKUP])
def test_a_row_that_is_not_shown_is_not_opened_on_the_page(app: AppTest, row_id: object) -> None:
    """The server does not trust the browser's id."""
    assert _opened(open_row(app, "patients", row_id)) == "None"


@pytest.mark.parametrize(
    ("columns", "rows"),
    [([], [{"id": "a"}]), ([Column("name", "Name")], [{"id": "a"}, {"id": "a"}])],
)
def test_a_table_that_cannot_tell_its_rows_apart_is_refused(
    columns: list[Column], rows: list[dict[str, str]]
) -> None:
    """Two rows of one id, or rows without an opener, are a mistake of the page."""
    with pytest.raises(ValueError, match="unique ids"):
        record_table("Patients", columns, rows, key="patients")


def test_without_rows_nothing_is_drawn(app: AppTest) -> None:
    """The page says in words that there is nobody to show."""
    app.toggle[0].set_value(True).run()

    assert _opened(app) == "None"
    assert shown_rows(app, "patients") == []


def test_a_table_that_nobody_pressed_opens_nothing(app: AppTest) -> None:
    """Drawing the table is not opening a row."""
    assert _opened(app) == "None"


def test_a_pressed_row_is_opened_once(app: AppTest) -> None:
    """The id is there in the run after the press and gone in the next."""
    assert _opened(open_row(app, "patients", "b")) == "b"
    assert _opened(app.run()) == "None"


def test_only_the_columns_are_sent_to_the_browser(app: AppTest) -> None:
    """What a row holds beside them stays on the server; what it lacks is empty."""
    assert shown_rows(app, "patients") == [
        ["a", MARKUP, "7", "Warning sign", ""],
        ["b", "Bo Example", "", "", ["3 days: 8 to 3, 1 day missing", 28, [8, None, 3]]],
    ]
    assert drawn(app, "patients")["columns"] == [
        ["Name", "text", False],
        ["Last pain", "number", False],
        ["Why", "flag", True],
        ["Pain", "spark", False],
    ]
    assert drawn(app, "patients")["returnTo"] == "b"


def test_values_never_become_markup() -> None:
    """The script sets text and has no way to set HTML."""
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|write\(", SCRIPT.read_text()
    )


def test_a_missing_day_is_never_joined_over() -> None:
    """The line of pain begins anew after each day without a report."""
    script = SCRIPT.read_text()

    assert 'isMissing(pains[index - 1]) ? "M" : "L"' in script


def test_script_and_style_are_files_of_our_own_origin(app: AppTest) -> None:
    """The Content Security Policy refuses a script from blob: or inline."""
    proto = app.get("bidi_component")[0].proto

    assert {name: getattr(proto, name) for name in ASSETS} == ASSETS
    assert proto.js_content == ""
    assert not re.search(r"<script|\son\w+=", proto.html_content)
