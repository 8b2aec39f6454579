"""The findings in Markdown, which is also what is printed."""

from collections.abc import Iterable, Sequence

from benchmarks.judgement.equal import Compared
from benchmarks.judgement.findings import WHOLE, Choice, Findings, Group
from benchmarks.judgement.people import Truth
from benchmarks.judgement.rates import WITHIN, Estimate
from benchmarks.judgement.trial import PLAIN, SHIPPED
from recovery.judgement.reasons import ReasonKind

MOST_ALARMS, LEAST_JUMPS, LEAST_FLAT, MOST_GAP = 3, 0.9, 0.95, 10
"""The aims: for 100 patient-months, shares, and points of 100."""

RULE_WORDS = {
    ReasonKind.CHANGE: "a change from your own pattern",
    ReasonKind.WORSE_AGAIN: "better, then worse",
    ReasonKind.HIGHER: "higher than most people",
    ReasonKind.NO_RESPONSE: "milestone without response",
    ReasonKind.SILENCE: "silence",
    ReasonKind.MEDICINE: "dose of pain medicine rising",
    ReasonKind.BRACE: "brace worn less than planned",
    WHOLE: "**all rules together**",
    PLAIN[0]: "plain: pain of 7 or more",
    PLAIN[1]: "plain: three rising days",
}
TRUTH_WORDS = {
    Truth.JUMP_3: "lasting rise of 3 points (day 25-75)",
    Truth.JUMP_2: "lasting rise of 2 points (day 25-75)",
    Truth.EARLY_JUMP: "lasting rise of 3 points (day 10-20)",
    Truth.SLOW: "slow worsening, 1 point a week up to 4",
    Truth.FLAT: "no relief at all",
    Truth.RELAPSE: "relapse to the pain before over 10 days",
    Truth.SILENT: "no report any more",
    Truth.MEDICINE: "3 doses a day more within a week",
    Truth.BRACE: "brace hardly worn any more",
}
_THRESHOLDS = {
    ReasonKind.HIGHER: "centile / days in a row",
    ReasonKind.CHANGE: "limit for a change",
    ReasonKind.WORSE_AGAIN: "points above the best week",
    ReasonKind.SILENCE: "days without a report",
    ReasonKind.MEDICINE: "times a day more",
    ReasonKind.BRACE: "share of the planned hours",
}


def aims(findings: Findings) -> list[tuple[str, bool, str]]:
    """Return each aim in words, whether it is met, and the figure with its interval."""
    aimed = findings.aimed
    whole = next(each for each in aimed.alarms if each.name == WHOLE).rate
    by_truth = {each.truth: each.by[WHOLE] for each in aimed.found}
    jump, flat = by_truth[Truth.JUMP_3], by_truth[Truth.FLAT]
    shipped = next(each for each in findings.compared if each.limit == SHIPPED.change_limit)
    both = f"{_share(shipped.found)} against {_share(shipped.oracle_found)}"
    return [
        (
            f"at most {MOST_ALARMS} false alarms for 100 patient-months",
            whole.value <= MOST_ALARMS,
            _rate(whole),
        ),
        (
            f"at least {LEAST_JUMPS:.0%} of lasting rises of 3 points within 7 days",
            jump.value >= LEAST_JUMPS,
            _share(jump),
        ),
        (
            f"at least {LEAST_FLAT:.0%} of people without relief by the milestone",
            flat.value >= LEAST_FLAT,
            _share(flat),
        ),
        (
            f"over the whole range at most {MOST_GAP} points below the oracle",
            shipped.gap <= MOST_GAP,
            both,
        ),
    ]


def tables(findings: Findings) -> str:
    """Return all tables, the aims first."""
    return "\n\n".join(
        [
            "## Aims",
            _table(
                ("aim", "met", "found"),
                ((words, "yes" if met else "no", figure) for words, met, figure in aims(findings)),
            ),
            "## Daily SD up to 1.1 and autocorrelation up to 0.3",
            _group(findings.aimed),
            "## The whole range: daily SD 0.8 to 1.6, autocorrelation 0 to 0.5",
            _group(findings.everybody),
            "## Beside the oracle, at as many false alarms",
            _compared(findings.compared),
            "## What other thresholds would do, SD up to 1.1 and autocorrelation up to 0.3",
            _choices(findings.aimed.choices),
            "## The same over the whole range",
            _choices(findings.everybody.choices),
        ]
    )


def _group(group: Group) -> str:
    alarms = _table(
        ("rule", "false alarms for 100 patient-months", "flagged by day 30", "by day 90"),
        (
            (RULE_WORDS[each.name], _rate(each.rate), _share(each.by_30), _share(each.by_90))
            for each in group.alarms
        ),
    )
    found = _table(
        (
            "what truly happened",
            "within",
            "found by the rules",
            "pain of 7 or more",
            "three rising days",
            "median days to the alert",
            "median days before the next visit",
        ),
        (
            (
                TRUTH_WORDS[each.truth],
                f"{WITHIN[each.truth]} days",
                _share(each.by[WHOLE]),
                _share(each.by[PLAIN[0]]),
                _share(each.by[PLAIN[1]]),
                _days(each.days),
                _days(each.lead),
            )
            for each in group.found
        ),
    )
    return f"{alarms}\n\n{found}\n\n{_by_rule(group)}"


def _by_rule(group: Group) -> str:
    kinds = [name for name in RULE_WORDS if isinstance(name, ReasonKind)]
    return _table(
        ("found by each rule alone", *(RULE_WORDS[kind] for kind in kinds)),
        (
            (TRUTH_WORDS[each.truth], *(f"{100 * each.by[kind].value:.0f} %" for kind in kinds))
            for each in group.found
        ),
    )


def _compared(lines: Sequence[Compared]) -> str:
    return _table(
        (
            "people",
            "limit",
            "false alarms for 100 patient-months",
            "found by the rule",
            "found by the oracle",
            "points between",
        ),
        (
            (
                each.name,
                f"{each.limit:g}",
                _rate(each.false_alarms),
                _share(each.found),
                _share(each.oracle_found),
                f"{each.gap:.1f}",
            )
            for each in lines
        ),
    )


def _choices(choices: Sequence[Choice]) -> str:
    return _table(
        ("rule", "threshold", "false alarms for 100 patient-months", "found of what it is for"),
        (
            (
                f"{RULE_WORDS[each.kind]} ({_THRESHOLDS[each.kind]})",
                f"**{each.threshold}**, ships" if each.ships else each.threshold,
                _rate(each.rate),
                _share(each.found),
            )
            for each in choices
        ),
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _share(each: Estimate) -> str:
    return f"{100 * each.value:.0f} % ({100 * each.low:.0f}-{100 * each.high:.0f})"


def _rate(each: Estimate) -> str:
    return f"{each.value:.2f} ({each.low:.2f}-{each.high:.2f})"


def _days(days: float | None) -> str:
    return "-" if days is None else f"{days:g}"
