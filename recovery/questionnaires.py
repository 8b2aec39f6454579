"""Short questionnaires that are free to use: what is asked, and how it is scored."""

from enum import StrEnum


class Instrument(StrEnum):
    """A questionnaire that stored answers name."""

    PEG = "peg"
    PGIC = "pgic"
