"""What ships: every procedure whole, and every drawn figure as it stands in its source."""

from math import sqrt
from pathlib import Path

import pytest

from content.errors import ContentError
from content.library import CONTENT_FOLDER
from content.placeholders import dialling_link
from content.procedures import Service, Tier
from content.shelf import course_for, find_page, find_procedure, pages_for, procedures, sources
from content.shelf import warning_signs as all_signs
from recovery.expectations import Course
from recovery.figures import FigureKind
from recovery.wording import Language, speaking

SERVICES = {
    Service.AUGMENTATION: {"kyphoplasty", "vertebroplasty"},
    Service.BACK_PAIN: {"epidural_steroid", "medial_branch_block"},
    Service.ABLATION: {"rfa_lumbar", "rfa_genicular", "rfa_sacroiliac"},
    Service.CANCER_PAIN: {"celiac_plexus", "intrathecal_pump", "cancer_augmentation"},
    Service.CELL_THERAPY: {"cell_joint", "cell_disc"},
}
"""The founding clinic's five services."""

NO_STANDING = {*SERVICES[Service.CANCER_PAIN], "medial_branch_block"}

HALF_RELIEF = {
    ("rfa_lumbar", 90): (0.70, "clrfa2023"),
    ("rfa_lumbar", 180): (0.55, "clrfa2023"),
    ("rfa_lumbar", 365): (0.45, "clrfa2023"),
    ("rfa_sacroiliac", 30): (11 / 14, "cohen2008"),
    ("rfa_sacroiliac", 90): (9 / 14, "cohen2008"),
    ("rfa_sacroiliac", 180): (8 / 14, "cohen2008"),
    ("rfa_sacroiliac", 365): (2 / 14, "cohen2008"),
    ("rfa_genicular", 180): (0.741, "davis2018"),
    ("rfa_genicular", 365): (0.65, "davis2018"),
    ("cell_disc", 90): (0.40, "levi2025"),
    ("cell_disc", 180): (0.40, "levi2025"),
    ("cell_disc", 365): (20 / 45, "levi2025"),
}
"""People with at least half less pain, typed anew from the sources."""

MEAN_PAIN = {
    ("kyphoplasty", 7): (8.7, 3.5, "evolve"),
    ("kyphoplasty", 365): (8.7, 2.4, "evolve"),
    ("vertebroplasty", 30): (8.71, 2.77, "do2005"),
    ("vertebroplasty", 365): (7.6, 3.9, "vertos5"),
}
"""Pain before and then, typed anew from the sources."""


def _course(procedure_id: str, *, shared: bool) -> Course:
    course = course_for(procedure_id, shares_augmentation_curve=shared)
    assert course is not None
    return course


def test_every_service_of_the_clinic_has_its_procedures() -> None:
    """Twelve procedures, each under the service that offers it."""
    found: dict[Service, set[str]] = {service: set() for service in Service}
    for procedure in procedures().values():
        found[procedure.service].add(procedure.id)

    assert found == SERVICES


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("procedure_id", sorted(set().union(*SERVICES.values())))
def test_every_procedure_is_whole(procedure_id: str, language: Language) -> None:
    """It has pages from before to after, phases, signs of urgency, and words about its evidence."""
    with speaking(language):
        procedure = procedures()[procedure_id]
        pages = pages_for(procedure_id)

    assert len(pages) >= 7
    assert pages[-1].slug == "when-to-call"
    assert any(page.from_day < 0 for page in pages)
    assert any(page.from_day >= 0 for page in pages)
    assert procedure.caveat
    assert len(procedure.phases) >= 3
    assert {sign.tier for sign in procedure.warning_signs} >= {Tier.EMERGENCY, Tier.CLINIC_TODAY}
    assert procedure.course or procedure.no_course_reason
    for pod in (-7, 0, 3, 14):
        assert any(page.is_due(pod) for page in pages), pod


@pytest.mark.parametrize("procedure_id", sorted(set().union(*SERVICES.values())))
def test_a_standing_is_told_where_it_may_be(procedure_id: str) -> None:
    """Cancer procedures and the test block are never judged; others not before their day."""
    procedure = procedures()[procedure_id]

    assert (procedure.first_status_day is None) == (procedure_id in NO_STANDING)
    assert (procedure.judging_day is None) == (procedure_id in NO_STANDING)
    assert procedure.hourly_day_0 == (procedure_id == "medial_branch_block")


def test_shares_of_people_stand_as_in_their_sources() -> None:
    """Each is what somebody typed anew; those of one study by two methods stand apart."""
    shipped = {
        (procedure.id, figure.day): (figure.share, figure.source_id)
        for procedure in procedures().values()
        for figure in procedure.figures
        if figure.kind is FigureKind.HALF_RELIEF and figure.source_id != "knee_340"
    }

    assert set(shipped) == set(HALF_RELIEF)
    for where, (share, source_id) in HALF_RELIEF.items():
        found, cited = shipped[where]
        assert found == pytest.approx(share)
        assert cited == source_id


def test_figures_of_pain_stand_as_in_their_sources() -> None:
    """The pain before is of the same study."""
    shipped = {
        (procedure.id, figure.day): (figure.baseline_mean_nrs, figure.mean_nrs, figure.source_id)
        for procedure in procedures().values()
        for figure in procedure.figures
        if figure.kind is FigureKind.MEAN_PAIN
    }

    assert shipped == MEAN_PAIN


