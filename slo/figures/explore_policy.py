"""Sliders over an objective and its burn rates: see at once what the alerts would have done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from slo.backtest import ANY, replay
from slo.figures.episodes import bar_properties, figure, timeline
from slo.figures.theme import CONFIG
from slo.model.alert import AlertPolicy
from slo.model.duration import MINUTE, WEEK, format_duration
from slo.model.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slo.backtest import Replay
    from slo.figures.episodes import Timeline
    from slo.model.alert import Episode
    from slo.model.incident import Incident
    from slo.model.samples import History
    from slo.model.slo import Slo


@dataclass(frozen=True)
class Trial:
    """What an objective's alerts would have done.

    Attributes:
        slo: The objective that was tried.
        episodes: Of each alert in turn.
        delays: Milliseconds until each incident that was caught had been, in the order of time.
        incidents: How many there were to catch.
        false: Episodes that belong to no incident.
        weeks: Length of the evaluated stretch.

    """

    slo: Slo
    episodes: tuple[Episode, ...]
    delays: tuple[int, ...]
    incidents: int
    false: int
    weeks: float

    @property
    def summary(self) -> str:
        """The trial in a sentence."""
        median = MINUTE * round(float(np.median(self.delays)) / MINUTE) if self.delays else None
        delay = f" after {format_duration(median)} (median)" if median is not None else ""
        often = len(self.episodes) / self.weeks if self.weeks else float("nan")
        return (
            f"{self.slo.objective}: {len(self.delays)} of {self.incidents} incidents caught"
            f"{delay}, {self.false} of {len(self.episodes)} episodes false, {often:.1f} a week"
        )


def tried(past: Replay, objective: Objective, factors: Mapping[str, float]) -> Trial:
    """What the alerts would have done with another objective and other factors.

    Args:
        past: The objective, replayed over its history.
        objective: In place of the specified one.
        factors: Burn rates in place of the specified ones, by the alerts' names.

    """
    alerts = tuple(replace(a, factor=factors.get(a.name, a.factor)) for a in past.slo.policy.alerts)
    slo = past.slo.with_objective(objective).with_policy(AlertPolicy(alerts))
    result = past.backtest(slo)
    seen = (outcome.detection(ANY) for outcome in result.outcomes)
    return Trial(
        slo=slo,
        episodes=result.episodes,
        delays=tuple(detection.delay for detection in seen if detection),
        incidents=len(result.outcomes),
        false=len(result.false_episodes),
        weeks=past.span.length / WEEK,
    )


def explore_policy(
    slo: Slo,
    history: History,
    incidents: Iterable[Incident],
    *,
    interactive: bool = True,
    interval: int = MINUTE,
) -> Any:  # noqa: ANN401  a widget, or a figure where there is nobody to move it
    """Incidents and episodes, with sliders for the objective and each alert's burn rate.

    A move replays the alerts over error ratios that are computed once, when it begins.

    Args:
        slo: The objective, as a beginning.
        history: Raw samples.
        incidents: Labelled incidents.
        interactive: Whether somebody is there to move sliders; a plain figure if not, as under
            papermill.
        interval: Milliseconds between evaluations.

    Raises:
        NotEnoughData: The history holds no series of the indicator's total.

    """
    past = replay(slo, history, incidents, interval)
    if interactive:
        return _with_sliders(past)
    first = tried(past, slo.objective, {})
    return figure(_timeline(past, first)).update_layout(title=_title(first), margin={"t": 48})


def _timeline(past: Replay, trial: Trial) -> Timeline:
    return timeline(trial.slo, trial.episodes, past.incidents, past.span, past.span)


def _title(trial: Trial) -> dict[str, Any]:
    return {"text": trial.summary, "font": {"size": 13}, "x": 0, "xref": "paper"}


def _with_sliders(past: Replay) -> Any:  # noqa: ANN401  ipywidgets has no types
    import ipywidgets as widgets  # noqa: PLC0415  only where somebody moves sliders
    import plotly.graph_objects as go  # noqa: PLC0415

    first = tried(past, past.slo.objective, {})
    shown = go.FigureWidget(figure(_timeline(past, first)))
    shown.update_layout(title=_title(first), margin={"t": 48})
    # FigureWidget takes no configuration, and would offer to upload the figure.
    shown._config = shown._config | CONFIG  # noqa: SLF001
    wide = {"style": {"description_width": "9em"}, "layout": {"width": "36em"}}
    objective = widgets.SelectionSlider(
        options=_objectives(past.slo.objective), value=past.slo.objective,
        description="objective", **wide,
    )  # fmt: skip
    factors = {
        alert.name: widgets.FloatLogSlider(
            value=alert.factor,
            base=10,
            min=-1,
            max=2.5,
            step=0.02,
            readout_format=".3g",
            description=alert.name,
            **wide,
        )
        for alert in past.slo.policy.alerts
    }

    def redraw(_: object) -> None:
        trial = tried(past, objective.value, {name: s.value for name, s in factors.items()})
        with shown.batch_update():
            for trace, row in zip(shown.data, _timeline(past, trial).rows, strict=True):
                trace.update(bar_properties(row))
            shown.layout.title = _title(trial)

    for slider in (objective, *factors.values()):
        slider.observe(partial(redraw), names="value")
    return widgets.VBox([objective, *factors.values(), shown])


def _objectives(present: Objective) -> list[tuple[str, Objective]]:
    """Objectives with thrice to a fifth of the specified budget, the strictest last."""
    steps = [Decimal(n) / 10 for n in (30, 25, 20, 17, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)]
    budgets = (present.error_budget * step for step in steps)
    offered = [Objective(1 - budget) for budget in budgets if budget < 1]
    return [(str(one), one) for one in offered]
