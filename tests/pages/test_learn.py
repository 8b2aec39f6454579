"""Learn: the pages of one procedure, what matters now first, and the question at each end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from streamlit.testing.v1 import AppTest

from content.shelf import find_page, pages_for, warning_signs
from db.consents import withdraw_consent
from db.engine import Database, reading, writing
from db.languages import choose_language
from db.learning import list_answers, list_openings, note_opening
from recovery.access import Actor
from recovery.errors import DatabaseUnavailable
from recovery.reading import Opening, PageAnswer
from recovery.wording import Language
from tests.factories import NOW, TODAY
from tests.pages.choosing import choose, drawn, shown_choice
from tests.pages.conftest import Visit
from tests.pages.engines import on_one_engine
from tests.pages.opening import app_of, labels, links, press, prose, refusals, sign_in
from tests.small_clinic import SmallClinic, make_small_clinic

PAGE = "learn/learn.py"
SLUG = "brace"
KIND = ("fault", "wrong", "fail", "behind")
PAGES = pages_for("kyphoplasty")
TITLES = [page.title for page in PAGES]


def _open(database: Database, actor: Actor, slug: str) -> AppTest:
    app = app_of(sign_in(database, actor)).switch_page(PAGE)
    app.query_params["page"] = slug
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def _text(app: AppTest, slug: str) -> str:
    return str(drawn(app, f"text-{slug}")["html"])


def _check(app: AppTest, answer: int) -> AppTest:
    choose(app, f"teach-back-{SLUG}", str(answer))
    app.run()
    return press(app, "Check")


def _stored(database: Database, clinic: SmallClinic) -> tuple[list[Opening], list[PageAnswer]]:
    with reading(database) as session:
        return list_openings(session, clinic.own), list_answers(session, clinic.own)


def _right() -> int:
    page = find_page("kyphoplasty", SLUG)
    assert page is not None
    return page.question.right


@on_one_engine
@pytest.mark.parametrize("slug", ["", "no-such-page", "../activity", "<b>activity</b>"])
def test_an_unknown_page_shows_the_list(database: Database, clinic: SmallClinic, slug: str) -> None:
    """An address that names no page is answered with all there are, and nothing is kept."""
    app = _open(database, clinic.patient, slug)

    assert sorted(label for label in labels(app) if label in TITLES) == sorted(TITLES)
    assert _stored(database, clinic) == ([], [])


@on_one_engine
def test_a_procedure_without_pages_says_so(visit: Visit, database: Database) -> None:
    """Nothing to read is said in a sentence, and whom to call stays on the page."""
    app = visit(make_small_clinic(database, procedure="discectomy").patient, PAGE)

    assert "does not know your procedure" in app.info[0].value
    assert "tel:911" in prose(app)


@on_one_engine
@pytest.mark.parametrize("day", [-40, -1, 0, 3, 400])
def test_what_matters_now_comes_first(visit: Visit, database: Database, day: int) -> None:
    """Pages of the day, and then the rest, each once, with the days that they are for."""
    small = make_small_clinic(database, procedure_date=TODAY - timedelta(days=day), brace_plan=None)
    app = visit(small.patient, PAGE)
    due = [page.title for page in PAGES if page.is_due(day)]
    rest = [page.title for page in PAGES if not page.is_due(day)]

    assert [label for label in labels(app) if label in TITLES] == [*due, *rest]
    headers = [each.value for each in app.header]
    assert headers == [words for words, has in (("For now", due), ("More to read", rest)) if has]


@on_one_engine
def test_other_days_are_named_softly(visit: Visit, database: Database) -> None:
    """What comes later is there all the same, and nothing is called missed."""
    small = make_small_clinic(database, procedure_date=TODAY + timedelta(days=40), brace_plan=None)
    said = prose(visit(small.patient, PAGE))

    assert "before your procedure" in said
    assert "From the day of your procedure" in said
    assert "From day " in said


@on_one_engine
def test_signs_of_the_procedure_stand_on_top(visit: Visit, clinic: SmallClinic) -> None:
    """Each with whom to call, and none of another procedure."""
    said = prose(visit(clinic.patient, PAGE))

    assert "**Call [911](tel:911) now:**" in said
    assert warning_signs()["breathing"].label in said
    assert warning_signs()["new_back_pain"].label in said
    assert warning_signs()["long_burning"].label not in said
    assert "Nobody watches this app" in said


@on_one_engine
def test_the_short_box_is_of_the_procedure(visit: Visit, database: Database) -> None:
    """Home too names signs of the own procedure in a few words."""
    cement = prose(visit(make_small_clinic(database).patient))
    ablation = prose(visit(make_small_clinic(database, "b-", procedure="rfa_lumbar").patient))

    assert warning_signs()["breathing"].short in cement
    assert warning_signs()["breathing"].short not in ablation
    assert warning_signs()["legs"].short in ablation
    assert "Nobody watches this app" in ablation


@on_one_engine
def test_a_page_is_read_with_the_own_numbers(database: Database, clinic: SmallClinic) -> None:
    """The text names the clinic's telephone, and no place is left unfilled."""
    said = _text(_open(database, clinic.patient, "when-to-call"), "when-to-call")

    assert "tel:5550100" in said
    assert "{" not in said


