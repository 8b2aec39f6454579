"""Procedures and warning signs: what the loaders refuse, and the advice that is shown."""

from pathlib import Path

import pytest

from content.errors import ContentError
from content.procedures import PROCEDURES_FOLDER, Tier, WarningSign, procedures, read_procedure
from content.warning_signs import read_warning_signs, warning_signs

GOOD_SIGN = """\
- id: fever
  label: A fever
  tier: clinic_today
  what_to_do: Call {clinic_phone} today, or {emergency_number}.
  sources: [uw_mbb]
"""
GOOD_PROCEDURE = """\
name: A procedure
in_sentence: procedure
course: null
shared_course: augmentation
no_course_reason: Too little is documented.
first_status_day: 3
warning_signs:
  - fever
  - breathing
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("tier: clinic_today", "tier: someday", 3, "tier"),
        ("sources: [uw_mbb]", "sources: []", 5, "sources"),
        ("[uw_mbb]", "[hearsay]", 5, "not known"),
        ("{clinic_phone}", "{fax}", 4, "nothing is known"),
        ("label: A fever", "label: ''", 2, "label"),
        (GOOD_SIGN, GOOD_SIGN * 2, 6, "stands twice"),
    ],
)
def test_a_broken_warning_sign_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    """A sign without tier, words, source or a number to call does not ship."""
    path = tmp_path / "signs.yaml"
    path.write_text(GOOD_SIGN.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=problem) as refused:
        read_warning_signs(path)

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("Too little is documented.", "''", 5, "no course and no reason"),
        ("course: null", "course: hearsay", 3, "hearsay is not known"),
        ("course: null", "course: ../sources", 3, "course"),
        ("  - breathing", "  - hiccups", 9, "hiccups is not known"),
        ("first_status_day: 3", "first_status_day: -1", 6, "greater than or equal to 0"),
        ("first_status_day: 3", "first_status_dya: 3", 1, "first_status_day"),
    ],
)
def test_a_broken_procedure_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    """A procedure names courses and signs that exist, or says why it has none."""
    path = tmp_path / "procedure.yaml"
    path.write_text(GOOD_PROCEDURE.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=problem) as refused:
        read_procedure(path)

    assert refused.value.line == line


def test_a_good_procedure_is_read(tmp_path: Path) -> None:
    """The folder gives the id, and the most urgent sign comes first."""
    path = tmp_path / "procedure.yaml"
    path.write_text(GOOD_PROCEDURE, encoding="utf-8")

    procedure = read_procedure(path)

    assert procedure.id == tmp_path.name
    assert procedure.course is None
    assert [sign.id for sign in procedure.warning_signs] == ["breathing", "fever"]


def test_an_error_in_a_shipped_file_names_it_from_the_content_folder() -> None:
    """No folder of the machine shows in what is printed."""
    error = ContentError(PROCEDURES_FOLDER / "a" / "procedure.yaml", 3, "Odd", "Mend it.")

    assert str(error) == "content/procedures/a/procedure.yaml, line 3: Odd. Mend it."


def test_emergencies_come_first() -> None:
    """The signs that cannot wait stand on top of the list."""
    for procedure in procedures().values():
        tiers = [sign.tier for sign in procedure.warning_signs]
        assert tiers == sorted(tiers, key=list(Tier).index)
        assert tiers[0] is Tier.EMERGENCY


def test_advice_fits_its_tier() -> None:
    """An emergency names the emergency number, a call today names the clinic."""
    for sign in warning_signs().values():
        advice = sign.advice("112", "555 0100")
        assert ("112 now" in advice) or sign.tier is not Tier.EMERGENCY
        assert ("the clinic at 555 0100 today" in advice) or sign.tier is not Tier.CLINIC_TODAY


def test_advice_reads_well_without_a_telephone() -> None:
    """A clinic that entered no number leaves no gap in the sentence."""
    sign = WarningSign(
        id="x",
        label="x",
        what_to_do="Call {clinic_phone} today.",
        tier=Tier.CLINIC_TODAY,
        source_ids=(),
    )

    assert sign.advice("911", "") == "Call the clinic today."
