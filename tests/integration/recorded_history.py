"""A real Prometheus that holds a history and what rules would have recorded over its end.

``promtool tsdb create-blocks-from rules`` evaluates each rule over a stretch of the past against a
running server, rule by rule: one that reads what another records finds nothing until that is in
the storage. So rules are evaluated in passes, all at the same instants, and alerts as rules that
record what Prometheus says of them: ``ALERTS{alertstate="firing"}``, without waiting for ``for``.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from slo.model import names
from slo.model.samples import History
from slo.model.selector import METRIC_NAME
from slo.model.span import Span
from slo.rules.format import rules_text
from slo.rules.rule import AlertingRule, RecordingRule, Rule, RuleGroup
from slo.simulate.local_prometheus import backfill, program, serve
from slo.simulate.openmetrics import write_openmetrics
from tests.integration.conftest import Server
from tests.metric_contract import asked_for

RULES, BLOCKS = "rules.yml", "blocks"


@dataclass(frozen=True)
class Recorded:
    """A server, the raw samples that it holds, and when rules were evaluated last.

    Prometheus chooses the instants by the group's name and file: they are not those of the span.
    """

    server: Server
    history: History
    evaluated: int


@contextmanager
def recorded(
    history: History, groups: Sequence[RuleGroup], span: Span, step: int, folder: Path
) -> Iterator[Recorded]:
    """Serve a history with all rules evaluated every ``step`` milliseconds of a span."""
    storage = folder / "storage"
    write_openmetrics(history, folder / "history.om")
    backfill(folder / "history.om", storage)
    rules = [as_recording(rule) for group in groups for rule in group.rules]
    for number, together in enumerate(passes(rules)):
        apart = folder / f"pass-{number}"
        apart.mkdir()
        (apart / RULES).write_text(rules_text([RuleGroup("pass", step, tuple(together))]))
        with serve(storage) as url:
            evaluate(apart, url, span, step)
        for block in (apart / BLOCKS).iterdir():
            shutil.move(block, storage / block.name)
    with serve(storage) as url:
        server = Server(url)
        (last,) = server.query(f"max(timestamp({names.INFO}))", span.end)
        yield Recorded(server, history, round(last * 1000))


def as_recording(rule: Rule) -> RecordingRule:
    if isinstance(rule, RecordingRule):
        return rule
    assert isinstance(rule, AlertingRule)
    labels = {"alertname": rule.alert, "alertstate": "firing", **rule.labels}
    return RecordingRule("ALERTS", f"0 * ({rule.expr}) + 1", labels)


def passes(rules: Sequence[RecordingRule]) -> list[list[RecordingRule]]:
    """Rules in passes, each of which reads only what former ones record.

    What a rule records is known by its name and labels: a ratio over a period is read by the
    rule of its budget, and ratios over windows by alerts.
    """
    left, found = list(rules), []
    while left:
        open_names = {rule.record for rule in left}
        ready = [r for r in left if not open_names & {one.metric for one in asked_for(r.expr)}]
        assert ready, f"rules that wait for each other: {sorted(open_names)}"
        found.append(ready)
        left = [rule for rule in left if rule not in ready]
    return found


def evaluate(folder: Path, url: str, span: Span, step: int) -> None:
    # The same file's name in every pass: it decides at which instants a group is evaluated.
    command = [program("promtool"), "tsdb", "create-blocks-from", "rules", f"--url={url}"]
    command += [f"--start={span.start // 1000}", f"--end={span.end // 1000}"]
    command += [f"--eval-interval={step // 1000}s", f"--output-dir={BLOCKS}", RULES]
    (folder / BLOCKS).mkdir()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or done.stdout


def metrics_of(exprs: Sequence[str]) -> set[str]:
    """Every metric that expressions read."""
    return {one.metric for expr in exprs for one in asked_for(expr)}


def holding_only(history: History, metrics: set[str]) -> History:
    """The series of some metrics."""
    kept = [one for one in history.series if dict(one.labels)[METRIC_NAME] in metrics]
    return History(tuple(kept), history.span)
