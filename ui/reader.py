"""Who reads on Learn: a patient's side about the own procedure, or staff about any."""

from contextlib import suppress
from dataclasses import dataclass

from content.education import EducationPage
from content.page_html import screen_html
from content.procedures import Procedure
from content.rendering import Advice, parts_of
from content.shelf import sources, terms_for
from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.engine import reading, writing
from db.learning import ONE_VISIT, list_openings, note_opening
from db.patients import own_access
from recovery.access import Actor
from recovery.errors import DatabaseUnavailable
from recovery.reading import Opening
from recovery.settings import ClinicSettings
from ui.clock import now
from ui.own_record import OwnRecord, open_own_record
from ui.procedure import procedure_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """
    Who reads, about what.

    Attributes:
        actor: Who reads.
        procedure: What is read about.
        settings: The reader's clinic.
        advice: What that clinic decided for the procedure.
        record: The patient's; None for staff.
        openings: What was opened before, by the patient's side; empty for staff.
    """

    actor: Actor
    procedure: Procedure
    settings: ClinicSettings
    advice: Advice
    record: OwnRecord | None
    openings: list[Opening]

    @property
    def read(self) -> frozenset[str]:
        """The pages that this reader has opened, by their slugs."""
        return read_by(self.actor, self.openings)

    def html_of(self, page: EducationPage) -> str:
        """Return a page as this reader gets it."""
        parts = parts_of(page, self.procedure, self.settings, self.advice)
        return screen_html(parts, sources(), terms_for(self.procedure.id))


def read_by(actor: Actor, openings: list[Opening]) -> frozenset[str]:
    """Return which pages *actor* has opened, not those that somebody else did."""
    return frozenset(each.slug for each in openings if each.opened_by == actor.account_id)


def open_as_patient(actor: Actor) -> Reader:
    """Read what a patient or carer needs to read about the own procedure."""
    with reading() as session:
        record = open_own_record(session, actor)
        procedure_id = record.patient.episode.procedure
        return Reader(
            actor=actor,
            procedure=procedure_of(procedure_id),
            settings=record.settings,
            advice=record.advice,
            record=record,
            openings=list_openings(session, record.access),
        )


def open_as_staff(actor: Actor, procedure_id: str) -> Reader:
    """Read what staff need to read about any procedure."""
    with reading() as session:
        return Reader(
            actor=actor,
            procedure=procedure_of(procedure_id),
            settings=clinic_settings(session, actor),
            advice=clinic_values(session, actor, procedure_id),
            record=None,
            openings=[],
        )


def keep_opening(reader: Reader, page: EducationPage) -> None:
    """Keep that the page was opened, of a patient's side that agrees; staff leave no trace."""
    if reader.record is None or reader.record.consent is None:
        return
    at = now()
    if any(_is_same_reading(reader, each, page.slug) for each in reader.openings):
        return
    # A busy database must not keep anybody from reading.
    with suppress(DatabaseUnavailable), writing() as session:
        note_opening(session, own_access(session, reader.actor), page.slug, at)


def _is_same_reading(reader: Reader, opening: Opening, slug: str) -> bool:
    is_own = (opening.slug, opening.opened_by) == (slug, reader.actor.account_id)
    return is_own and now() - opening.last_opened_at < ONE_VISIT
