"""When the clinic reads, and who looked: promised and told as it is."""

import pytest

from db.looks import Look
from recovery.access import Role
from recovery.wording import Language, speaking
from tests.factories import NOW, ZONE, new_settings
from tests.unit.standings import DAY
from ui.clinic_reads import look_sentence, looks_since, reads_sentence


@pytest.mark.parametrize(
    ("reading_days", "words"),
    [
        (0, "Your clinic reads your answers at your next visit at the latest."),
        (0b001_0101, "Your clinic reads new answers on Monday, Wednesday, and Friday."),
        (0b100_0000, "Your clinic reads new answers on Sunday."),
        (0b111_1111, "Your clinic reads new answers every day."),
    ],
)
def test_when_the_clinic_reads_is_told_as_it_said(reading_days: int, words: str) -> None:
    """By name; where it said nothing, nothing but the visit is promised."""
    assert reads_sentence(new_settings(reading_days=reading_days)) == words


def test_weekdays_are_named_in_spanish() -> None:
    """Listed, since "on Mondays" would need another form of each name."""
    with speaking(Language.SPANISH):
        said = reads_sentence(new_settings(reading_days=0b010_0001))

    assert said == "Su clínica lee las respuestas nuevas estos días: lunes y sábado."


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.CLINICIAN, "A clinician from your clinic looked at your chart on Saturday 21"),
        (Role.ASSISTANT, "An assistant from your clinic looked at your chart on Saturday 21"),
        (Role.ADMINISTRATOR, "Somebody from your clinic looked at your chart on Saturday 21"),
    ],
)
def test_a_look_is_told_with_its_day(role: Role, words: str) -> None:
    """In the patient's own calendar: two in the morning in London is still the day before."""
    at = NOW.replace(hour=2)
    look = Look(by_name="Dr. Elm", role=role, at=at, in_emergency=False)

    said = look_sentence(look, new_settings(reading_days=1), ZONE)

    assert said == f"{words} November."


def test_without_a_look_it_is_told_when_the_clinic_reads() -> None:
    """Nobody is said to have looked who did not."""
    settings = new_settings(reading_days=1)

    assert look_sentence(None, settings, ZONE) == reads_sentence(settings)
    assert looks_since(NOW) == NOW - 14 * DAY
