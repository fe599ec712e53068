"""Rules of Prometheus' rule files, as what they would leave behind: named series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from slo.errors import ConfigError
from slo.model.duration import MINUTE, format_duration, parse_duration
from slo.model.selector import METRIC_NAME, Matcher, Selector, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from slo.model.selector import Labels

ALERTS = "ALERTS"
_TEMPLATE = "{{"


@dataclass(frozen=True)
class RecordedRule:
    """An expression and the name that its results are stored under.

    Attributes:
        metric: The name.
        expr: PromQL.
        labels: Set on every result.
        interval: Milliseconds between evaluations.

    """

    metric: str
    expr: str
    labels: Labels
    interval: int

    @property
    def selector(self) -> Selector:
        """What its results are found by."""
        own = {METRIC_NAME: self.metric, **dict(self.labels)}
        return Selector(tuple(Matcher(name, "=", text) for name, text in own.items()))

    def may_be(self, selector: Selector) -> bool:
        """Whether a selector may mean some of its results, as far as its own labels tell."""
        own = {METRIC_NAME: self.metric, **dict(self.labels)}
        return all(m.matches(own[m.name]) for m in selector.matchers if m.name in own)


def read_rules(paths: Iterable[Path]) -> tuple[RecordedRule, ...]:
    """The rules of some files; an alert becomes the series ``ALERTS`` of its firing state.

    Raises:
        ConfigError: A file cannot be read or is no rule file.

    """
    found: list[RecordedRule] = []
    for path in paths:
        try:
            tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            groups = tree["groups"]
            found += [_rule(one, _interval(group)) for group in groups for one in group["rules"]]
        except (OSError, YAMLError, KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"{path}: found {error!r}, expected a rule file") from None
    return tuple(found)


def _interval(group: Mapping[str, Any]) -> int:
    text = group.get("interval")
    return parse_duration(str(text)) if text else MINUTE


def _rule(one: Mapping[str, Any], interval: int) -> RecordedRule:
    labels = {name: str(text) for name, text in (one.get("labels") or {}).items()}
    if "record" in one:
        return RecordedRule(one["record"], one["expr"], labels_of(labels), interval)
    # Templates are filled in by the alert's own evaluation, which does not happen here.
    plain = {name: text for name, text in labels.items() if _TEMPLATE not in text}
    named = labels_of({**plain, "alertname": one["alert"], "alertstate": "firing"})
    held = parse_duration(str(one.get("for") or "0"))
    return RecordedRule(ALERTS, firing(one["expr"], held, interval), named, interval)


def firing(condition: str, held: int, interval: int) -> str:
    """PromQL that is 1 where a condition held at every evaluation for so long.

    Args:
        condition: PromQL; it holds where it has a result.
        held: The alert's ``for``, in milliseconds.
        interval: Milliseconds between evaluations.

    """
    holds = f"group without () ({condition})"
    if not held:
        return holds
    times = -(-held // interval) + 1
    # Half an interval more: whether a window holds its left end differs between versions.
    over = f"{format_duration(times * interval - interval // 2)}:{format_duration(interval)}"
    return f"group without () (count_over_time(({holds})[{over}]) >= {times})"
