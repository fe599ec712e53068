"""A real Prometheus that holds a history and what rules would have recorded over its end.

Rules are evaluated by the server itself, each over the whole stretch at once, and their results
put into its storage: first those that read samples, then those that read what others record. An
alert is recorded as Prometheus would say it, ``ALERTS{alertstate="firing"}``, without waiting for
its ``for``.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slo.model.samples import History, Series, Times, series_of
from slo.model.span import Span
from slo.rules.rule import AlertingRule, RecordingRule, Rule, RuleGroup
from slo.simulate.local_prometheus import backfill, serve
from slo.simulate.openmetrics import write_openmetrics
from tests.integration.conftest import Server, openmetrics
from tests.metric_contract import asked_for


@dataclass(frozen=True)
class Recorded:
    """A server, and the raw samples that it holds."""

    server: Server
    history: History


@contextmanager
def recorded(
    history: History, groups: Sequence[RuleGroup], at: Times, folder: Path
) -> Iterator[Recorded]:
    """Serve a history with all rules evaluated at evenly spaced instants."""
    storage = folder / "storage"
    write_openmetrics(history, folder / "history.om")
    backfill(folder / "history.om", storage)
    rules = [as_recording(rule) for group in groups for rule in group.rules]
    for number, together in enumerate(passes(rules)):
        with serve(storage) as url:
            series = [one for rule in together for one in evaluated(rule, Server(url), at)]
        text = folder / f"pass-{number}.om"
        text.write_text(openmetrics(History(tuple(series), Span(int(at[0]), int(at[-1])))))
        backfill(text, storage)
    with serve(storage) as url:
        yield Recorded(Server(url), history)


def as_recording(rule: Rule) -> RecordingRule:
    if isinstance(rule, RecordingRule):
        return rule
    assert isinstance(rule, AlertingRule)
    labels = {"alertname": rule.alert, "alertstate": "firing", **rule.labels}
    return RecordingRule("ALERTS", f"0 * ({rule.expr}) + 1", labels)


def passes(rules: Sequence[RecordingRule]) -> list[list[RecordingRule]]:
    """Rules in passes, each of which reads only what former ones record."""
    left, found = list(rules), []
    while left:
        waiting = {rule.record for rule in left}
        ready = [r for r in left if not waiting & {one.metric for one in asked_for(r.expr)}]
        assert ready, f"rules that wait for each other: {sorted(waiting)}"
        found.append(ready)
        left = [rule for rule in left if rule not in ready]
    return found


def evaluated(rule: RecordingRule, server: Server, at: Times) -> Iterator[Series]:
    for key, (values, present) in server.query_range(rule.expr, at).items():
        labels = {**json.loads(key), **rule.labels, "__name__": rule.record}
        yield series_of(labels, at[present], values[present])


def metrics_of(exprs: Sequence[str]) -> set[str]:
    """Every metric that expressions read."""
    return {one.metric for expr in exprs for one in asked_for(expr)}


def holding_only(history: History, metrics: set[str]) -> History:
    """The series of some metrics."""
    kept = [one for one in history.series if one.metric in metrics]
    return History(tuple(kept), history.span)
