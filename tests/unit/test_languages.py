"""Every sentence a patient reads is in every language; days and numbers are written as in it."""

import ast
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from charts.frames import day_words
from charts.scales import DAY_TITLE, day_axis, pain_axis
from charts.timeline import DayRange
from content import local_forms
from content.catalogues import TRANSLATED
from recovery.errors import AccessDenied, InvalidEntry
from recovery.reports import PartialReport
from recovery.text import clean_text, require_text
from recovery.wording import (
    LANGUAGE_NAMES,
    LOCALES,
    Language,
    ask_language,
    language,
    others,
    speaking,
    tr,
    trn,
)
from tests.catalogue import APP_FOLDERS, TEMPLATES, catalogue, messages, places, said, texts
from tests.sources import ROOT, name_of, python_files, shown, tree
from ui.words import clock_time, moment, procedure_day, relative_day

DAY = date(2026, 11, 22)
EVENING = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
LOOK_UPS = {"tr": 1, "trn": 2, "marked": 1}
"""Functions of wording, with how many of their first arguments are sentences."""

FOR_PATIENTS = (
    "base",
    "join",
    "letter",
    "notice",
    "passkey_status",
    "passkeys",
    "password",
    "print",
    "sign_in",
    "sign_out",
)
"""Templates that patients meet; the rest is the staff's, and English."""

NOT_TRANSLATED = {"Mendline", "Print this page now and hand it over. The code is shown only once."}
_MARKUP = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
_SAID_BY_MARKUP = re.compile(r"""(?:alt|title|placeholder|aria-label)="([^"{]+)""")


@pytest.mark.parametrize("spoken", TRANSLATED)
def test_every_sentence_is_translated(spoken: Language) -> None:
    """A sentence that is new in the code has to be said in every language."""
    held = {texts(each.id) for each in messages(catalogue(spoken))}

    missing = [f"{where}: {each!r}" for each, where in said().items() if texts(each) not in held]

    assert missing == [], "write these into the catalogue"


@pytest.mark.parametrize("spoken", TRANSLATED)
def test_nothing_is_translated_that_nobody_says(spoken: Language) -> None:
    """A sentence that changed in the code leaves its old translation behind."""
    wanted = {texts(each) for each in said()}

    stale = [each.id for each in messages(catalogue(spoken)) if texts(each.id) not in wanted]

    assert stale == [], "take these out of the catalogue"
    assert not catalogue(spoken).obsolete


@pytest.mark.parametrize("spoken", TRANSLATED)
def test_every_translation_is_whole_and_sure(spoken: Language) -> None:
    """None is empty, lacks a plural, or waits for somebody to look at it again."""
    held = catalogue(spoken)
    forms = {True: held.num_plurals, False: 1}

    doubtful = [
        each.id
        for each in messages(held)
        if each.fuzzy
        or len(texts(each.string)) != forms[each.pluralizable]
        or not all(text.strip() for text in texts(each.string))
    ]

    assert doubtful == []


@pytest.mark.parametrize("spoken", TRANSLATED)
def test_every_translation_has_the_places_of_its_sentence(spoken: Language) -> None:
    """A number or a name is neither left out nor asked for in vain."""
    other = [
        each.id
        for each in messages(catalogue(spoken))
        if any(places(text) != places(texts(each.id)[-1]) for text in texts(each.string))
    ]

    assert other == []


def test_no_spanish_sentence_ends_with_a_time() -> None:
    """A time of day ends with a full stop of its own there: ``8:05 p. m.``."""
    ends = re.compile(r"\{(?:when|time|at|began|used)\}\.|a las \{")

    assert [
        each.id
        for each in messages(catalogue(Language.SPANISH))
        if any(ends.search(text) for text in texts(each.string))
    ] == []


@pytest.mark.parametrize("file", python_files(*APP_FOLDERS), ids=shown)
def test_sentences_stand_where_they_can_be_found(file: Path) -> None:
    """Put together, or inside another text in braces, a sentence is not seen by the extractor."""
    found = {text for each in said() for text in texts(each)}
    wrong = [
        f"{shown(file)}:{node.lineno}"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        for sentence in node.args[: LOOK_UPS.get(name_of(node.func), 0)]
        if isinstance(sentence, ast.JoinedStr | ast.BinOp)
        or (isinstance(sentence, ast.Constant) and sentence.value not in found)
    ]

    assert wrong == []


@pytest.mark.parametrize("name", FOR_PATIENTS)
def test_a_patients_template_says_nothing_untranslated(name: str) -> None:
    """What stands between its tags, or is read aloud from them, goes through ``tr``."""
    page = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    bare = [part.strip() for part in _MARKUP.split(page)]
    spoken = [part for part in (*bare, *_SAID_BY_MARKUP.findall(page)) if re.search(r"\w", part)]

    assert {part.strip("- ") for part in spoken} <= NOT_TRANSLATED


@pytest.mark.parametrize(
    "script", [*sorted((ROOT / "ui").glob("*/assets/*.js")), ROOT / "web/assets/passkeys.js"]
)
def test_scripts_bring_no_sentences_along(script: Path) -> None:
    """The server hands them their words."""
    code = re.sub(r"//.*", "", script.read_text(encoding="utf-8"))

    assert re.findall(r"""["'`][A-Z][a-z]+ [^"'`]*["'`]""", code) == []


def test_every_language_has_a_name_and_a_way_of_writing() -> None:
    """So that it can be chosen and spoken."""
    assert set(LANGUAGE_NAMES) == set(LOCALES) == set(Language)


