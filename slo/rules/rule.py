"""Rules as Prometheus knows them, before they become text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model import names
from slo.model.duration import format_duration
from slo.model.selector import METRIC_NAME, Matcher, Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slo.model.slo import Slo


@dataclass(frozen=True)
class RecordingRule:
    """Stores what an expression says under a name."""

    record: str
    expr: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class AlertingRule:
    """Tells somebody while an expression has a result.

    Attributes:
        alert: The alert's name.
        expr: The condition.
        hold: Prometheus' ``for``, in milliseconds.
        keep_firing: Prometheus' ``keep_firing_for``, in milliseconds.
        labels: For routing.
        annotations: For people; templates of Prometheus.

    """

    alert: str
    expr: str
    hold: int
    keep_firing: int
    labels: Mapping[str, str]
    annotations: Mapping[str, str]


Rule = RecordingRule | AlertingRule


@dataclass(frozen=True)
class RuleGroup:
    """Rules that are evaluated one after the other, at the same instants.

    Attributes:
        name: Unique in its file.
        interval: Milliseconds between evaluations.
        rules: In the order of evaluation.

    """

    name: str
    interval: int
    rules: tuple[Rule, ...]


def identity(slo: Slo) -> dict[str, str]:
    """The labels that say whose a series is."""
    return {names.SERVICE_LABEL: slo.service, names.SLO_LABEL: slo.name}


def error_ratio_series(slo: Slo, window: int) -> Selector:
    """The recorded error ratio of an objective over a window in milliseconds."""
    labels = {**identity(slo), names.WINDOW_LABEL: format_duration(window)}
    matchers = [Matcher(METRIC_NAME, "=", names.ERROR_RATIO)]
    return Selector((*matchers, *(Matcher(name, "=", text) for name, text in labels.items())))
