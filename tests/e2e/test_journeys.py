"""One journey per role, from sign-in to sign-out, in a real browser on both databases."""

from playwright.sync_api import Page, expect

from db.engine import Database, reading, writing
from db.reports import list_reports
from db.visit_notes import list_visit_notes
from tests.browser import WAIT_MS, open_page, settle, sign_in
from tests.e2e import steps
from tests.e2e.watching import NO_SUCH_PAGE, Watch
from tests.factories import PASSWORD, days_ago, make_patient
from tests.servers import Server
from tests.small_clinic import SmallClinic


def test_patient_logs_a_day_and_sees_it_drawn(
    page: Page, server: Server, people: SmallClinic, database: Database
) -> None:
    """A person logs a day, is thanked, and finds the day in the chart's table."""
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Day 10 after your kyphoplasty")
    page.get_by_role("button", name="Log today").click()
    settle(page)
    steps.choose_none_of_the_signs(page)
    steps.fill_pain(page, worst=6, average=4)
    with reading(database) as session:
        assert list_reports(session, people.own) == [], "nothing is stored before Save"

    steps.save(page)
    open_page(page, server, "/progress")
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    expect(page.locator('[data-testid="stVegaLiteChart"] svg, canvas').first).to_be_visible()

    with reading(database) as session:
        stored = [each.report for each in list_reports(session, people.own)]
    assert [(each.worst_pain_nrs, each.average_pain_nrs) for each in stored] == [(6, 4)]
    assert [each.warning_signs for each in stored] == [frozenset()]


def test_patient_corrects_a_day_and_signs_out_for_good(
    page: Page, server: Server, people: SmallClinic, database: Database
) -> None:
    """A saved day can be changed, and after sign-out the back button shows nothing."""
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    steps.fill_pain(page, worst=6, average=4)
    steps.save(page)
    open_page(page, server, "/")
    page.get_by_role("button", name="change it").click()
    settle(page)
    steps.choose_pain(page, "Your worst pain", 8)
    steps.save(page)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible(timeout=WAIT_MS)
    page.go_back()

    expect(page.get_by_text("How was your day?")).to_have_count(0)
    expect(page.get_by_label("User name")).to_be_visible(timeout=WAIT_MS)
    with reading(database) as session:
        stored = list_reports(session, people.own)
    assert [(each.report.worst_pain_nrs, each.version) for each in stored] == [(8, 2)]


def test_a_note_being_typed_stands_after_a_look_at_another_page(
    page: Page, server: Server, people: SmallClinic
) -> None:
    """Pressing another page straight out of the field loses no word of it, nor does a reload."""
    sign_in(page, server, f"{people.prefix}patient", PASSWORD)
    open_page(page, server, "/today")
    note = page.get_by_label("Anything else?")
    note.fill("The stairs were hard")

    # As long as a finger presses: the field is left with its beginning, the page with its end.
    page.get_by_role("button", name="Learn").click(delay=100)
    expect(page.get_by_role("heading", level=1)).to_contain_text("what to expect")
    settle(page)
    page.get_by_role("button", name="Today").click(delay=100)
    expect(note).to_have_value("The stairs were hard", timeout=WAIT_MS)
    settle(page)
    page.reload()

    expect(note).to_have_value("The stairs were hard", timeout=WAIT_MS)


def test_clinician_finds_a_patient_and_pins_a_note(
    page: Page, server: Server, people: SmallClinic, database: Database
) -> None:
    """A clinician finds somebody by a part of the name, reads the chart and adds a note."""
    sign_in(page, server, f"{people.prefix}clinician", PASSWORD)
    open_page(page, server, "/review")
    page.get_by_label("Find by name").fill("nobody of that name")
    steps.leave_field(page)
    expect(page.get_by_text("Nobody of that name is in follow-up here.")).to_be_visible()
    search = page.get_by_label("Find by name")
    search.fill("elm")
    steps.leave_field(page)
    opener = page.get_by_role("button", name="Open Rowan Elm")
    expect(opener).to_be_visible(timeout=WAIT_MS)
    # A letter that is typed stays in its field; elsewhere j leads into the list.
    search.press("End")
    search.press("j")
    expect(search).to_have_value("elmj")
    expect(search).to_be_focused()
    search.press("Backspace")
    steps.leave_field(page)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    expect(opener).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rowan Elm")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    page.get_by_label("Note", exact=True).fill("Walks without a stick.")
    page.get_by_role("button", name="Add note").click()

    expect(page.get_by_text("The note is added and stands on the chart.")).to_be_visible()
    expect(page.get_by_test_id("stText")).to_have_text("Walks without a stick.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    with reading(database) as session:
        notes = list_visit_notes(session, people.treating)
    assert [(note.visit_date, note.text) for note in notes] == [
        (days_ago(0), "Walks without a stick.")
    ]


@steps.on_one_engine
def test_keys_alone_open_a_patient_of_the_list(
    page: Page, server: Server, people: SmallClinic, database: Database
) -> None:
    """The arrows and j and k move between rows, each stops at the ends, and Enter opens one."""
    with writing(database) as session:
        make_patient(session, people.clinician, name="Alder Ash")
    steps.hold_session(page, server, database, people.clinician)
    open_page(page, server, "/review")
    opener = page.locator("tbody .opener")
    expect(opener).to_have_count(2, timeout=WAIT_MS)
    first, second = opener.nth(0), opener.nth(1)
    name = second.inner_text().removeprefix("Open").strip()
    first.focus()

    for key, reached in (("k", first), ("j", second), ("k", first), ("ArrowDown", second)):
        page.keyboard.press(key)
        expect(reached).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(name, timeout=WAIT_MS)
    settle(page)


def test_administrator_changes_the_clinic_and_sees_no_patient(
    page: Page, watch: Watch, server: Server, people: SmallClinic
) -> None:
    """An administrator sets the number that patients call, and no page shows a patient."""
    watch.expect(NO_SUCH_PAGE)
    sign_in(page, server, f"{people.prefix}administrator", PASSWORD)
    open_page(page, server, "/clinic")
    page.get_by_label("Phone number, shown to patients as a link to call").fill("555-0199")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Patients see it from now on.")).to_be_visible(timeout=WAIT_MS)

    for path in ("/review", "/patient", "/today", "/progress", "/people", "/"):
        open_page(page, server, path)
        expect(page.get_by_text("Rowan Elm")).to_have_count(0)
