"""An education page on paper: large type, and nothing around it."""

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.page_html import paper_html
from content.procedures import Procedure
from content.rendering import parts_of
from content.shelf import find_page, find_procedure, sources, terms_for
from db.auth_sessions import SessionInfo
from db.clinic_values import clinic_values
from db.clinics import clinic_settings
from db.engine import Session, reading
from db.patients import get_patient, own_access
from recovery.access import Actor
from recovery.errors import AccessDenied, RecoveryError
from recovery.wording import tr
from web.paths import SIGN_IN
from web.threads import in_lookup_thread
from web.views import notice, page
from web.visitors import visitor_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What stands on the paper, in the language spoken now."""

    title: str
    about: str
    body: Markup


async def show(request: Request) -> Response:
    """Show a page to print: a patient's side one of the own procedure, staff any."""
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    asked = request.query_params
    work = partial(_paper, info, asked.get("procedure", ""), asked.get("page", ""))
    try:
        paper = await in_lookup_thread(work)
    except AccessDenied as refusal:
        return notice(str(refusal), 403)
    except RecoveryError as refusal:
        return notice(str(refusal), 503)
    if paper is None:
        return notice(tr("There is no such page. Choose one on Learn."), 404)
    return page("print", paper=paper)


def _paper(info: SessionInfo, procedure_id: str, slug: str) -> _Paper | None:
    actor = info.actor
    with reading() as session:
        procedure = _procedure(session, actor, procedure_id)
        found = procedure and find_page(procedure.id, slug)
        if not procedure or not found:
            return None
        settings = clinic_settings(session, actor)
        advice = clinic_values(session, actor, procedure.id)
    parts = parts_of(found, procedure, settings, advice)
    html = paper_html(parts, sources(), terms_for(procedure.id))
    return _Paper(
        title=found.title,
        about=f"{settings.name} · {procedure.name}",
        # Its tags were written by content.page_html; what others typed is escaped in it.
        body=Markup(html),  # noqa: S704
    )


def _procedure(session: Session, actor: Actor, asked: str) -> Procedure | None:
    """
    Return the procedure to read about.

    Raises:
        AccessDenied: If a patient's side asks for another than the own.
    """
    if actor.role.is_staff:
        return find_procedure(asked)
    own = get_patient(session, own_access(session, actor)).episode.procedure
    if asked not in {"", own}:
        raise AccessDenied
    return find_procedure(own)
