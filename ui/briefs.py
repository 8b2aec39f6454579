"""A visit brief from reading to paper: what it rests on, its words, its chart, its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from charts.days import CHOICES, DayRange
from charts.layer import Layered
from charts.pain import pain_chart
from db.alerts import list_alerts
from db.briefs import get_brief_patient
from db.clinics import clinic_settings
from db.engine import Session
from db.events import list_events
from db.judgement_settings import judgement_settings
from db.patients import authorize
from db.reports import list_reports
from db.visit_notes import list_visit_notes
from db.visit_questions import list_questions
from db.visits import last_visit_day
from exchange.brief_pdf import FONT, Sheet, briefs_pdf
from exchange.pictures import chart_svg
from recovery.access import Actor
from recovery.brief import Brief, Record, brief_of
from recovery.days import today_in
from recovery.expectations import BandLimits
from recovery.judgement.judge import judge
from recovery.judgement.log import log_of
from recovery.judgement.reasons import Judgement
from recovery.judgement.settings import JudgementSettings
from ui.brief_words import BriefText, brief_text
from ui.clock import now
from ui.file_offer import File
from ui.procedure import procedure_of, rules_of
from ui.recovery_view import Drawing, Recovery

PDF = "application/pdf"
_PLOT_PX = 640
"""Width of the plot on paper; it decides how large its letters are beside the lines."""


@dataclass(frozen=True, kw_only=True)
class ReadBrief:
    """
    One patient's brief, read and put into words.

    Attributes:
        recovery: What its chart is drawn from.
        brief: Its numbers.
        text: Its words.
    """

    recovery: Recovery
    brief: Brief
    text: BriefText

    @cached_property
    def drawing(self) -> Drawing:
        """The recovery over the shortest range of days that holds it."""
        pod = self.recovery.pod
        fitting = (name for name, length in CHOICES.items() if length is None or pod < length)
        return Drawing(recovery=self.recovery, days=DayRange.chosen(next(fitting), pod))

    @property
    def chart_words(self) -> str:
        """What the chart shows, for those who do not see it."""
        first, last = self.drawing.days.first, self.drawing.days.last
        return f"Worst and average pain of each logged day, days {first} to {last}."

    def chart(self, *, dark: bool = False) -> Layered:
        """Return the pain chart, light for paper unless asked otherwise."""
        drawing = self.drawing
        return pain_chart(
            drawing.reports, drawing.documented, drawing.marks, days=drawing.days, dark=dark
        )

    def sheet(self) -> Sheet:
        """Return the brief as one page; drawing the chart takes most of the time."""
        text = self.text
        return Sheet(
            title=text.title,
            about=text.about,
            lines=text.lines,
            quotes=text.quotes,
            more=text.more,
            chart_svg=chart_svg(self.chart().to_dict(), width=_PLOT_PX, font=FONT),
            chart_words=self.chart_words,
        )


def read_brief(
    session: Session, actor: Actor, patient_id: UUID, *, is_exported: bool = False
) -> ReadBrief:
    """
    Read one patient's brief as of now, and note that it was read or taken away.

    Args:
        session: A session of ``db.engine.writing``.
        actor: Who reads, asked anew.
        patient_id: Whose.
        is_exported: Whether it leaves Mendline.

    Raises:
        AccessDenied: If the patient is not the actor's to see.
    """
    access = authorize(session, actor, patient_id)
    patient = get_brief_patient(session, access, is_exported=is_exported)
    recovery = Recovery(
        patient=patient,
        settings=clinic_settings(session, actor),
        reports=list_reports(session, access),
        events=list_events(session, access),
        notes=list_visit_notes(session, access),
        today=today_in(patient.time_zone, now()),
    )
    thresholds = judgement_settings(session, actor)
    rules = rules_of(recovery.episode, recovery.settings)
    record = Record(
        episode=recovery.episode,
        time_zone=patient.time_zone,
        today=recovery.today,
        last_visit=last_visit_day(session, access, recovery.today),
        judgement=_judged(recovery, thresholds),
        limits=_limits(recovery),
        expects_reports=rules.silence_days is not None,
        reports=recovery.reports,
        events=recovery.events,
        alerts=list_alerts(session, access),
        questions=list_questions(session, access),
    )
    name = procedure_of(recovery.episode.procedure).name
    brief = brief_of(record)
    return ReadBrief(recovery=recovery, brief=brief, text=brief_text(brief, patient, name))


def pdf_of(sheets: Sequence[Sheet], day: date) -> File:
    """Return pages as one file, whose name holds the day and nobody's name."""
    return File(name=f"visit-brief-{day.isoformat()}.pdf", kind=PDF, content=briefs_pdf(sheets))


def _judged(recovery: Recovery, thresholds: JudgementSettings) -> Judgement:
    """Judge the recovery as it stands; before the procedure there is nothing to judge."""
    if recovery.pod < 0:
        return Judgement(as_of=recovery.today)
    log = log_of(recovery.episode, [each.report for each in recovery.reports])
    rules = rules_of(recovery.episode, recovery.settings)
    return judge(log, rules, thresholds, recovery.today)


def _limits(recovery: Recovery) -> BandLimits | None:
    course, baseline_nrs = recovery.course, recovery.episode.baseline_nrs
    return None if course is None else course.limits(recovery.pod, baseline_nrs)
