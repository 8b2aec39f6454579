"""A visit brief as PDF, one and forty, beside a bare page with the same charts."""

import json
from time import perf_counter
from uuid import UUID

import sqlalchemy as sa
import typst

from benchmarks.clinic import fill
from benchmarks.results import Result
from benchmarks.serving import empty_database
from db.engine import Database, serve, writing
from db.models import PatientRow
from exchange.brief_pdf import Sheet, briefs_pdf
from recovery.access import Actor
from ui.briefs import read_brief

PATIENTS = 40
REPORTS_EACH = 90
ROUNDS_OF_ONE = 30
ROUNDS_OF_ALL = 5
_BARE = b"""#let charts = json(bytes(sys.inputs.charts))
#set page(width: 210mm, height: 279.4mm)
#for (number, chart) in charts.enumerate() {
  if number > 0 { pagebreak() }
  image(bytes(chart), format: "svg", width: 100%)
}"""


def brief() -> list[Result]:
    """Time reading, drawing and setting, from the database to the bytes of the file."""
    with empty_database() as (_, database):
        serve(database)
        actor = fill(database, patients=PATIENTS, days=REPORTS_EACH).clinician
        with writing(database) as session:
            keys = list(session.execute(sa.select(PatientRow.id)).scalars())  # type: ignore[call-overload]
        first, _ = _timed(database, actor, keys[:1])
        ones = [_timed(database, actor, keys[:1]) for _ in range(ROUNDS_OF_ONE)]
        alls = [_timed(database, actor, keys) for _ in range(ROUNDS_OF_ALL)]
        one_sheet, all_sheets = ones[-1][1], alls[-1][1]
        return [
            Result(what="brief, first of its process", values=[first], unit="ms"),
            Result(
                what="brief, one",
                values=[taken for taken, _ in ones],
                unit="ms",
                floor=[_floor(one_sheet) for _ in range(ROUNDS_OF_ONE)],
                aim="under 500 ms",
            ),
            Result(
                what=f"brief, {PATIENTS} in one file",
                values=[taken for taken, _ in alls],
                unit="ms",
                floor=[_floor(all_sheets) for _ in range(ROUNDS_OF_ALL)],
                aim="under 10,000 ms",
            ),
        ]


def _timed(database: Database, actor: Actor, keys: list[UUID]) -> tuple[float, list[Sheet]]:
    began = perf_counter()
    sheets = [_sheet(database, actor, key) for key in keys]
    briefs_pdf(sheets)
    return (perf_counter() - began) * 1_000, sheets


def _sheet(database: Database, actor: Actor, patient_id: UUID) -> Sheet:
    with writing(database) as session:
        made = read_brief(session, actor, patient_id, is_exported=True)
    return made.sheet()


def _floor(sheets: list[Sheet]) -> float:
    charts = json.dumps([each.chart_svg for each in sheets])
    began = perf_counter()
    typst.compile(_BARE, sys_inputs={"charts": charts}, format="pdf")
    return (perf_counter() - began) * 1_000
