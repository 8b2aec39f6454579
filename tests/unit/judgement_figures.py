"""Made-up figures in the shape in which the simulator writes them."""

from typing import Any

from recovery.judgement.reasons import ReasonKind


def some_figures() -> dict[str, Any]:
    """Return figures of two rules, one truth and three thresholds; one aim is missed."""
    share = [0.92, 0.9, 0.94]
    group = {
        "people": 900,
        "alarms": {
            name: {"per_100_months": [2.5, 2.0, 3.0], "by_30": share, "by_90": share}
            for name in (ReasonKind.CHANGE.value, "whole", "plain_high", "a new rule")
        },
        "found": {
            "jump_3": {"within_days": 7, "share": share, "days": 5.0, "lead_days": 21},
            "flat": {"within_days": 14, "share": share, "days": None, "lead_days": None},
        },
        "choices": [
            {
                "rule": rule,
                "threshold": threshold,
                "ships": ships,
                "per_100_months": [0.5, 0.4, 0.6],
                "meant_for": "jump_3",
                "found": share,
            }
            for rule, threshold, ships in (
                ("higher", "0.975 / 4", True),
                ("change", "4.5", False),
                ("brace", "0.3", False),
                ("silence", "5", True),
            )
        ],
    }
    return {
        "date": "2026-11-27",
        "people": 900,
        "aims": [
            {"aim": "at most 3 false alarms", "met": True, "found": "2.50 (2.00-3.00)"},
            {"aim": "at least 95 % found", "met": False, "found": "92 % (90-94)"},
        ],
        "aimed": group,
        "everybody": group,
        "oracle": {"false_alarms": [1, 1, 1], "found": share, "oracle_found": [0.95, 0.93, 0.97]},
    }
