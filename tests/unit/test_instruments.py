"""The words of the questionnaires: as published, whole in both languages, and sourced."""

import re
import shutil
from pathlib import Path

import pytest

from content.errors import ContentError
from content.instruments import INSTRUMENTS_FILE, Questionnaires, read_questionnaires
from content.library import COMMON, CONTENT_FOLDER
from content.shelf import questionnaires as served
from content.sources import SOURCES_FILE, Sources, read_sources
from content.translations import stamp
from recovery.questionnaires import FORMS, Instrument
from recovery.wording import Language, speaking

PEG, PGIC = Instrument.PEG, Instrument.PGIC
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
COMMON_FOLDER = CONTENT_FOLDER / COMMON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the files to break."""
    for name in (INSTRUMENTS_FILE, *(f"{each}/{INSTRUMENTS_FILE}" for each in Language)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(COMMON_FOLDER / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def known() -> Sources:
    """Return the questionnaires' own sources."""
    return read_sources([COMMON_FOLDER / SOURCES_FILE])


def questionnaires(language: Language) -> Questionnaires:
    """Return what ships in *language*."""
    with speaking(language):
        return served()


def _change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


FACTS, WORDS = INSTRUMENTS_FILE, f"en/{INSTRUMENTS_FILE}"
BROKEN = [
    (FACTS, "- id: pgic", "- id: peg", "peg stands twice", 12),
    (FACTS, "- id: pgic", "- id: odi", "Input should be", 12),
    (FACTS, "[pain, enjoyment, activity]", "[pain, enjoyment]", "2 where the rules say 3", 4),
    (FACTS, "highest: 10", "highest: 9", "9 where the rules say 10", 6),
    (FACTS, "lowest: 1", "lowest: 0", "0 where the rules say 1", 14),
    (FACTS, "krebs2009,", "krebs,", "source krebs is not known", 11),
    (WORDS, "pgic:", "peg2:", "Input should be", 20),
    (WORDS, "    enjoyment:", "    joy:", "other questions than in the facts", 5),
    (WORDS, "    - No change\n", "", "another number of levels", 26),
    (WORDS, "      ends: [No pain, Pain as bad as you can imagine]\n", "", "words at its ends", 6),
    (WORDS, "    - No change\n", '    - ""\n', "at least 1 character", 30),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case[3]} in line {case[4]}")
def test_what_does_not_fit_is_refused(
    folder: Path, known: Sources, case: tuple[str, str, str, str, int]
) -> None:
    """With file and line."""
    name, old, new, words, line = case
    _change(folder, name, old, new)

    with pytest.raises(ContentError, match=re.escape(words)) as refusal:
        read_questionnaires(folder, ENGLISH, known)
    assert refusal.value.line == line


def test_a_questionnaire_that_is_missing_is_refused(folder: Path, known: Sources) -> None:
    """Stored answers name each of them."""
    path = folder / FACTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("- id: pgic")], encoding="utf-8")

    with pytest.raises(ContentError, match="pgic is missing"):
        read_questionnaires(folder, ENGLISH, known)


def test_a_questionnaire_without_words_is_refused(folder: Path, known: Sources) -> None:
    """Half of it is nothing to ask."""
    path = folder / WORDS
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("pgic:")], encoding="utf-8")

    with pytest.raises(ContentError, match="pgic has no words"):
        read_questionnaires(folder, ENGLISH, known)


def test_a_translation_of_other_words_is_refused(folder: Path, known: Sources) -> None:
    """Until somebody looked at it again."""
    _change(folder, WORDS, "Average pain", "Usual pain")
    with pytest.raises(ContentError, match="translates another text"):
        read_questionnaires(folder, SPANISH, known)

    stamp(folder / "es" / INSTRUMENTS_FILE)
    assert set(read_questionnaires(folder, SPANISH, known)) == set(Instrument)


def test_the_questions_of_the_peg_are_the_published_ones() -> None:
    """Word for word, with the words at both ends of each scale."""
    peg = questionnaires(ENGLISH)[PEG]

    interferes = ("Does not interfere", "Completely interferes")
    how = "What number best describes how, during the past week, pain has interfered with your"
    assert [(each.ask, each.ends) for each in peg.questions] == [
        (
            "What number best describes your pain on average in the past week?",
            ("No pain", "Pain as bad as you can imagine"),
        ),
        (f"{how} enjoyment of life?", interferes),
        (f"{how} general activity?", interferes),
    ]


def test_the_levels_of_the_pgic_are_the_published_ones() -> None:
    """From 1 to 7."""
    assert questionnaires(ENGLISH)[PGIC].levels == (
        "Very much improved",
        "Much improved",
        "Minimally improved",
        "No change",
        "Minimally worse",
        "Much worse",
        "Very much worse",
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("instrument", Instrument)
def test_each_is_whole_in_each_language(instrument: Instrument, language: Language) -> None:
    """As many questions and answers as the rules know, with whose it is."""
    found, form = questionnaires(language)[instrument], FORMS[instrument]

    assert len(found.questions) == form.items
    assert len(found.levels) in (0, form.highest - form.lowest + 1)
    assert "others, 2009" in found.foot or "otros, 2009" in found.foot or instrument is PGIC
    assert found.attribution
    assert found.licence
    assert found.source_ids


@pytest.mark.parametrize("instrument", Instrument)
def test_our_own_translation_says_that_it_is(instrument: Instrument) -> None:
    """On the screen, since nobody validated it; the English says nothing of the kind."""
    assert "no está validada" in questionnaires(SPANISH)[instrument].foot
    assert "valid" not in questionnaires(ENGLISH)[instrument].foot


def test_licensed_questionnaires_are_not_shipped() -> None:
    """Two are free to ship; the others are nowhere."""
    assert [each.value for each in questionnaires(ENGLISH)] == ["peg", "pgic"]
