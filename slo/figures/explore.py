"""Sliders over an objective and its burn rates: see at once what the alerts would have done."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from slo.backtest import ANY, backtest
from slo.figures.episodes import episodes as timeline
from slo.model.alert import AlertPolicy
from slo.model.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slo.backtest import Backtest
    from slo.model.incident import Incident
    from slo.model.objective import Slo
    from slo.model.samples import History


def scaled(slo: Slo, percent: float, factor: float) -> Slo:
    """The objective at another percentage, every alert's burn rate multiplied by a factor."""
    objective = Objective(Decimal(str(percent)) / 100)
    alerts = tuple(replace(a, factor=a.factor * factor) for a in slo.policy.alerts)
    return slo.with_objective(objective).with_policy(AlertPolicy(alerts))


def summary(result: Backtest) -> str:
    """What the alerts would have done, in a sentence."""
    together = result.score(ANY)
    return (
        f"{result.slo.objective}: {together.detected} of {together.incidents} incidents caught, "
        f"{len(result.false_episodes)} false episodes, {together.episodes_a_week:.1f} a week"
    )


def explore_policy(
    slo: Slo, history: History, incidents: Iterable[Incident], *, interactive: bool = True
) -> Any:  # noqa: ANN401  a widget, or a figure where there is nobody to move it
    """The alerts' timeline, with sliders for the objective and the burn rates.

    Without ``interactive`` (under papermill) the figure alone.
    """
    labelled = tuple(incidents)
    first = backtest(slo, history, labelled)
    made = timeline(first).update_layout(title=summary(first))
    return _with_sliders(slo, history, labelled, made) if interactive else made


def _with_sliders(slo: Slo, history: History, incidents: tuple[Incident, ...], made: Any) -> Any:  # noqa: ANN401
    import ipywidgets as widgets  # noqa: PLC0415  only where somebody moves sliders
    import plotly.graph_objects as go  # noqa: PLC0415

    shown = go.FigureWidget(made)
    percent = float(slo.objective.ratio * 100)
    step = (100 - percent) / 20
    objective = widgets.FloatSlider(
        value=percent, min=percent - 10 * step, max=percent + 10 * step, step=step,
        readout_format=".4g", description="objective %", continuous_update=False,
    )  # fmt: skip
    factor = widgets.FloatLogSlider(
        value=1, base=10, min=-1, max=1, step=0.05, description="burn rate x",
        continuous_update=False,
    )  # fmt: skip

    def redraw(_: object) -> None:
        result = backtest(scaled(slo, objective.value, factor.value), history, incidents)
        fresh = timeline(result)
        with shown.batch_update():
            for old, new in zip(shown.data, fresh.data, strict=True):
                old.update(base=new.base, x=new.x, y=new.y, text=new.text, marker=new.marker)
            shown.layout.title = summary(result)

    objective.observe(redraw, names="value")
    factor.observe(redraw, names="value")
    return widgets.VBox([widgets.HBox([objective, factor]), shown])
