"""Thresholds as a clinic saved them, one version after the other."""

from dataclasses import dataclass
from datetime import datetime

from recovery.judgement.settings import JudgementSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsVersion:
    """Thresholds with when (UTC) and by whom they were saved."""

    settings: JudgementSettings
    saved_at: datetime
    saved_by_name: str
