"""Single figures that studies report for one day after a procedure."""

from dataclasses import dataclass
from enum import StrEnum

from recovery.reports import NRS_MAX


class FigureKind(StrEnum):
    """What a study counted or measured."""

    HALF_RELIEF = "half_relief"
    MEAN_PAIN = "mean_pain"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFigure:
    """
    One figure of one study.

    Attributes:
        id: Name within its procedure.
        kind: ``HALF_RELIEF``: people with at least half less pain. ``MEAN_PAIN``: mean NRS 0-10.
        day: Post-procedure day.
        source_id: Where it was read.
        how_read: How it was taken from there.
        sentence: The figure in words for patients.
        n: People it rests on; None when the source does not say.
        share: For ``HALF_RELIEF``: 0-1.
        low: Lower end of the 95 % interval of the share; None when not given.
        high: Upper end of it.
        mean_nrs: For ``MEAN_PAIN``: NRS 0-10.
        baseline_mean_nrs: The same study's mean before, above 0 and up to 10.
        sd_nrs: Standard deviation of the mean; None when it was not read.
    """

    id: str
    kind: FigureKind
    day: int
    source_id: str
    how_read: str
    sentence: str
    n: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    mean_nrs: float | None = None
    baseline_mean_nrs: float | None = None
    sd_nrs: float | None = None

    def scaled_mean(self, baseline_nrs: int | None) -> float | None:
        """
        Return the mean for a person's own pain before the procedure, NRS 0-10.

        Args:
            baseline_nrs: NRS 0-10; None leaves the study's own mean.

        Returns:
            None for another kind of figure, and where scaling leaves the scale.
        """
        if self.mean_nrs is None:
            return None
        if baseline_nrs is None or self.baseline_mean_nrs is None:
            return self.mean_nrs
        scaled = baseline_nrs * self.mean_nrs / self.baseline_mean_nrs
        return scaled if scaled <= NRS_MAX else None
