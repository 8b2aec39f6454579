"""The dashboard and the rules in deploy/ ask for figures that there are, in queries that parse."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from db.engine import Database, serve, writing
from db.jobs import LOOK
from db.models import ONLY_PLAN, BackupPlanRow, JobRow
from db.replica import Replica
from tests.sources import ROOT
from web.observing import queues
from web.observing.figures import REGISTRY
from web.observing.pulse import watch_pauses
from web.observing.queues import DatabaseFigures

DEPLOY = ROOT / "deploy"
OF_PROMETHEUS = {"up": {"job", "instance"}}
"""What Prometheus itself adds, with the labels that it gives everything."""

_SCRAPED = {"job", "instance"}
_SENTENCE = re.compile(r"[A-Z0-9][^!\u2014]*[.]")


def _rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus-rules.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads((DEPLOY / "grafana-dashboard.json").read_text())[
        "panels"
    ]
    return panels


def _queries() -> dict[str, str]:
    drawn = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in _panels()
        for target in panel["targets"]
    }
    return {rule["alert"]: rule["expr"] for rule in _rules()} | drawn


QUERIES = _queries()


def _selectors(expression: Any) -> Iterator[Any]:
    """Return every choice of a figure in a parsed query, however deep it stands."""
    found: list[Any] = []
    promql_parser.walk(expression, found.append)
    return (each for each in found if isinstance(each, promql_parser.VectorSelector))


@pytest.fixture
def figures(database: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Return the labels of every figure of a server that has everything, by the figure's name."""
    watch_pauses()
    now = datetime.now(UTC)
    with writing(database) as session:
        session.add(BackupPlanRow(id=ONLY_PLAN, hour=3, time_zone="UTC", folder="x", keep=7))
        session.add(JobRow(name=LOOK, started_at=now, finished_at=now))
    replicated = serve(replace(database, replica=Replica(database.engine)))
    monkeypatch.setattr(queues, "replica_lag", lambda _database, _connection: 7)
    assert replicated.replica is not None
    families = [*REGISTRY.collect(), *DatabaseFigures().collect()]
    found = {sample.name: set(sample.labels) for each in families for sample in each.samples}
    for each in families:
        # Those with labels have no line before their first event, and say nowhere which they have.
        collector = REGISTRY._names_to_collectors.get(each.name)  # noqa: SLF001
        labels = set(getattr(collector, "_labelnames", ()))
        kinds = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
        for end in kinds.get(each.type, ("",)):
            more = {"le"} if end == "_bucket" else set()
            found[f"{each.name}{end}"] = found.get(f"{each.name}{end}", set()) | labels | more
    return found | OF_PROMETHEUS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_figures_that_there_are(figures: dict[str, set[str]], name: str) -> None:
    """And picks by labels that these have."""
    selectors = list(_selectors(promql_parser.parse(QUERIES[name])))

    assert selectors
    for selector in selectors:
        assert selector.name in figures
        picked = {each.name for each in selector.matchers.matchers}
        assert picked <= figures[selector.name] | _SCRAPED


def test_a_query_that_does_not_parse_would_be_seen() -> None:
    """By the parser that Prometheus's own grammar was made into."""
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        promql_parser.parse("sum by (le (mendline_ready)")
    [selector] = _selectors(promql_parser.parse("1 - rate(mendline_nothing[5m])"))
    assert selector.name == "mendline_nothing"


@pytest.mark.parametrize("rule", _rules(), ids=lambda rule: rule["alert"])
def test_a_rule_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    """In plain sentences, and how soon somebody has to look."""
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["alert"].startswith("Mendline")
    promql_parser.parse_duration(rule.get("for", "1m"))
    assert set(rule["labels"]) == {"severity"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(rule["annotations"]) == {"summary", "action"}
    for sentence in rule["annotations"].values():
        assert _SENTENCE.fullmatch(sentence), sentence


def test_rules_have_names_of_their_own() -> None:
    """Of two with one name, one would silence the other."""
    names = [rule["alert"] for rule in _rules()]

    assert len(set(names)) == len(names)


def test_panels_are_told_apart_and_explained() -> None:
    """Each with a title, what it shows, and a place that no other takes."""
    panels = _panels()
    taken = [
        (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + line)
        for panel in panels
        for column in range(panel["gridPos"]["w"])
        for line in range(panel["gridPos"]["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    assert all(_SENTENCE.fullmatch(panel["description"]) for panel in panels)
    assert len(set(taken)) == len(taken)
    assert max(column for column, _ in taken) < 24
    assert {panel["datasource"]["uid"] for panel in panels} == {"${source}"}


def test_every_figure_of_ours_is_looked_at_somewhere() -> None:
    """What nobody draws and no rule asks for need not be counted."""
    asked = " ".join(QUERIES.values())

    ours = [each.name for each in REGISTRY.collect() if each.name.startswith("mendline_")]
    assert [name for name in ours if name not in asked] == []


def test_prometheus_is_told_of_the_rules_and_of_each_process() -> None:
    """Each by itself, under the name that the rules know."""
    settings = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    [job] = settings["scrape_configs"]

    assert [(DEPLOY / name).is_file() for name in settings["rule_files"]] == [True]
    assert job["job_name"] == "mendline"
    [targets] = [each["targets"] for each in job["static_configs"]]
    assert len(targets) == 2
    assert all(target.startswith("127.0.0.1:") for target in targets)
    assert Path(DEPLOY / "grafana-dashboard.json").is_file()
