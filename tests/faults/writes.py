"""What people write on the pages, each as it is begun and pressed over the websocket."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from db.consents import withdraw_consent
from db.engine import Database, writing
from db.events import add_event
from db.invitations import invite
from db.models import utc_now
from db.reports import save_report
from db.visit_questions import add_question
from db.visits import plan_visit
from recovery.access import Actor, Role
from recovery.alerts import CloseReason
from recovery.days import today_in
from recovery.reports import Event, EventKind
from tests import factories
from tests.screens.screen import Screen
from tests.small_clinic import SmallClinic
from ui.alert_words import CLOSE_WORDS

Seed = Callable[[Database, SmallClinic], None]
Begin = Callable[[Screen, SmallClinic], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """
    Something that a page stores.

    Attributes:
        name: What is done, in a few words.
        role: Who does it.
        page: Where, by its address.
        button: What is pressed.
        seed: What has to be there before; None for nothing.
        begin: What is put in before the press; None for nothing.
        is_bound: Whether its page is known to its process alone: which patient is open, or what
            was typed over what is in force.
    """

    name: str
    role: Role
    page: str
    button: str
    seed: Seed | None = None
    begin: Begin | None = None
    is_bound: bool = False

    def who(self, clinic: SmallClinic) -> Actor:
        """Return who presses."""
        return {
            Role.PATIENT: clinic.patient,
            Role.CARER: clinic.carer,
            Role.CLINICIAN: clinic.clinician,
            Role.ADMINISTRATOR: clinic.administrator,
        }[self.role]


async def _answer_today(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("signs", ["fever"])
    await screen.set("worst", 7)
    await screen.set("average", 3)


async def _answer_otherwise(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("worst", 9)


async def _choose_pain(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("event-pain", 4)


async def _answer_questions(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.press("questions-peg")
    for question in ("pain", "enjoyment", "activity"):
        await screen.set(question, 4)


async def _type_a_question(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("visit-question", "When may I swim?")


async def _open_patient(screen: Screen, clinic: SmallClinic) -> None:
    await screen.tell("review-rows", "opened", str(clinic.treating.patient_id))


async def _type_a_note(screen: Screen, clinic: SmallClinic) -> None:
    await _open_patient(screen, clinic)
    await screen.set("Note", "Walks well.")


async def _choose_a_visit(screen: Screen, clinic: SmallClinic) -> None:
    await _open_patient(screen, clinic)
    await screen.set("Day of the next visit", _today() + timedelta(days=9))


async def _say_what_was_done(screen: Screen, clinic: SmallClinic) -> None:
    await _open_patient(screen, clinic)
    await screen.set("What you did, or why", "Called, all is well.")


async def _say_why_it_can_be_closed(screen: Screen, clinic: SmallClinic) -> None:
    await _say_what_was_done(screen, clinic)
    await screen.set("Why it can be closed", CLOSE_WORDS[CloseReason.SPOKE])


async def _answer_a_page(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.press("read-brace")
    await screen.set("teach-back-brace", "1")


async def _fill_enrolment(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("Procedure", "Vertebral augmentation: Kyphoplasty")
    await screen.set("Name", "Hazel Fir")
    await screen.set("Date of birth", date(1950, 2, 3))
    await screen.set("Date of the procedure", _today() - timedelta(days=1))


async def _change_a_threshold(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("silence_until_day", 80)


async def _name_a_colleague(screen: Screen, clinic: SmallClinic) -> None:
    await screen.set("staff-name", "Ash Birch")
    await screen.set("staff-username", f"{clinic.prefix}birch")
    await screen.set("Role", "Assistant")


async def _name_the_clinic(screen: Screen, _clinic: SmallClinic) -> None:
    await screen.set("Name, as patients know it", "Elm Clinic")


def _today() -> date:
    return today_in(factories.ZONE, utc_now())


def _log(database: Database, clinic: SmallClinic) -> None:
    today = _today()
    pressed = factories.saving(
        day=today, today=today, now=utc_now(), warning_signs=frozenset(), brace_hours=7.5
    )
    with writing(database) as session:
        save_report(session, clinic.own, pressed)


def _fall(database: Database, clinic: SmallClinic) -> None:
    now = utc_now()
    fell = Event(kind=EventKind.FALL, occurred_at=now)
    with writing(database) as session:
        add_event(session, clinic.own, fell, idempotency_key=uuid4(), now=now)


def _ask(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        add_question(session, clinic.own, "May I drive?", utc_now())


def _invite(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        invite(session, clinic.own, Role.CARER, utc_now())


def _stop(database: Database, clinic: SmallClinic) -> None:
    with writing(database) as session:
        withdraw_consent(session, clinic.own, utc_now())


def _plan(database: Database, clinic: SmallClinic) -> None:
    today = _today()
    with writing(database) as session:
        day = today + timedelta(days=9)
        plan_visit(session, clinic.treating, day, today=today, now=utc_now())


PATIENTS_WRITES = (
    Write(
        name="a day is saved", role=Role.PATIENT, page="today", button="Save", begin=_answer_today
    ),
    Write(
        name="a day is corrected",
        role=Role.PATIENT,
        page="today",
        button="Save",
        seed=_log,
        begin=_answer_otherwise,
    ),
    Write(name="a fall is recorded", role=Role.PATIENT, page="today", button="event-fall"),
    Write(
        name="a reading is recorded",
        role=Role.PATIENT,
        page="today",
        button="event-reading",
        begin=_choose_pain,
    ),
    Write(
        name="a fall is taken back", role=Role.PATIENT, page="today", button="Take back", seed=_fall
    ),
    Write(
        name="a carer saves a day",
        role=Role.CARER,
        page="today",
        button="Save",
        begin=_answer_today,
    ),
    Write(
        name="a questionnaire is answered",
        role=Role.PATIENT,
        page="questions",
        button="Save",
        begin=_answer_questions,
    ),
    Write(
        name="a question is kept",
        role=Role.PATIENT,
        page="",
        button="visit-question-add",
        begin=_type_a_question,
    ),
    Write(
        name="a question is taken back", role=Role.PATIENT, page="", button="Take back", seed=_ask
    ),
    Write(
        name="consent is given", role=Role.PATIENT, page="today", button="consent-give", seed=_stop
    ),
    Write(name="consent is withdrawn", role=Role.PATIENT, page="my_data", button="consent-end"),
    Write(name="a helper's code is made", role=Role.PATIENT, page="carers", button="carer-code"),
    Write(
        name="a helper's code is taken back",
        role=Role.PATIENT,
        page="carers",
        button="carer-code-back",
        seed=_invite,
    ),
    Write(
        name="a page's question is answered",
        role=Role.PATIENT,
        page="learn",
        button="Check",
        begin=_answer_a_page,
    ),
    Write(name="erasure is asked for", role=Role.PATIENT, page="my_data", button="erasure-ask"),
    Write(name="a language is chosen", role=Role.PATIENT, page="", button="language-foot-es"),
)

EACH_STATEMENT = PATIENTS_WRITES[:4]
"""Those of every day, which are interrupted at every statement."""

CLINICS_WRITES = (
    Write(
        name="a visit note is added",
        role=Role.CLINICIAN,
        page="review",
        button="Add note",
        begin=_type_a_note,
        is_bound=True,
    ),
    Write(
        name="a visit is planned",
        role=Role.CLINICIAN,
        page="review",
        button="Plan visit",
        begin=_choose_a_visit,
        is_bound=True,
    ),
    Write(
        name="a visit is taken off",
        role=Role.CLINICIAN,
        page="review",
        button="Take off",
        seed=_plan,
        begin=_open_patient,
        is_bound=True,
    ),
    Write(
        name="an alert is seen",
        role=Role.CLINICIAN,
        page="review",
        button="Seen",
        seed=_fall,
        begin=_open_patient,
        is_bound=True,
    ),
    Write(
        name="an alert is acted on",
        role=Role.CLINICIAN,
        page="review",
        button="I acted on it",
        seed=_fall,
        begin=_say_what_was_done,
        is_bound=True,
    ),
    Write(
        name="an alert is closed",
        role=Role.CLINICIAN,
        page="review",
        button="Close it",
        seed=_fall,
        begin=_say_why_it_can_be_closed,
        is_bound=True,
    ),
    Write(
        name="a patient is enrolled",
        role=Role.CLINICIAN,
        page="enrol",
        button="Enrol",
        begin=_fill_enrolment,
        is_bound=True,
    ),
    Write(
        name="the thresholds are changed",
        role=Role.ADMINISTRATOR,
        page="judgement",
        button="judgement-save",
        begin=_change_a_threshold,
        is_bound=True,
    ),
    Write(
        name="a colleague is added",
        role=Role.ADMINISTRATOR,
        page="people",
        button="Add",
        begin=_name_a_colleague,
    ),
    Write(
        name="the clinic's settings are changed",
        role=Role.ADMINISTRATOR,
        page="clinic",
        button="Save",
        begin=_name_the_clinic,
    ),
)
