"""Marks of what is filled in: a choice that comes with a page's first run at a process stands."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.pain import choose_pain, shown_pain


def _page() -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function

    from ui.pain_scale import pain_scale  # noqa: PLC0415

    filled = None if st.toggle("Nothing kept") else 6
    revision = st.number_input("Revision", value=0)
    st.text(str(pain_scale("Worst pain", key="worst", value=filled, revision=int(revision))))


def _reconnected(choice: object) -> AppTest:
    """Return a page whose browser sent *choice* with the first run of this process."""
    app = AppTest.from_function(_page)
    app.session_state["worst"] = {"choice": choice}
    return app.run()


def _mark(app: AppTest) -> str:
    [scale] = [each for each in app.get("bidi_component") if each.key == "worst"]
    return str(scale.proto.json)


def test_a_choice_made_at_another_process_stands_with_its_mark() -> None:
    """The mark stays what the browser has, so that it takes nothing back by itself."""
    app = _reconnected({"nrs": 4, "fill": "0:None"})

    assert app.text[0].value == "4"
    assert '"fill": "0:None"' in _mark(app)
    assert app.run().text[0].value == "4"
    assert '"fill": "0:None"' in _mark(app)


@pytest.mark.parametrize(
    "choice",
    [
        {"fill": "0:None"},
        {"nrs": 4, "fill": "1:None"},
        {"nrs": 4, "fill": 0},
        {"nrs": 4, "fill": "0:" + "9" * 1_000},
        {"nrs": 4, "fill": None},
        "0:None",
    ],
)
def test_what_is_no_choice_over_this_fill_is_overruled(choice: object) -> None:
    """One that was taken back, of another filling, or forged."""
    app = _reconnected(choice)

    assert app.text[0].value == "6"
    assert '"fill": "0:6"' in _mark(app)


def test_filling_anew_with_what_the_browser_named_is_another_fill() -> None:
    """Else the choice that came first would be taken for one made over it."""
    app = _reconnected({"nrs": 4, "fill": "0:None"})

    app.toggle[0].set_value(True).run()

    assert app.text[0].value == "None"
    assert shown_pain(app, "worst") is None
    assert '"fill": "0:None anew"' in _mark(app)


def test_a_choice_of_this_process_is_overruled_by_a_newer_fill() -> None:
    app = AppTest.from_function(_page).run()
    choose_pain(app, "worst", 2)
    app.run()

    app.number_input[0].set_value(1).run()

    assert app.text[0].value == "6"
