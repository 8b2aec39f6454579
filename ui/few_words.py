"""Short pieces of a text whose words are counted."""

from datetime import date

from ui.words import dated, short_day

CUT = "..."


def word_count(text: str) -> int:
    """Count what stands between spaces."""
    return len(text.split())


def cut_to(text: str, most: int) -> str:
    """Return the first words of *text*, at most *most* with the mark that it was cut."""
    words = text.split()
    if len(words) <= most:
        return " ".join(words)
    return " ".join(words[:most]) + CUT


def day_beside(day: date, today: date) -> str:
    """Write a day as ``22 Nov``, with its year where that is not the one of *today*."""
    weekday_first = short_day(day) if day.year == today.year else f" {dated(day)}"
    return weekday_first.split(" ", 1)[1]
