"""A clinic's own values, and what holds until it decides."""

from dataclasses import FrozenInstanceError
from uuid import uuid4

import pytest

from recovery.settings import ClinicSettings


def test_settings_do_not_change_in_hand() -> None:
    """They change in the database, with an audit entry, or not at all."""
    settings = ClinicSettings(clinic_id=uuid4(), name="Oak Clinic", time_zone="America/New_York")

    with pytest.raises(FrozenInstanceError):
        settings.phone = "555-0199"  # type: ignore[misc]


def test_one_curve_is_drawn_until_a_clinic_decides_otherwise() -> None:
    """Two curves invite a comparison that a head-to-head trial does not support."""
    settings = ClinicSettings(clinic_id=uuid4(), name="Oak Clinic", time_zone="America/New_York")

    assert settings.shares_augmentation_curve
    assert (settings.phone, settings.emergency_number) == ("", "911")
