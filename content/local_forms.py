"""Days, times and numbers, written as the language spoken writes them."""

from collections.abc import Iterable
from datetime import date, time

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import get_decimal_symbol

from recovery.wording import Language, language, locale

_LONG = {Language.ENGLISH: "EEEE d MMMM", Language.SPANISH: "EEEE d 'de' MMMM"}
_FULL = {Language.ENGLISH: "d MMMM y", Language.SPANISH: "d 'de' MMMM 'de' y"}
_CLOCK = "h:mm a"


def long_day(day: date) -> str:
    """Write a day out: ``Sunday 22 November``, ``domingo 22 de noviembre``."""
    return format_date(day, _LONG[language()], locale=locale())


def full_day(day: date) -> str:
    """Write a day out with its year: ``22 November 2026``, ``22 de noviembre de 2026``."""
    return format_date(day, _FULL[language()], locale=locale())


def full_weekday(day: date) -> str:
    """Write a day out with everything: ``Sunday 22 November 2026``."""
    return format_date(day, f"EEEE {_FULL[language()]}", locale=locale())


def short_day(day: date) -> str:
    """Write a day short: ``Sun 22 Nov``, ``dom 22 nov``."""
    return format_date(day, "EEE d MMM", locale=locale())


def dated(day: date) -> str:
    """Write a day with its year: ``22 Nov 2026``, ``22 nov 2026``."""
    return format_date(day, "d MMM y", locale=locale())


def clock(at: time) -> str:
    """Write a time of day: ``8:10 AM``, ``8:10 a. m.``."""
    return format_time(at, _CLOCK, locale=locale())


def plain_number(value: float) -> str:
    """Write a number without needless digits: ``6``, ``6.5``, ``6,5``."""
    return f"{value:.1f}".removesuffix(".0").replace(".", get_decimal_symbol(locale()))


def weekdays(days: Iterable[int]) -> str:
    """Name days of the week, 0 for Monday: ``Monday and Friday``, ``lunes y viernes``."""
    names = get_day_names("wide", locale=locale())
    return format_list([names[day] for day in days], locale=locale())
