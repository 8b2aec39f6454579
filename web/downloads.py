"""Files to take away: one's own record, a clinic's audit and list. Nothing is kept on the way."""

from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from content.list_phases import query_of
from db.audit_log import MAX_EXPORT, LogEntry, LogQuery, export_entries, note_export
from db.auth_sessions import SessionInfo
from db.clinics import clinic_settings
from db.engine import reading, writing
from db.models import utc_now
from db.own_data import own_data
from db.patients import own_access
from db.review import export_episodes, note_list_export
from db.review_views import last_look
from exchange.records import Record, days_csv, events_csv, questionnaires_csv, record_json
from exchange.review import review_csv
from exchange.tables import to_csv
from recovery.access import grant_admin, grant_clinic
from recovery.days import zone
from recovery.errors import AccessDenied, InvalidEntry, RecoveryError
from recovery.review_views import ReviewView
from web.paths import MY_DAYS, MY_EVENTS, MY_QUESTIONNAIRES, SIGN_IN
from web.threads import in_lookup_thread
from web.views import notice
from web.visitors import visitor_of

_CSV = "text/csv; charset=utf-8"
_JSON = "application/json"
# Spreadsheets read a file as UTF-8 only with this mark at its beginning.
_MARK = "\ufeff"
_TABLES: dict[str, tuple[str, Callable[[Record], str]]] = {
    MY_DAYS: ("my-days.csv", days_csv),
    MY_EVENTS: ("my-events.csv", events_csv),
    MY_QUESTIONNAIRES: ("my-questionnaires.csv", questionnaires_csv),
}
_AUDIT_COLUMNS = [field.name for field in fields(LogEntry)]


async def show_record(request: Request) -> Response:
    """Send all that is stored about the signed-in patient."""
    return await _send(request, _record, "my-mendline-record.json", _JSON)


async def show_table(request: Request) -> Response:
    """Send the signed-in patient's days, events or questionnaires as a table."""
    name, make = _TABLES[request.url.path]
    return await _send(request, partial(_table, make), name, _CSV)


async def show_audit(request: Request) -> Response:
    """Send the clinic's audit, filtered as the administrator's page is."""
    asked = request.query_params
    return await _send(request, lambda info: _audit(info, dict(asked)), "audit.csv", _CSV)


async def show_review(request: Request) -> Response:
    """Send the clinic's review list, filtered as the page is but for the search."""
    asked = request.query_params
    return await _send(request, lambda info: _review(info, dict(asked)), "review-list.csv", _CSV)


async def _send(
    request: Request, make: Callable[[SessionInfo], str], name: str, kind: str
) -> Response:
    info = visitor_of(request)
    if info is None:
        return RedirectResponse(SIGN_IN, 303)
    try:
        text = await in_lookup_thread(partial(make, info))
    except AccessDenied as refusal:
        return notice(str(refusal), 403)
    except RecoveryError as refusal:
        return notice(str(refusal), 422)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(text, media_type=kind, headers=headers)


def _record(info: SessionInfo) -> str:
    with writing() as session:
        return record_json(own_data(session, own_access(session, info.actor), utc_now()))


def _table(make: Callable[..., str], info: SessionInfo) -> str:
    with writing() as session:
        return _MARK + make(own_data(session, own_access(session, info.actor), utc_now()))


def _audit(info: SessionInfo, asked: dict[str, str]) -> str:
    access = grant_admin(info.actor)
    with reading() as session:
        zone_name = clinic_settings(session, info.actor).time_zone
    query = LogQuery(
        since=_start(asked.get("from", ""), zone_name),
        until=_start(asked.get("to", ""), zone_name, days=1),
        action=asked.get("action", ""),
        by_name=asked.get("by", ""),
    )
    # Noted first and alone: reading a long audit must not keep others from saving.
    with writing() as session:
        note_export(session, access)
    with reading(is_heavy=True) as session:
        entries = export_entries(session, access, query)
    rows = [asdict(entry) | {"at": entry.at.isoformat()} for entry in entries[:MAX_EXPORT]]
    if len(entries) > MAX_EXPORT:
        rows.append({"action": f"Older entries are left out after {MAX_EXPORT:,}. Choose days."})
    return _MARK + to_csv(_AUDIT_COLUMNS, rows)


def _review(info: SessionInfo, asked: dict[str, str]) -> str:
    access = grant_clinic(info.actor)
    # Noted first and alone, as above.
    with writing() as session:
        note_list_export(session, access)
    with reading(is_heavy=True) as session:
        query = query_of(ReviewView.from_saved(asked), since=last_look(session, access))
        rows = export_episodes(session, access, query, utc_now())
    return _MARK + review_csv(rows)


def _start(day: str, zone_name: str, days: int = 0) -> datetime | None:
    """Return the first instant of a day at the clinic, or of one *days* later."""
    if not day:
        return None
    try:
        first = date.fromisoformat(day) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise InvalidEntry("A day is written like 2026-11-22. Choose it on the page.") from error
    return datetime.combine(first, time(), tzinfo=zone(zone_name))