def test_the_language_is_of_the_moment() -> None:
    """A block speaks a language, and what was spoken before is spoken after it."""
    with speaking(Language.SPANISH):
        assert tr("Today") == "Hoy"
        assert others() == [Language.ENGLISH]
        with speaking(Language.ENGLISH):
            assert tr("Today") == "Today"
        assert language() is Language.SPANISH
    assert language() is Language.ENGLISH


def test_whoever_cannot_tell_the_language_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside pages nobody can, and English is spoken."""
    monkeypatch.setattr("recovery.wording._askers", [])
    ask_language(lambda: None)
    ask_language(lambda: Language.SPANISH)

    assert language() is Language.SPANISH


@pytest.mark.parametrize(
    ("spoken", "long", "short", "with_year", "full"),
    [
        ("en", "Sunday 22 November", "Sun 22 Nov", "22 Nov 2026", "Sunday 22 November 2026"),
        (
            "es",
            "domingo 22 de noviembre",
            "dom 22 nov",
            "22 nov 2026",
            "domingo 22 de noviembre de 2026",
        ),
    ],
)
def test_days_are_written_as_the_language_writes_them(
    spoken: Language, long: str, short: str, with_year: str, full: str
) -> None:
    """With its own names, and its small words between them."""
    with speaking(Language(spoken)):
        assert local_forms.long_day(DAY) == long
        assert local_forms.short_day(DAY) == short
        assert local_forms.dated(DAY) == with_year
        assert local_forms.full_weekday(DAY) == full
        assert full.endswith(local_forms.full_day(DAY))


@pytest.mark.parametrize(
    ("spoken", "at", "words"),
    [
        ("en", time(0, 0), "12:00 AM"),
        ("en", time(20, 5), "8:05 PM"),
        ("es", time(0, 0), "12:00 a. m."),
        ("es", time(12, 0), "12:00 p. m."),
        ("es", time(20, 5), "8:05 p. m."),
    ],
)
def test_times_are_written_as_the_language_writes_them(spoken: str, at: time, words: str) -> None:
    """On a clock of twelve hours, as in the United States."""
    with speaking(Language(spoken)):
        assert re.sub(r"\s", " ", local_forms.clock(at)) == words


@pytest.mark.parametrize(
    ("number", "english", "spanish"),
    [(0, "0", "0"), (6.0, "6", "6"), (6.5, "6.5", "6,5"), (0.04, "0", "0"), (10, "10", "10")],
)
def test_numbers_are_written_as_the_language_writes_them(
    number: float, english: str, spanish: str
) -> None:
    """A decimal point in the one, a comma in the other, and no needless digits."""
    assert local_forms.plain_number(number) == english
    with speaking(Language.SPANISH):
        assert local_forms.plain_number(number) == spanish


def test_moments_and_days_of_a_recovery_are_spoken() -> None:
    """As they stand on the pages."""
    with speaking(Language.SPANISH):
        assert re.sub(r"\s", " ", moment(EVENING, "UTC")) == "22 nov 2026, 8:05 p. m."
        assert re.sub(r"\s", " ", clock_time(EVENING, "America/New_York")) == "3:05 p. m."
        assert relative_day(DAY, DAY) == "Hoy"
        assert procedure_day(0, "cifoplastia") == "El día de su cifoplastia"
        assert procedure_day(5, "cifoplastia") == "Día 5 después de su cifoplastia"
        assert procedure_day(-1, "cifoplastia") == "Falta 1 día para su cifoplastia"
        assert procedure_day(-2, "cifoplastia") == "Faltan 2 días para su cifoplastia"


def test_charts_speak_the_language_of_whoever_looks() -> None:
    """What is kept of an axis for one language is not shown in another."""
    days = DayRange(0, 13)
    english = _titles(days)

    with speaking(Language.SPANISH):
        spanish = _titles(days)
        assert day_words(DAY, 1) == "Día 1, lun 23 nov 2026"

    assert english[0] == DAY_TITLE
    assert spanish == [
        "Días después del procedimiento",
        ["Dolor (0 = nada, 10 = el peor)", "Más arriba es más dolor"],
    ]
    assert day_words(DAY, 1) == "Day 1, Mon 23 Nov 2026"


def _titles(days: DayRange) -> list[Any]:
    axes: list[Any] = [day_axis(days).to_dict(), pain_axis("mean:Q").to_dict()]
    return [axis["title"] for axis in axes]


def test_refusals_are_spoken() -> None:
    """Those of the rules too, with what they name."""
    with speaking(Language.SPANISH):
        assert "expediente" in str(AccessDenied())
        with pytest.raises(InvalidEntry, match=r"^Elija un número de 0 a 10 para su peor dolor\.$"):
            PartialReport().complete(DAY)
        with pytest.raises(InvalidEntry, match=r"^Escriba el nombre\.$"):
            require_text(" ", what="name")
        with pytest.raises(InvalidEntry, match=r"^Hay 2001 letras o signos en la nota\."):
            clean_text("x" * 2_001)


def test_counts_are_spoken_as_the_language_counts() -> None:
    """One, and any other number."""
    forms = (
        "There were too many tries. Wait {count} minute and try again.",
        "There were too many tries. Wait {count} minutes and try again.",
    )
    with speaking(Language.SPANISH):
        assert "1 minuto e" in trn(*forms, 1)
        assert "2 minutos e" in trn(*forms, 2)
