"""The invitation letter: large type, a QR code, and a code to type, for one patient."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.local_forms import full_weekday
from db.auth_sessions import SessionInfo
from db.clinics import clinic_settings
from db.engine import Session, act, writing
from db.invitations import Invitation, invite
from db.models import utc_now
from db.patients import authorize, get_patient
from recovery.access import Role
from recovery.days import today_in
from recovery.errors import AccessDenied, RecoveryError
from recovery.wording import LANGUAGE_NAMES, Language, speaking
from web.language import PARAMETER
from web.origin import public_origin
from web.paths import JOIN, SIGN_IN
from web.threads import in_lookup_thread
from web.views import notice, page, read_form
from web.visitors import visitor_of

_OPENED = "letter.opened"
"""In the audit: the name was read for a letter, and the chart was not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """What stands on a letter."""

    patient_name: str
    clinic_name: str
    clinic_phone: str
    last_day: date
    invitation: Invitation


async def show(request: Request) -> Response:
    """Ask before a letter is made, since a new one takes the place of the last."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    patient = request.query_params.get("patient", "")
    try:
        name = await in_lookup_thread(partial(_name_of, info, patient))
    except RecoveryError as refusal:
        return notice(str(refusal), 403)
    return page("letter_ask", patient=patient, patient_name=name, names=LANGUAGE_NAMES)


async def submit(request: Request) -> Response:
    """Make an invitation and show its letter; the code is never shown again."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        form = await read_form(request)
        spoken = _language_in(form)
        letter = await in_lookup_thread(partial(_make, info, form.get("patient", "")))
    except RecoveryError as refusal:
        return notice(str(refusal), 403)
    address = f"{public_origin(request.scope)}{JOIN}"
    link = f"{address}?code={letter.invitation.code}&{PARAMETER}={spoken}"
    qr = segno.make(link, error="m").svg_data_uri(scale=6, border=4, light="#ffffff")
    with speaking(spoken):
        last_day = full_weekday(letter.last_day)
        return page("letter", letter=letter, last_day=last_day, address=address, qr=qr)


def _language_in(form: dict[str, str]) -> Language:
    chosen = form.get("language", "")
    return Language(chosen) if chosen in list(Language) else Language.ENGLISH


def _name_of(info: SessionInfo, patient: str) -> str:
    with writing() as session:
        access = authorize(session, info.actor, _key(patient))
        if not access.is_by_staff:
            raise AccessDenied
        return get_patient(session, access, act=_OPENED).name


def _make(info: SessionInfo, patient: str) -> _Letter:
    now = utc_now()

    def make(session: Session) -> _Letter:
        access = authorize(session, info.actor, _key(patient))
        made = invite(session, access, Role.PATIENT, now)
        settings = clinic_settings(session, info.actor)
        return _Letter(
            patient_name=get_patient(session, access, act=_OPENED).name,
            clinic_name=settings.name,
            clinic_phone=settings.phone,
            last_day=today_in(settings.time_zone, made.expires_at),
            invitation=made,
        )

    return act(make)


def _key(patient: str) -> UUID:
    try:
        return UUID(patient)
    except ValueError as error:
        raise AccessDenied from error
