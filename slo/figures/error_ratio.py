"""The share of bad events over a window, as an alert sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.engine.instants import instants
from slo.engine.ratio import error_ratios
from slo.figures.reduce import dates, drawn, reduced
from slo.figures.theme import BLUE, GREEN, SEVERITY_COLOURS, Figure, neutral
from slo.history.contents import required_series
from slo.model.duration import MINUTE, format_duration, parse_duration

if TYPE_CHECKING:
    from slo.model.samples import History, Points
    from slo.model.slo import Slo
    from slo.model.span import Span


@dataclass(frozen=True)
class Threshold:
    """An error ratio that matters.

    Attributes:
        name: An alert's name, or ``error budget``.
        colour: How it is drawn.
        ratio: The error ratio.

    """

    name: str
    colour: str
    ratio: float


@dataclass(frozen=True, eq=False)
class WindowedRatio:
    """Error ratios over one window.

    Attributes:
        window: Milliseconds.
        ratios: What Prometheus would say at each evaluation.
        thresholds: The error budget, and the thresholds of the alerts that use the window.

    """

    window: int
    ratios: Points
    thresholds: tuple[Threshold, ...]


def computed(
    slo: Slo,
    history: History,
    window: int,
    span: Span | None = None,
    interval: int = MINUTE,
) -> WindowedRatio:
    """Replay an objective's error ratio over a window.

    Args:
        slo: The objective.
        history: Raw samples.
        window: Milliseconds.
        span: What to look at; all of the history if not given.
        interval: Milliseconds between evaluations.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    required_series(slo, history)
    at = instants(span or history.span, interval)
    ratios = error_ratios(slo.indicator, history, (window,), at).over(window)
    thresholds = [Threshold("error budget", GREEN, float(slo.objective.error_budget))]
    for alert in slo.policy.alerts:
        if window in alert.windows:
            colour = SEVERITY_COLOURS[alert.severity]
            thresholds.append(Threshold(alert.name, colour, alert.threshold(slo.objective)))
    return WindowedRatio(window, ratios, tuple(thresholds))


def error_ratio(
    slo: Slo,
    history: History,
    window: str = "1h",
    span: Span | None = None,
    interval: int = MINUTE,
) -> Figure:
    """Draw an objective's error ratio over a window such as ``1h``, and what it is held against.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.
        ValueError: The window is not a Prometheus duration.

    """
    return figure(computed(slo, history, parse_duration(window), span, interval))


def figure(found: WindowedRatio) -> Figure:
    """Draw an error ratio with its thresholds as labelled dashed lines."""
    line = reduced(found.ratios)
    made = Figure()
    made.add_scatter(
        x=dates(line.times), y=drawn(line), name=f"over {format_duration(found.window)}",
        line={"color": BLUE, "width": 1.5}, hovertemplate="%{y:.3%}",
    )  # fmt: skip
    for threshold in found.thresholds:
        made.add_hline(
            y=threshold.ratio, line={"color": threshold.colour, "dash": "dash", "width": 1.5},
            annotation_text=f"{threshold.name} {threshold.ratio:.3%}",
            annotation_position="top left",
        )  # fmt: skip
    made.update_yaxes(tickformat=".2~%", rangemode="tozero", title="error ratio")
    return neutral(made, height=320)
