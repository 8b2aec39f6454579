"""A session forgets what a page drew, some time after the page was left, and nothing before."""

from datetime import timedelta
from random import Random

import pytest
import streamlit as st
import time_machine
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from ui.left_widgets import KEPT

PATIENTS, STEPS = 40, 40
LEEWAY = timedelta(seconds=20)
"""More than the clock goes on by itself in a test."""


def _page() -> None:
    import streamlit as st  # noqa: PLC0415 - Streamlit runs the text of this function alone

    from ui.left_widgets import forget_left_widgets  # noqa: PLC0415 - as above

    forget_left_widgets()
    patient = st.session_state.get("patient", 0)
    pressed = st.session_state.setdefault("pressed", [])
    st.button("Note", key=f"note-{patient}", on_click=pressed.append, args=(patient,))
    st.text_input("Words", key=f"words-{patient}")
    if not patient:
        st.text_input("Search", key="search", persist_state="session")


@pytest.fixture
def app(clock: time_machine.Traveller) -> AppTest:
    """Return the page of the first patient, opened at ``NOW``."""
    return AppTest.from_function(_page, default_timeout=30).run()


def _state(app: AppTest) -> SessionState:
    state: SessionState = app.session_state._state._state  # noqa: SLF001 - what is kept shows nowhere else
    return state


def _known(app: AppTest) -> set[str]:
    """Return the keys of all widgets that the session knows."""
    state = _state(app)
    names = state._key_id_mapper.id_key_mapping  # noqa: SLF001 - as above
    known = {names[each] for each in state._new_widget_state.widget_metadata}  # noqa: SLF001
    assert known == {*names.values()} == {*state._key_id_mapper._key_id_mapping}  # noqa: SLF001
    return known


def _open(app: AppTest, patient: int) -> None:
    app.session_state["patient"] = patient
    app.run()


def test_whoever_opens_one_patient_after_another_gives_them_back(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    for patient in range(1, PATIENTS):
        clock.shift(timedelta(seconds=20))
        _open(app, patient)

    # A minute's patients and the one that is open; the search outlives its page on purpose.
    known = _known(app)
    assert {f"note-{PATIENTS - 1}", f"words-{PATIENTS - 1}", "search"} <= known
    assert 3 <= len(known) <= 2 * 5 + 1


def test_a_widget_is_known_for_the_time_that_is_said(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    _open(app, 1)
    _open(app, 1)
    clock.shift(KEPT - LEEWAY)
    app.run()
    assert "note-0" in _known(app)

    clock.shift(LEEWAY)
    app.run()

    assert _known(app) == {"note-1", "words-1", "search"}


def test_a_page_that_is_left_again_is_left_anew(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    _open(app, 1)
    clock.shift(KEPT - LEEWAY)
    _open(app, 0)
    _open(app, 1)

    clock.shift(KEPT - LEEWAY)
    _open(app, 1)

    assert "note-0" in _known(app)


def test_a_press_on_its_way_when_its_page_is_left_is_done(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    shown = app._tree  # noqa: SLF001 - a browser shows what it was sent before
    _open(app, 1)
    _open(app, 1)
    clock.shift(KEPT - LEEWAY)
    _open(app, 1)

    app._tree = shown  # noqa: SLF001 - as above
    app.text_input(key="words-0").input("")
    app.button(key="note-0").click().run()

    assert app.session_state["pressed"] == [0]


def test_a_page_that_stands_for_hours_keeps_all_it_has(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    app.text_input(key="words-0").input("slept badly").run()
    for _ in range(3):
        clock.shift(timedelta(hours=1))
        app.run()

    app.button(key="note-0").click().run()

    assert app.session_state["pressed"] == [0]
    assert app.text_input(key="words-0").value == "slept badly"


def test_a_search_is_there_after_an_hour_elsewhere(
    app: AppTest, clock: time_machine.Traveller
) -> None:
    app.text_input(key="search").input("elm").run()
    _open(app, 1)
    clock.shift(timedelta(hours=1))
    _open(app, 1)

    _open(app, 0)

    assert app.text_input(key="search").value == "elm"


def _walked_page() -> None:
    import streamlit as st  # noqa: PLC0415 - Streamlit runs the text of this function alone

    from ui.left_widgets import forget_left_widgets  # noqa: PLC0415 - as above

    if st.session_state["forgets"]:
        forget_left_widgets()
    page, pressed = st.session_state["page"], st.session_state["pressed"]
    st.button("Note", key=f"note-{page}", on_click=pressed.append, args=(page,))
    if page % 2:
        st.text_input("Search", key="search", persist_state="session")
    # The same key under another number, as its longest text is another one.
    st.text_input("Moved", key="moved", max_chars=50 + page)
    with st.form(f"form-{page}"):
        st.text_input("Words", key=f"words-{page}")
        st.form_submit_button("Save", key=f"save-{page}")
    if st.session_state["stops"]:
        st.stop()
    st.text_input("Last", key=f"last-{page}")


def _begin(*, forgets: bool) -> AppTest:
    app = AppTest.from_function(_walked_page, default_timeout=30)
    for name, value in {"forgets": forgets, "page": 0, "pressed": [], "stops": False}.items():
        app.session_state[name] = value
    return app.run()


def _step(app: AppTest, kind: str, number: int) -> None:
    if kind == "open":
        app.session_state["page"] = number % 3
    elif kind == "stop":
        app.session_state["stops"] = bool(number % 2)
    elif kind == "type":
        app.text_input[number % len(app.text_input)].set_value(f"words {number}")
    elif kind == "press":
        app.button[number % len(app.button)].click()
    app.run()
    assert not app.exception


@pytest.mark.parametrize("seed", range(4))
def test_no_value_and_no_press_differs_from_a_session_that_forgets_nothing(
    clock: time_machine.Traveller, seed: int
) -> None:
    """Whatever is opened, typed and pressed in whichever order, with whatever waits."""
    dice = Random(seed)
    apps = [_begin(forgets=forgets) for forgets in (False, True)]
    for _ in range(STEPS):
        kind, number = (
            dice.choice(["open", "open", "type", "press", "stop", "wait"]),
            dice.randrange(99),
        )
        if kind == "wait":
            clock.shift(timedelta(seconds=number))
        for app in apps:
            _step(app, kind, number)
        plain, forgetting = (
            ([(each.key, each.value) for each in app.text_input], app.session_state["pressed"])
            for app in apps
        )
        assert forgetting == plain


def test_without_a_session_nothing_is_done() -> None:
    """As when a page is drawn by a test of its own."""
    from ui.left_widgets import forget_left_widgets  # noqa: PLC0415 - beside the name it is for

    forget_left_widgets()

    assert not st.session_state.to_dict()
