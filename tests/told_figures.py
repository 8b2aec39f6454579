"""The figures that the server tells, as they stand now."""

from web.observing.figures import REGISTRY
from web.observing.queues import DatabaseFigures


def counted(name: str, **labels: str) -> float:
    """Return what was counted under a name with its labels; 0 when nothing was."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


def asked() -> dict[tuple[str, ...], float]:
    """Return what a fresh look at the database says, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in DatabaseFigures().collect()
        for sample in family.samples
    }
