"""The pain scale's server side: what counts as an answer, and how it is filled in."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.pain import choose_pain, shown_pain
from ui.pain_scale import WORDS, checked_nrs, read_choice

ASSETS = {"js_source_path": "pain_scale.js", "css_source_path": "pain_scale.css"}


def _page() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function

    from ui.pain_scale import pain_scale  # noqa: PLC0415

    yesterday = 6 if st.toggle("Same as yesterday") else None
    revision = st.number_input("Revision", value=0)
    with st.form("report"):
        worst = pain_scale("Worst pain", key="worst", value=yesterday, revision=int(revision))
        st.form_submit_button("Save")
    average = pain_scale("Average pain", key="average")
    st.text(f"{worst} {average}")


def _two_pages() -> None:
    import streamlit as st  # noqa: PLC0415

    from ui.pain_scale import pain_scale  # noqa: PLC0415

    if st.toggle("Elsewhere"):
        st.text("elsewhere")
    else:
        st.text(str(pain_scale("Worst pain", key="worst")))


def _answers(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_page).run()


@pytest.mark.parametrize("value", [-1, 11, 3.0, "3", True, None, [3], {"nrs": 3}, float("nan")])
def test_only_whole_numbers_from_0_to_10_are_answers(value: object) -> None:
    """Whatever else a browser sends is no answer."""
    assert checked_nrs(value) is None
    assert read_choice({"choice": {"nrs": value, "fill": "0:4"}}, fill="0:4", filled=4) is None


@pytest.mark.parametrize(
    "state", [None, 5, "five", [], {}, {"choice": None}, {"choice": 5}, {"nrs": 5}]
)
def test_a_shapeless_state_leaves_what_was_filled_in(state: object) -> None:
    """A state without a choice neither answers nor breaks the page."""
    assert read_choice(state, fill="0:4", filled=4) == 4
    assert read_choice(state, fill="0:None", filled=None) is None


@pytest.mark.parametrize("number", range(11))
def test_every_number_of_the_scale_is_an_answer(number: int) -> None:
    """The ends count: 0 is an answer and not the lack of one."""
    choice = {"choice": {"nrs": number, "fill": "0:None"}}

    assert read_choice(choice, fill="0:None", filled=None) == number


def test_a_choice_made_before_a_newer_fill_is_void() -> None:
    """What the page filled in last is shown until the person chooses again."""
    assert read_choice({"choice": {"nrs": 2, "fill": "0:None"}}, fill="0:6", filled=6) == 6


def test_nothing_is_preselected(app: AppTest) -> None:
    """An untouched scale is no answer."""
    assert _answers(app) == "None None"
    assert shown_pain(app, "worst") is None


def test_an_impossible_choice_is_no_answer_on_the_page(app: AppTest) -> None:
    """The server does not trust the browser's number."""
    choose_pain(app, "worst", 11)
    choose_pain(app, "average", "<b>3</b>")

    assert _answers(app.run()) == "None None"


def test_choices_are_kept_over_later_runs(app: AppTest) -> None:
    """Two scales on a page keep their own answers, inside and outside a form."""
    choose_pain(app, "worst", 7)
    choose_pain(app, "average", 0)

    assert _answers(app.run()) == "7 0"
    assert _answers(app.run()) == "7 0"
    assert shown_pain(app, "worst") == 7


def test_filling_in_replaces_a_choice_and_a_later_choice_wins(app: AppTest) -> None:
    """Same as yesterday shows yesterday's number; what is chosen after it counts."""
    choose_pain(app, "worst", 2)
    assert _answers(app.toggle[0].set_value(True).run()) == "6 None"

    choose_pain(app, "worst", 4)
    assert _answers(app.run()) == "4 None"


def test_a_new_revision_fills_in_the_same_value_again(app: AppTest) -> None:
    """Pressing the button twice works although the value is the same."""
    app.toggle[0].set_value(True).run()
    choose_pain(app, "worst", 4)
    app.run()

    assert _answers(app.number_input[0].set_value(1).run()) == "6 None"


def test_a_scale_that_left_the_page_comes_back_unanswered() -> None:
    """No answer is carried over from a page that was left."""
    app = AppTest.from_function(_two_pages).run()
    choose_pain(app, "worst", 5)
    assert _answers(app.run()) == "5"

    app.toggle[0].set_value(True).run()
    assert _answers(app.toggle[0].set_value(False).run()) == "None"


def test_script_and_style_are_files_of_our_own_origin(app: AppTest) -> None:
    """The Content Security Policy refuses a script from blob: or inline."""
    proto = app.get("bidi_component")[0].proto

    assert {name: getattr(proto, name) for name in ASSETS} == ASSETS
    assert proto.js_content == ""
    assert not re.search(r"<script|\son\w+=", proto.html_content)


def test_both_ends_and_the_middle_carry_words(app: AppTest) -> None:
    """The numbers 0, 5 and 10 say in words what they mean."""
    drawn = json.loads(app.get("bidi_component")[0].proto.json)

    assert drawn["words"] == {str(number): words for number, words in WORDS.items()}
    assert list(WORDS) == [0, 5, 10]
