"""A page as its reader gets it: the clinic's numbers and values in place, sources at the foot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from content.education import EducationPage
from content.local_forms import full_day, plain_number
from content.page_rules import SIGNS, VALUE
from content.placeholders import dialling_link, fill
from content.procedures import ClinicValue, Procedure
from content.translations import CITATION
from content.warning_signs import Tier
from recovery.expectations import Source
from recovery.settings import ClinicSettings
from recovery.wording import tr

_ONE = {
    "days": "day",
    "weeks": "week",
    "hours": "hour",
    "pounds": "pound",
    "días": "día",
    "semanas": "semana",
    "horas": "hora",
    "libras": "libra",
}
"""Units that a clinic's value counts, and how one of them is named."""

NOT_REVIEWED = "not yet reviewed by a clinician"
Advice = Mapping[str, float]
"""What the clinic decided, by the name of the value; the rest it has not."""


@dataclass
class _Foot:
    """The sources of a page in the order in which the text cites them."""

    cited: list[str] = field(default_factory=list)

    def marks(self, source_ids: tuple[str, ...]) -> str:
        return "".join(self.mark(source_id) for source_id in source_ids)

    def mark(self, source_id: str) -> str:
        if source_id not in self.cited:
            self.cited.append(source_id)
        return rf"\[{self.cited.index(source_id) + 1}\]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """
    A page taken apart, each part in Markdown.

    Attributes:
        text: The text without its title, with marks as ``[1]`` where it cites.
        source_ids: What the marks stand for, from the first on.
        checked: When the text was checked, and by whom.
    """

    text: str
    source_ids: tuple[str, ...]
    checked: str


def parts_of(
    page: EducationPage, procedure: Procedure, settings: ClinicSettings, advice: Advice
) -> PageParts:
    """
    Fill a page for its reader.

    Args:
        page: The page, in the reader's language.
        procedure: Whose signs and values it is filled with.
        settings: The reader's clinic.
        advice: What that clinic decided for the procedure.
    """
    foot = _Foot()
    blocks = [_block(part, procedure, advice, foot) for part in page.body.split("\n\n")]
    filled = fill(
        "\n\n".join(blocks),
        emergency_number=dialling_link(settings.emergency_number),
        clinic_phone=dialling_link(settings.phone),
    )
    return PageParts(text=filled, source_ids=tuple(foot.cited), checked=_checked(page))


def source_line(source: Source) -> str:
    """Return a source as Markdown: its link, the place inside it, and when it was read."""
    shown = re.sub(r"([\[\]*_`])", r"\\\1", source.citation)
    words = f"[{shown}]({source.address})" if source.address else shown
    place = f" ({source.place})" if source.place else ""
    return f"{words}{place}. " + tr("Read on {day}.", day=full_day(source.read_on))


def value_sentence(value: ClinicValue, decided: float | None) -> str:
    """Say what the clinic decided, or to ask, and beside it what leaflets say."""
    said = value.words.unset if decided is None else _decided(value.words.set, decided)
    return f"**{said}** {range_sentence(value)}"


def _decided(words: str, value: float) -> str:
    number = plain_number(value)
    if value == 1:
        for many, one in _ONE.items():
            words = words.replace(f"{{value}} {many}", f"{number} {one}")
    return words.replace("{value}", number)


def range_sentence(value: ClinicValue) -> str:
    """Say what leaflets say, from the lowest to the highest."""
    low, high = plain_number(value.low), plain_number(value.high)
    return value.words.range.replace("{low}", low).replace("{high}", high)


def tier_words() -> dict[Tier, str]:
    """Return what to do about signs of each tier, with places for the numbers."""
    return {
        Tier.EMERGENCY: tr("Call {emergency_number} now"),
        Tier.CLINIC_TODAY: tr("Call {clinic_phone} today"),
        Tier.NEXT_WORKING_DAY: tr("Call {clinic_phone} on the next working day"),
    }


def _block(block: str, procedure: Procedure, advice: Advice, foot: _Foot) -> str:
    if block.strip() == SIGNS:
        return _signs(procedure, foot)
    if (found := VALUE.fullmatch(block.strip())) and (value := procedure.value(found[1])):
        return value_sentence(value, advice.get(value.id)) + foot.marks(value.source_ids)
    return CITATION.sub(lambda mark: foot.mark(mark[1]), block)


def _signs(procedure: Procedure, foot: _Foot) -> str:
    parts = []
    for tier, heading in tier_words().items():
        signs = [sign for sign in procedure.warning_signs if sign.tier is tier]
        if signs:
            parts.append(f"## {heading}")
            parts.append(
                "\n".join(f"- {sign.label}.{foot.marks(sign.source_ids)}" for sign in signs)
            )
    return "\n\n".join(parts)


def _checked(page: EducationPage) -> str:
    reviewer = page.reviewer
    if reviewer == NOT_REVIEWED:
        reviewer = tr("not yet reviewed by a clinician")
    return tr(
        "Text checked against its sources on {day}. Reviewer: {reviewer}.",
        day=full_day(page.review_date),
        reviewer=reviewer,
    )
