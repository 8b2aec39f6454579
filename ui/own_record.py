"""A patient's own record, as the patient's pages need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from content.consent import CONSENT_VERSION
from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.consents import Consent, list_consents
from db.engine import Session
from db.patients import get_patient, own_access
from recovery.access import Actor, PatientAccess
from recovery.days import post_procedure_day, today_in
from recovery.episodes import Patient
from recovery.milestones import follow_up_day, milestones
from recovery.settings import ClinicSettings
from recovery.wording import tr
from ui.clock import now
from ui.plain_text import plain
from ui.procedure import procedure_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """
    A signed-in patient and the clinic.

    Attributes:
        today: The patient's own day.
        pod: Post-procedure day of today.
        consents: What the patient agreed to, the newest first.
        advice: What the clinic decided for the procedure, by the name of the value.
    """

    access: PatientAccess
    patient: Patient
    settings: ClinicSettings
    today: date
    pod: int
    consents: list[Consent]
    advice: Mapping[str, float]

    @property
    def milestone_days(self) -> tuple[int, ...]:
        """The post-procedure days of visits, the clinic's own first where it decided one."""
        documented = procedure_of(self.patient.episode.procedure).milestone_days
        return milestones(documented, follow_up_day(self.advice))

    @property
    def consent(self) -> Consent | None:
        """What the patient agrees to now; None before the first time and after a withdrawal."""
        newest = self.consents[0] if self.consents else None
        return newest if newest is not None and newest.withdrawn_at is None else None

    @property
    def agrees(self) -> bool:
        """Whether the patient agrees to the words that are asked for now."""
        return self.consent is not None and self.consent.text_version == CONSENT_VERSION


def show_whose(record: OwnRecord) -> None:
    """Tell a carer whose record this is; a patient knows."""
    if record.access.is_proxy:
        st.info(
            tr(
                "You help {name}. Answer as they would. "
                "What you enter is marked as entered by you.",
                name=plain(record.patient.name),
            ),
            icon=":material/group:",
        )


def open_own_record(session: Session, actor: Actor) -> OwnRecord:
    """Read the signed-in patient's record in the transaction of *session*."""
    access = own_access(session, actor)
    patient = get_patient(session, access)
    today = today_in(patient.time_zone, now())
    return OwnRecord(
        access=access,
        patient=patient,
        settings=clinic_settings(session, actor),
        today=today,
        pod=post_procedure_day(patient.episode.procedure_date, today),
        consents=list_consents(session, access),
        advice=clinic_values(session, actor, patient.episode.procedure),
    )
