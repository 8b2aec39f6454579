"""Free text: what is refused, and that the rest is kept as it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import InvalidEntry
from recovery.text import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, clean_text, require_text

CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t\r"]
KEPT = [
    "=1+1",
    "@SUM(A1)",
    "+49 30 1234",
    "-5 is worse",
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE patient;--",
    'He said "ow" \\ and more',
    "مرحبا بالعالم",
    "\u202eback to front\u202c",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467 and \U0001f9b4",
    "\U0001d56c four bytes",
    "tab\there",
    "two\n\nparagraphs",
    "100 %_ of it",
]


@pytest.mark.parametrize("control", CONTROLS)
def test_control_characters_are_refused(control: str) -> None:
    """One of the databases cannot store them, so neither does."""
    with pytest.raises(InvalidEntry, match="cannot be stored"):
        clean_text(f"a{control}b")


@pytest.mark.parametrize("half", [chr(0xD800), "a" + chr(0xDFFF) + "b"])
def test_half_a_character_is_refused(half: str) -> None:
    """A lone surrogate has no encoding."""
    with pytest.raises(InvalidEntry, match="cannot be stored"):
        clean_text(half)


def test_one_character_too_many_is_refused() -> None:
    """The limit itself is taken; the refusal names both numbers."""
    assert clean_text("x" * MAX_NOTE_LENGTH) == "x" * MAX_NOTE_LENGTH
    with pytest.raises(InvalidEntry, match=r"2,001 characters long. Shorten it to 2,000"):
        clean_text("x" * (MAX_NOTE_LENGTH + 1))


def test_a_hundred_thousand_characters_are_refused_in_words() -> None:
    """The text itself is not repeated in the refusal."""
    with pytest.raises(InvalidEntry, match="100,000 characters") as refused:
        clean_text("secret " * 14_285 + "tail!")

    assert "secret" not in str(refused.value)


def test_space_around_a_text_does_not_count() -> None:
    """A text of the longest length with space around it is taken."""
    assert clean_text(" \n" + "x" * MAX_NOTE_LENGTH + "\t ") == "x" * MAX_NOTE_LENGTH


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0\u2003"])
def test_a_text_that_must_be_there_is_asked_for(text: str) -> None:
    """Space alone is nothing."""
    assert clean_text(text) == ""
    with pytest.raises(InvalidEntry, match="Enter the name"):
        require_text(text, what="name")


def test_a_name_has_a_length_of_its_own() -> None:
    """The words of the refusal say what is too long."""
    assert require_text("x" * MAX_NAME_LENGTH, what="name") == "x" * MAX_NAME_LENGTH
    with pytest.raises(InvalidEntry, match="The name is 121"):
        require_text("x" * (MAX_NAME_LENGTH + 1), what="name")


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_is_kept(text: str) -> None:
    """Formulas, markup, other scripts and emoji stay as typed."""
    assert clean_text(text) == text


def test_line_ends_become_one_kind() -> None:
    """Windows and old Macintosh line ends are the same line end."""
    assert clean_text("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_letters_are_composed() -> None:
    """An accent typed after its letter is the same text as the accented letter."""
    assert clean_text("Jose\u0301") == "José"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """What was cleaned is composed, has no space around it, and is accepted again."""
    try:
        cleaned = clean_text(text)
    except InvalidEntry:
        return

    assert clean_text(cleaned) == cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
