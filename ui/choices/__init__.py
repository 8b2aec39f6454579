"""Questions with large choices: one of several, or several with a way to say none of them."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

import streamlit as st

from recovery.wording import marked, tr
from ui.component_files import component
from ui.fills import fill_mark

CLEAR = marked("Clear answer")

_HERE = Path(__file__).parent


def choose_one(  # noqa: PLR0913 - named, as widgets take them
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    value: str | None = None,
    help_text: str = "",
    revision: int = 0,
    may_clear: bool = True,
) -> str | None:
    """
    Ask for one of several choices and return its id; works inside and outside a form.

    Nothing is preselected. When *value* or *revision* differs from the run before,
    *value* is shown in place of what was chosen; after that the person's own choice wins.

    Args:
        label: The question, shown above the choices.

        options: Id to the words shown, in the order shown.

        key: Key of the widget, unique on the page.

        value: The id to fill in; None, or an id that is not offered, for no answer.

        help_text: Shown under the question.

        revision: Change it to fill in the same *value* once more.

        may_clear: Whether an answer can be taken back.

    Returns:
        An id of *options*, or None while there is no answer.
    """
    words = {"label": label, "help": help_text, "none": "", "clear": tr(CLEAR) if may_clear else ""}
    filled = None if value is None else checked_ids([value], options)
    return _only(_ask(words, options, key=key, filled=filled, revision=revision))


def choose_many(  # noqa: PLR0913 - named, as widgets take them
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    none_label: str,
    value: frozenset[str] | None = None,
    revision: int = 0,
    help_text: str = "",
    details: Mapping[str, str] | None = None,
) -> frozenset[str] | None:
    """
    Ask which of several apply and return their ids; works inside and outside a form.

    The first row says that none applies and excludes the others, so that "none of
    these" and "not answered" stay two different answers. *value* and *revision* act as
    in ``choose_one``.

    Args:
        label: The question, shown above the choices.

        options: Id to the words shown, in the order shown.

        key: Key of the widget, unique on the page.

        none_label: Words of the first row.

        value: The ids to fill in; empty for "none of these", None for no answer.

        revision: Change it to fill in the same *value* once more.

        help_text: Shown under the question.

        details: Id to words that stand under the choice while it is ticked, at once
            and without the server.

    Returns:
        Ids of *options*; empty for "none of these", None while there is no answer.
    """
    words = {"label": label, "help": help_text, "none": none_label, "clear": ""}
    filled = checked_ids(value, options)
    return _ask(words, options, key=key, filled=filled, revision=revision, details=details)


def chosen_one(key: str, options: Collection[str], value: str | None = None) -> str | None:
    """
    Return what is chosen on a question that ``choose_one`` asks, also before it is drawn.

    For what happens on a press, before the page is: arguments and return as there.
    """
    filled = None if value is None else checked_ids([value], options)
    return _only(_chosen(key, options, filled=filled, revision=0))


def chosen_many(
    key: str, options: Collection[str], value: frozenset[str] | None = None
) -> frozenset[str] | None:
    """Return what is ticked on a question that ``choose_many`` asks, as ``chosen_one`` does."""
    return _chosen(key, options, filled=checked_ids(value, options), revision=0)


def read_choice(
    state: object, *, fill: str, filled: frozenset[str] | None, options: Collection[str]
) -> frozenset[str] | None:
    """
    Work out the answer from what the browser sent.

    Args:
        state: The state of the component; anything at all, since a browser sent it.

        fill: Names what the page fills in now. A choice made over an earlier fill is void.

        filled: The ids the page fills in, or None.

        options: The ids on offer.

    Returns:
        Ids of *options*, possibly none of them, or None while there is no answer.
    """
    choice = state.get("choice") if isinstance(state, Mapping) else None
    if not isinstance(choice, Mapping) or "chosen" not in choice or choice.get("fill") != fill:
        return filled
    return checked_ids(choice["chosen"], options)


def checked_ids(value: object, options: Collection[str]) -> frozenset[str] | None:
    """
    Return those of *value* that are on offer, or None when it is no answer.

    An id that is no longer offered is dropped and the others stay, so that a ticked
    warning sign is not lost with it. When nothing stays, that is no answer and never
    "none of these".
    """
    if not isinstance(value, list | frozenset):
        return None
    known = frozenset(item for item in value if isinstance(item, str) and item in options)
    return known if known or not value else None


def _ask(  # noqa: PLR0913 - what the two questions share
    words: Mapping[str, str],
    options: Mapping[str, str],
    *,
    key: str,
    filled: frozenset[str] | None,
    revision: int,
    details: Mapping[str, str] | None = None,
) -> frozenset[str] | None:
    fill = _mark(key, options, filled=filled, revision=revision)
    shown = _chosen(key, options, filled=filled, revision=revision)
    data = {
        **words,
        "options": [[option, text] for option, text in options.items()],
        "details": dict(details or {}),
        "chosen": _in_order(shown, options),
        "fill": fill,
    }
    state = component("choices", _HERE)(key=key, data=data)
    return read_choice(state, fill=fill, filled=filled, options=options)


def _chosen(
    key: str, options: Collection[str], *, filled: frozenset[str] | None, revision: int
) -> frozenset[str] | None:
    fill = _mark(key, options, filled=filled, revision=revision)
    return read_choice(st.session_state.get(key), fill=fill, filled=filled, options=options)


def _mark(
    key: str, options: Collection[str], *, filled: frozenset[str] | None, revision: int
) -> str:
    return fill_mark(key, revision=revision, filled=json.dumps(_in_order(filled, options)))


def _only(chosen: frozenset[str] | None) -> str | None:
    return next(iter(chosen)) if chosen and len(chosen) == 1 else None


def _in_order(chosen: frozenset[str] | None, options: Collection[str]) -> list[str] | None:
    return None if chosen is None else [option for option in options if option in chosen]