def test_the_sentences_name_their_shares() -> None:
    """A share of 70 in 100 is told as 7 of 10, and as nothing else."""
    for procedure in procedures().values():
        for figure in procedure.figures:
            if figure.share is None:
                continue
            told = [f"{round(figure.share * 10)} of 10", f"{round(figure.share * 100)} of 100"]
            in_words = (
                "about half",
                "little more than half",
                "fewer than half",
                "between 6 and 7 of 10",
            )
            assert any(part in figure.sentence for part in (*told, *in_words)), figure.sentence


@pytest.mark.parametrize("shared", [True, False])
def test_the_means_are_the_published_changes(shared: bool) -> None:
    """Each mean is the pain before, 8.7, less the change that the abstract gives."""
    course = _course("kyphoplasty", shared=shared)
    changes = {0: 0.0, 7: 5.2, 30: 5.4, 90: 6.0, 180: 6.2, 365: 6.3}

    assert {point.day: point.n for point in course.points} == dict.fromkeys(changes, 350) | {
        365: 260
    }
    for day, change in changes.items():
        assert course.mean(day, None) == pytest.approx(8.7 - change)


def test_the_spreads_follow_from_the_published_intervals() -> None:
    """Each spread is what its interval or standard error says, to one decimal."""
    course = _course("kyphoplasty", shared=True)
    spreads = {spread.day: spread.fraction for spread in course.spreads}

    assert set(spreads) == {0, 30, 365}
    assert round((8.2 - 7.0) / 2 / 1.96 * sqrt(40), 1) == pytest.approx(7.6 * spreads[0])
    assert round(0.18 * sqrt(167), 1) == pytest.approx(8.71 * spreads[30])
    assert round((4.8 - 3.1) / 2 / 1.96 * sqrt(40), 1) == pytest.approx(7.6 * spreads[365])


def test_an_unknown_procedure_has_nothing() -> None:
    """What does not exist is nothing, not an error."""
    assert find_procedure("appendectomy") is None
    assert find_procedure("_augmentation") is None
    assert course_for("appendectomy", shares_augmentation_curve=True) is None
    assert pages_for("appendectomy") == ()
    assert find_page("kyphoplasty", "no-such-page") is None


def test_only_augmentation_has_a_curve() -> None:
    """Everywhere else phases are drawn, and the page says why no curve is."""
    with_curve = {
        each
        for each in procedures()
        if course_for(each, shares_augmentation_curve=True) is not None
    }

    assert with_curve == SERVICES[Service.AUGMENTATION]
    assert course_for("vertebroplasty", shares_augmentation_curve=False) is None
    assert procedures()["vertebroplasty"].no_course_reason.endswith(".")


def test_kyphoplasty_alone_has_a_line_and_no_band() -> None:
    """No spread was read for kyphoplasty, so none is drawn."""
    course = _course("kyphoplasty", shared=False)

    assert course.mean(7, 8) is not None
    assert course.limits(7, 8) is None


@pytest.mark.parametrize("procedure_id", ["kyphoplasty", "vertebroplasty"])
def test_both_share_one_course_with_a_band(procedure_id: str) -> None:
    """The shared course covers every day of the first year, and no day after."""
    course = _course(procedure_id, shared=True)

    assert course.id == "_augmentation"
    assert all(course.limits(pod, 7) for pod in range(366))
    assert course.limits(366, 7) is None


def test_what_is_disputed_is_told_for_each_procedure_apart() -> None:
    """The studies of one are not told to people who had another."""
    for procedure_id in (*SERVICES[Service.AUGMENTATION], *SERVICES[Service.ABLATION]):
        page = find_page(procedure_id, "where-studies-disagree")
        assert page is not None
        assert page.procedure_ids == (procedure_id,)


@pytest.mark.parametrize("language", Language)
def test_advice_fits_its_tier(language: Language) -> None:
    """An emergency names the emergency number, a call today names the clinic."""
    with speaking(language):
        for sign in all_signs().values():
            advice = sign.advice("112", "555 0100")
            assert ("112" if sign.tier is Tier.EMERGENCY else "555 0100") in advice, sign.id
            assert "{" not in advice


def test_every_sign_that_ships_is_asked_for_somewhere() -> None:
    """A sign that no procedure lists would help nobody."""
    listed = {sign.id for each in procedures().values() for sign in each.warning_signs}

    assert set(all_signs()) == listed


def test_a_source_that_was_read_says_when() -> None:
    """The page of all sources can name the day."""
    assert all(source.read_on.year == 2026 for source in sources().values())


def test_an_error_in_a_shipped_file_names_it_from_the_content_folder() -> None:
    """No folder of the machine shows in what is printed."""
    error = ContentError(
        CONTENT_FOLDER / "procedures" / "a" / "procedure.yaml", 3, "Odd", "Mend it."
    )

    assert str(error) == "content/procedures/a/procedure.yaml, line 3: Odd. Mend it."
    assert str(ContentError(Path("elsewhere/b.yaml"), 1, "Odd", "Mend it.")).startswith("b.yaml")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("", ""),
        ("555.010.0199", "[555.010.0199](tel:5550100199)"),
        ("+1 555-0100 ext. 5", "[+1\u00a0555-0100 ext. 5](tel:+15550100)"),
        ("www.evil.example 5", "www\u2060.evil\u2060.example 5"),
        ("WWW.evil.example 5", "WWW\u2060.evil\u2060.example 5"),
        ("https://evil.example", "https\\:\u2060//evil\u2060.example"),
        ("me@evil.example", "me@\u2060evil\u2060.example"),
        (":smile: a\nb", "\\:\u2060smile\\: a b"),
    ],
)
def test_a_telephone_number_leads_nowhere_else(number: str, shown: str) -> None:
    """Words in its place are shown, and neither linked nor drawn as icons."""
    assert dialling_link(number) == shown