@on_one_engine
def test_pages_lead_from_one_to_the_next(database: Database, clinic: SmallClinic) -> None:
    """Every page but the last offers the one after it, and all offer the list."""
    app = _open(database, clinic.patient, PAGES[0].slug)

    for title in TITLES[1:]:
        press(app, f"Next: {title}")
        assert app.title[0].value == title

    assert not [label for label in labels(app) if label.startswith("Next")]


@on_one_engine
def test_a_page_leads_to_paper_and_to_all_sources(database: Database, clinic: SmallClinic) -> None:
    """The address of a patient's paper does not say which procedure it was."""
    app = _open(database, clinic.patient, SLUG)
    assert links(app)["Print this page"] == "/print?page=brace"

    assert press(app, "All sources").title[0].value == "Where all this was read"

    app = _open(database, clinic.clinician, SLUG)
    assert links(app)["Print this page"] == "/print?page=brace&procedure=kyphoplasty"


@on_one_engine
def test_staff_choose_the_procedure(visit: Visit, database: Database, clinic: SmallClinic) -> None:
    """Clinicians and administrators read what their patients read, of any procedure."""
    for actor in (clinic.clinician, clinic.administrator):
        app = visit(actor, PAGE)

        app.selectbox[0].set_value("vertebroplasty").run()

        assert "vertebroplasty" in app.title[0].value
        assert "What vertebroplasty is" in labels(app)


@on_one_engine
def test_staff_leave_no_trace(database: Database, clinic: SmallClinic) -> None:
    """They may try the question too."""
    app = _check(_open(database, clinic.clinician, SLUG), _right())

    assert app.success
    assert _stored(database, clinic) == ([], [])


@on_one_engine
def test_a_patient_reads_the_own_procedure_alone(visit: Visit, clinic: SmallClinic) -> None:
    """A patient has nothing to choose."""
    assert not visit(clinic.patient, PAGE).selectbox


@on_one_engine
def test_without_consent_reading_goes_on(database: Database, clinic: SmallClinic) -> None:
    """The page and its reply are there; nothing is kept and nothing refused."""
    with writing(database) as session:
        withdraw_consent(session, clinic.own, NOW)

    app = _check(_open(database, clinic.patient, SLUG), _right())

    assert app.success
    assert not refusals(app)
    assert _stored(database, clinic) == ([], [])


