"""The rules that a Prometheus has loaded, as its API tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from slo.errors import SelectorError
from slo.promql import parsed
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slo.doctor.prometheus import Prometheus
    from slo.model.selector import Labels
    from slo.rules.rule import Rule, RuleGroup

Kind = Literal["alerting", "recording"]
Identity = tuple[Kind, str, "Labels"]
"""By what a rule is known: its kind, its name, and the labels that it sets."""


@dataclass(frozen=True)
class LoadedRule:
    """A rule and how its evaluation fares.

    Attributes:
        identity: Its kind, name and labels.
        query: Its expression, as the server prints it.
        hold: The alert's ``for``, in seconds.
        keep_firing: The alert's ``keep_firing_for``, in seconds; None where it is not told.
        group: Name of its group.
        file: Where the server read it.
        interval: Seconds between evaluations.
        health: ``ok``, ``err`` or ``unknown``.
        last_error: What the last evaluation ended in; empty if well.
        group_seconds: How long the last evaluation of its whole group took.
        evaluated: When its group was evaluated last, in Unix seconds; 0 if never.

    """

    identity: Identity
    query: str
    hold: float
    keep_firing: float | None
    group: str
    file: str
    interval: float
    health: str
    last_error: str
    group_seconds: float
    evaluated: float

    @property
    def title(self) -> str:
        """The rule for people."""
        return title_of(self.identity)


def loaded_rules(prometheus: Prometheus) -> tuple[LoadedRule, ...]:
    """Every rule that a server has loaded.

    Raises:
        HistoryError: It cannot be asked.

    """
    return tuple(_loaded(prometheus.told("rules")["groups"]))


def identity_of(rule: Rule) -> Identity:
    """By what a rule of ours is known."""
    labels = tuple(sorted(rule.labels.items()))
    if isinstance(rule, AlertingRule):
        return ("alerting", rule.alert, labels)
    return ("recording", rule.record, labels)


def title_of(identity: Identity) -> str:
    """A rule for people: its kind, its name, and the labels that tell it from its like."""
    kind, name, labels = identity
    told = ", ".join(f"{label}={value}" for label, value in labels)
    return f"{'alert' if kind == 'alerting' else 'record'} {name}" + (f" ({told})" if told else "")


def same_expression(one: str, other: str) -> bool:
    """Whether two texts are one expression: a server prints it in a way of its own."""
    if one == other:
        return True
    try:
        return bool(parsed(one).prettify() == parsed(other).prettify())
    except SelectorError:
        return False


def ours(groups: Sequence[RuleGroup], loaded: Sequence[LoadedRule]) -> list[LoadedRule]:
    """The loaded rules that are of our groups, or are our rules in other groups."""
    names = {group.name for group in groups}
    known = {identity_of(rule) for group in groups for rule in group.rules}
    return [one for one in loaded if one.group in names or one.identity in known]


def _loaded(groups: list[dict[str, Any]]) -> Iterator[LoadedRule]:
    for group in groups:
        for one in group["rules"]:
            labels = tuple(sorted((one.get("labels") or {}).items()))
            yield LoadedRule(
                identity=(one["type"], one["name"], labels),
                query=one["query"],
                hold=float(one.get("duration", 0)),
                keep_firing=one.get("keepFiringFor"),
                group=group["name"],
                file=group.get("file", ""),
                interval=float(group["interval"]),
                health=one.get("health", "unknown"),
                last_error=one.get("lastError", ""),
                group_seconds=float(group.get("evaluationTime", 0)),
                evaluated=_seconds(group.get("lastEvaluation", "")),
            )


def _seconds(moment: str) -> float:
    """Unix seconds of a moment as Go prints it; the year 1 stands for never."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return 0.0
    return max(found.timestamp(), 0.0) if found.tzinfo else 0.0
