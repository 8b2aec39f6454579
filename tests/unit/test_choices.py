"""The large choices' server side: what counts as an answer, and how it is filled in."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.choosing import choose, drawn, shown_choice
from ui.choices import CLEAR, checked_ids, read_choice

SIGNS = ("fever", "leg", "wound")
ASSETS = {"js_source_path": "choices.js", "css_source_path": "choices.css"}


def _page() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function

    from ui.choices import choose_many, choose_one  # noqa: PLC0415

    places = {"home": "At home", "out": "Out and about"}
    signs = {"fever": "Fever", "leg": "Weak leg"}
    filled = st.toggle("Same as yesterday")
    revision = int(st.number_input("Revision", value=0))
    place = choose_one(
        "Where?", places, key="place", value="out" if filled else None, revision=revision
    )
    with st.form("report"):
        ticked = choose_many(
            "Any of these?",
            signs,
            key="signs",
            none_label="None of these",
            value=frozenset() if filled else None,
            revision=revision,
        )
        st.form_submit_button("Save")
    choose_one("Sure?", {"yes": "Yes"}, key="sure", value="maybe", may_clear=False)
    st.text(f"{place} {None if ticked is None else sorted(ticked)}")


def _answers(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30).run()


@pytest.mark.parametrize(
    "value", [None, 3, True, "fever", {"fever": True}, ["nonsense"], [None], [["fever"]], [3.0]]
)
def test_only_ids_on_offer_are_answers(value: object) -> None:
    """Whatever else a browser sends is no answer, and never "none of these"."""
    choice = {"choice": {"chosen": value, "fill": "0:null"}}

    assert checked_ids(value, SIGNS) is None
    assert read_choice(choice, fill="0:null", filled=None, options=SIGNS) is None


def test_an_id_no_longer_on_offer_is_dropped_and_the_others_stay() -> None:
    """A ticked sign is not lost because another one left the list."""
    assert checked_ids(["gone", "leg"], SIGNS) == frozenset({"leg"})


def test_nothing_ticked_and_none_of_these_are_two_answers() -> None:
    """An empty list is an answer, the lack of a list is not."""
    assert checked_ids([], SIGNS) == frozenset()
    assert checked_ids(None, SIGNS) is None


@pytest.mark.parametrize(
    "state", [None, 5, "choice", [], {}, {"choice": None}, {"choice": 5}, {"chosen": ["leg"]}]
)
def test_a_shapeless_state_leaves_what_was_filled_in(state: object) -> None:
    """A state without a choice neither answers nor breaks the page."""
    filled = frozenset({"leg"})

    assert read_choice(state, fill="0:", filled=filled, options=SIGNS) == filled
    assert read_choice(state, fill="0:", filled=None, options=SIGNS) is None


def test_a_choice_made_before_a_newer_fill_is_void() -> None:
    """What the page filled in last is shown until the person chooses again."""
    old = {"choice": {"chosen": ["leg"], "fill": "0:null"}}

    assert read_choice(old, fill="1:[]", filled=frozenset(), options=SIGNS) == frozenset()


def test_nothing_is_preselected(app: AppTest) -> None:
    """Untouched questions are no answers."""
    assert _answers(app) == "None None"
    assert shown_choice(app, "place") is None
    assert shown_choice(app, "signs") is None


@pytest.mark.parametrize("chosen", ["elsewhere", ["home", "out"], [], 1])
def test_an_impossible_choice_of_one_is_no_answer(app: AppTest, chosen: object) -> None:
    """Exactly one id on offer answers the question, whatever a browser says."""
    choose(app, "place", chosen)

    assert _answers(app.run()) == "None None"


def test_a_filled_in_value_that_is_not_on_offer_is_no_answer(app: AppTest) -> None:
    """A choice that has left the list since yesterday is not shown and not kept."""
    assert shown_choice(app, "sure") is None


def test_choices_are_kept_over_later_runs(app: AppTest) -> None:
    """Questions on a page keep their own answers, inside and outside a form."""
    choose(app, "place", "home")
    choose(app, "signs", {"leg", "fever"})

    assert _answers(app.run()) == "home ['fever', 'leg']"
    assert _answers(app.run()) == "home ['fever', 'leg']"
    assert shown_choice(app, "signs") == ["fever", "leg"]


def test_none_of_these_is_an_answer(app: AppTest) -> None:
    """The first row answers the question with an empty set."""
    choose(app, "signs", frozenset())

    assert _answers(app.run()) == "None []"
    assert shown_choice(app, "signs") == []


def test_an_answer_can_be_taken_back(app: AppTest) -> None:
    """Clearing wins over what was chosen and over what was filled in."""
    app.toggle[0].set_value(True).run()
    choose(app, "place", None)
    choose(app, "signs", None)

    assert _answers(app.run()) == "None None"


def test_filling_in_replaces_a_choice_and_a_later_choice_wins(app: AppTest) -> None:
    """Same as yesterday shows yesterday's answers; what is chosen after it counts."""
    choose(app, "place", "home")
    choose(app, "signs", {"leg"})
    assert _answers(app.toggle[0].set_value(True).run()) == "out []"

    choose(app, "place", "home")
    assert _answers(app.run()) == "home []"


def test_a_new_revision_fills_in_the_same_value_again(app: AppTest) -> None:
    """Pressing the button twice works although the value is the same."""
    app.toggle[0].set_value(True).run()
    choose(app, "place", "home")
    app.run()

    assert _answers(app.number_input[0].set_value(1).run()) == "out []"


def test_clearing_is_offered_unless_the_page_says_otherwise(app: AppTest) -> None:
    """Several choices are cleared by unticking them, one choice by its button."""
    assert [drawn(app, key)["clear"] for key in ("place", "signs", "sure")] == [CLEAR, "", ""]


def test_script_and_style_are_files_of_our_own_origin(app: AppTest) -> None:
    """The Content Security Policy refuses a script from blob: or inline."""
    proto = app.get("bidi_component")[0].proto

    assert {name: getattr(proto, name) for name in ASSETS} == ASSETS
    assert proto.js_content == ""
    assert not re.search(r"<script|\son\w+=", proto.html_content)