@on_one_engine
def test_a_busy_database_keeps_nobody_from_reading(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is there; that it was opened is then not kept."""

    def refuse(*_: object) -> Iterator[None]:
        raise DatabaseUnavailable

    monkeypatch.setattr("ui.reader.writing", refuse)
    app = _open(database, clinic.patient, SLUG)

    assert "Sources" in _text(app, SLUG)
    assert not refusals(app)


def test_an_opening_is_kept_once_a_reading(
    database: Database, clinic: SmallClinic, clock: time_machine.Traveller
) -> None:
    """However often the page runs, and the list then says that it was read."""
    app = _open(database, clinic.patient, SLUG)
    app.run()
    clock.shift(timedelta(minutes=50))
    app = _open(database, clinic.patient, SLUG)
    [opening], _ = _stored(database, clinic)
    assert (opening.slug, opening.times, opening.is_by_proxy) == (SLUG, 1, False)

    press(app, "All pages")
    assert prose(app).count(":material/check_circle: Read") == 1

    clock.shift(timedelta(hours=2))
    _open(database, clinic.patient, SLUG)
    assert [each.times for each in _stored(database, clinic)[0]] == [2]


def test_a_helpers_reading_is_their_own(database: Database, clinic: SmallClinic) -> None:
    """The patient's list does not call read what only the helper opened."""
    _check(_open(database, clinic.carer, SLUG), _right())
    openings, answers = _stored(database, clinic)

    assert [each.is_by_proxy for each in openings] == [True]
    assert [each.is_by_proxy for each in answers] == [True]
    assert "check_circle: Read" not in prose(_open(database, clinic.patient, ""))
    assert "check_circle: Read" in prose(_open(database, clinic.carer, ""))


@on_one_engine
def test_check_without_an_answer_asks_for_one(database: Database, clinic: SmallClinic) -> None:
    """Nothing is chosen at first, and nothing kept."""
    app = _open(database, clinic.patient, SLUG)
    assert shown_choice(app, f"teach-back-{SLUG}") is None

    press(app, "Check")

    assert "Choose one of the answers first." in prose(app)
    assert _stored(database, clinic)[1] == []


def test_both_answers_are_met_kindly_and_kept(database: Database, clinic: SmallClinic) -> None:
    """The other one first, then the right one."""
    page = find_page("kyphoplasty", SLUG)
    assert page is not None
    other = next(each for each in (1, 2) if each != page.question.right)

    app = _check(_open(database, clinic.patient, SLUG), other)
    assert page.question.if_other in [each.value for each in app.info]
    assert not app.success
    assert not [word for word in KIND if f"you {word}" in prose(app).casefold()]

    _check(app, page.question.right)
    assert [each.value for each in app.success] == [page.question.if_right]
    assert page.question.if_other not in prose(app)
    assert [(each.answer, each.is_right) for each in _stored(database, clinic)[1]] == [
        (other, False),
        (page.question.right, True),
    ]


@pytest.mark.parametrize("strange", ["0", "99", ["1", "2"], 7])
@on_one_engine
def test_an_answer_that_is_not_offered_is_none(
    database: Database, clinic: SmallClinic, strange: object
) -> None:
    """Whatever a browser sends."""
    app = _open(database, clinic.patient, SLUG)
    choose(app, f"teach-back-{SLUG}", strange)
    app.run()
    press(app, "Check")

    assert _stored(database, clinic)[1] == []


@on_one_engine
def test_home_offers_what_was_not_read_yet(
    visit: Visit, database: Database, clinic: SmallClinic
) -> None:
    """Pages of the day that were opened make room for the others."""
    offered = [label for label in labels(visit(clinic.patient)) if label in TITLES]
    due = [page for page in PAGES if page.is_due(10)]
    assert len(due) > len(offered)
    with writing(database) as session:
        for page in due:
            if page.title in offered:
                note_opening(session, clinic.own, page.slug, NOW)

    again = [label for label in labels(visit(clinic.patient)) if label in TITLES]

    assert {page.title for page in due} - set(offered) <= set(again)


@on_one_engine
def test_learn_is_there_in_spanish(database: Database, clinic: SmallClinic) -> None:
    """What stands around the content too."""
    with writing(database) as session:
        choose_language(session, clinic.patient, Language.SPANISH)

    app = _open(database, clinic.patient, "")
    assert "qué esperar" in app.title[0].value
    assert "Para ahora" in [each.value for each in app.header]

    app = _open(database, clinic.patient, SLUG)
    assert "Fuentes" in _text(app, SLUG)
    assert "Comprobar" in labels(app)
    assert "Imprimir esta página" in links(app)


def test_praise_leaves_as_soon_as_another_answer_is_chosen(
    database: Database, clinic: SmallClinic
) -> None:
    """It was said of the one before."""
    app = _check(_open(database, clinic.patient, SLUG), _right())
    assert app.success

    choose(app, f"teach-back-{SLUG}", str(_right() + 1 if _right() == 1 else 1))
    app.run()

    assert not app.success
