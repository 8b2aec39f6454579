"""Pages as their reader gets them: filled, cited, in the reader's language."""

import re
from pathlib import Path

import pytest

from content.catalogues import load_catalogues
from content.education import EducationPage
from content.library import CONTENT_FOLDER, Library, read_library
from content.placeholders import dialling_link
from content.procedures import Procedure, Tier
from content.rendering import value_sentence
from content.warning_signs import WarningSign
from recovery.wording import Language, speaking
from tests.factories import new_settings
from tests.unit.content.folder import good, told

SETTINGS = new_settings(phone="+1 (555) 010-0100 ext. 4")


@pytest.fixture(scope="module")
def library() -> Library:
    """Return all content that ships, with its languages."""
    load_catalogues()
    return read_library(CONTENT_FOLDER)


def _page(library: Library, language: Language, slug: str) -> tuple[EducationPage, Procedure]:
    shelf = library.shelves[language]
    [page] = [each for each in shelf.pages_for("vertebroplasty") if each.slug == slug]
    return page, shelf.procedures["vertebroplasty"]


def _rendered(library: Library, language: Language, slug: str) -> str:
    with speaking(language):
        page, procedure = _page(library, language, slug)
        return told(page, procedure, SETTINGS, {}, library.sources)


@pytest.mark.parametrize("language", Language)
def test_every_page_of_every_procedure_is_filled_and_cited(
    library: Library, language: Language
) -> None:
    """No mark or place is left open, and each number in brackets stands at the foot with a link."""
    shelf = library.shelves[language]
    with speaking(language):
        for procedure in shelf.procedures.values():
            for page in shelf.pages_for(procedure.id):
                text = told(page, procedure, SETTINGS, {}, library.sources)
                assert not re.search(r"\[\^|[{}]", text), (procedure.id, page.slug)
                marks = {int(number) for number in re.findall(r"\\\[(\d+)\\\]", text)}
                listed = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
                assert sorted(marks) == listed == list(range(1, len(listed) + 1)), page.slug


def test_a_source_is_named_with_its_link_place_and_date(library: Library) -> None:
    """Whoever doubts a figure can look where it was read, and when."""
    text = _rendered(library, Language.ENGLISH, "risks")

    assert re.search(
        r"^\d+\. \[.+\]\(https://.+\)\. Read on \d+ November 2026\.$", text, re.MULTILINE
    )
    assert re.search(r"Text checked against its sources on \d+ November 2026\.", text)
    assert "Reviewer: not yet reviewed by a clinician." in text


def test_the_page_to_open_in_need_names_both_numbers(library: Library) -> None:
    """They are ready to be dialled, above the signs of this procedure."""
    text = _rendered(library, Language.ENGLISH, "when-to-call")

    assert "## Call [911](tel:911) now" in text
    number = r"[+1 \(555\) 010-0100 ext. 4]".replace(" ", "\u00a0", 2)
    assert f"Call the clinic at {number}(tel:+15550100100) today" in text
    assert "- Chest pain, or new trouble breathing." in text


def test_the_page_in_spanish_is_spanish_throughout(library: Library) -> None:
    """Headings, numbers and dates too."""
    text = _rendered(library, Language.SPANISH, "when-to-call")

    assert "## Llame al [911](tel:911) ahora" in text
    assert "Leído el 22 de noviembre de 2026." in text


def test_a_value_is_told_as_the_clinics_or_asked_for(tmp_path: Path) -> None:
    """Beside it stands what leaflets say; a number is written as the language writes it."""
    library = good(tmp_path)
    value = library.shelves[Language.SPANISH].procedures["block"].values[0]

    with speaking(Language.SPANISH):
        decided, open_ = value_sentence(value, 1.5), value_sentence(value, None)

    assert decided == "**No maneje por 1,5 días.** Los folletos dicen de 1 a 2 días."
    assert open_ == "**Pregunte cuándo puede manejar.** Los folletos dicen de 1 a 2 días."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ENGLISH, "**Do not drive for 1 day.** Leaflets say 1 to 2 days."),
        (Language.SPANISH, "**No maneje por 1 día.** Los folletos dicen de 1 a 2 días."),
    ],
)
def test_one_day_is_no_days(tmp_path: Path, language: Language, said: str) -> None:
    """A value of one is counted as one."""
    value = good(tmp_path).shelves[language].procedures["block"].values[0]

    with speaking(language):
        assert value_sentence(value, 1) == said


def test_advice_names_the_numbers_to_call(library: Library) -> None:
    """It reads well when the clinic has given no number."""
    sign = library.shelves[Language.ENGLISH].signs["fever"]

    assert sign.advice("911", "555-0100").startswith("Call the clinic at 555-0100 today")
    assert sign.advice("911", "").startswith("Call the clinic today")
    urgent = WarningSign(
        id="a",
        label="A",
        short="a",
        what_to_do="Call {emergency_number} now.",
        tier=Tier.EMERGENCY,
        source_ids=("b",),
    )
    assert urgent.advice("", "") == "Call the emergency number now."


def test_a_number_is_shown_as_typed_and_dialled_as_digits() -> None:
    """What a clinic typed cannot become markup."""
    assert dialling_link("555-0100") == "[555-0100](tel:5550100)"
    assert dialling_link("") == ""
    assert r"\<b\>" in dialling_link("<b>5")


def test_signs_come_most_urgent_first(library: Library) -> None:
    """Whoever reads the first line reads what cannot wait."""
    order = list(Tier)
    for procedure in library.shelves[Language.ENGLISH].procedures.values():
        tiers = [order.index(sign.tier) for sign in procedure.warning_signs]
        assert tiers == sorted(tiers)
        assert tiers[0] == 0
