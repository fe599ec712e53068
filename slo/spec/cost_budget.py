"""``kind: CostBudget`` to the model's nouns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slo.model.duration import DAY, SECOND, format_duration
from slo.model.service_alert import CostBudget, ServiceAlert
from slo.model.threshold_alert import cost_burn_alert
from slo.spec import own_wire, scalars
from slo.spec.alerting import severity_of
from slo.spec.faults import Faults
from slo.spec.openslo import check_service, one_line
from slo.spec.period import period_of
from slo.spec.place import shown
from slo.spec.query import counters_in

if TYPE_CHECKING:
    from slo.model.threshold_alert import ThresholdAlert
    from slo.spec.objects import Objects
    from slo.spec.place import Place


def cost_budget_of(written: own_wire.CostBudgetObject, root: Place, objects: Objects) -> CostBudget:
    """A budget of money and the alerts on how fast it burns.

    Raises:
        SpecError: With everything that does not fit.

    """
    spec, place, faults = written.spec, root / "spec", Faults()
    faults.attempt(check_service, spec.service, place / "service", objects)
    cost = faults.attempt(counters_in, spec.cost, place / "cost")
    dollars = faults.attempt(scalars.positive, spec.usd, place / "usd")
    period = faults.attempt(period_of, spec.time_window, place / "timeWindow")
    if cost is None or dollars is None or period is None:
        raise faults.error
    budget = CostBudget(
        name=written.metadata.name,
        service=spec.service,
        cost=cost,
        dollars=float(dollars),
        period=period,
        alerts=(),
        display_name=written.metadata.display_name or "",
        file=root.file,
    )
    alerts = [
        faults.attempt(_service_alert, budget, spec, one, place / "alerts" / index)
        for index, one in enumerate(spec.alerts)
    ]
    faults.raise_if_any()
    return replace(budget, alerts=tuple(alert for alert in alerts if alert is not None))


def _service_alert(
    budget: CostBudget, spec: own_wire.CostBudgetSpec, one: own_wire.CostBurnAlert, place: Place
) -> ServiceAlert:
    alert = _burn_alert(budget, one, place)
    title = budget.title
    factor = alert.threshold * budget.period.length / SECOND / budget.dollars
    days = budget.period.length / factor / DAY
    return ServiceAlert(
        service=budget.service,
        alert=alert,
        signal=budget.name,
        unit="usd per second",
        display_name=f"{title}, {one.name}",
        summary=f"{title}: spent {_how_fast(factor)} the budget allows",
        description=(
            f"At that rate the {budget.dollars:,.0f} USD of {budget.period} last {days:.3g} days. "
            f"{one_line(spec.description)}"
        ).strip(),
        action=one_line(spec.action),
        owner=spec.owner or "",
        runbook=spec.runbook or "",
        dashboard=spec.dashboard or "",
        file=budget.file,
    )


def _how_fast(factor: float) -> str:
    return "faster than" if factor == 1 else f"more than {factor:.4g} times as fast as"


def _burn_alert(budget: CostBudget, one: own_wire.CostBurnAlert, place: Place) -> ThresholdAlert:
    faults = Faults()
    faults.attempt(scalars.name, one.name, place / "name")
    severity = faults.attempt(severity_of, one.severity, place / "severity")
    factor = faults.attempt(scalars.positive, one.burn_rate, place / "burnRate")
    long = faults.attempt(scalars.duration, one.window, place / "window")
    second = one.short_window or one.window
    short = faults.attempt(scalars.duration, second, place / "shortWindow")
    hold = faults.attempt(scalars.duration_or_zero, one.hold or "0m", place / "for")
    keep = one.keep_firing_for or "0m"
    keep_firing = faults.attempt(scalars.duration_or_zero, keep, place / "keepFiringFor")
    faults.raise_if_any()
    if not (severity and factor and long and short) or hold is None or keep_firing is None:
        raise faults.error
    if short > long:
        expected = f"a duration up to the window of {format_duration(long)}"
        raise (place / "shortWindow").refusal(shown(one.short_window), expected)
    return cost_burn_alert(
        f"{budget.name}-{one.name}",
        budget.cost,
        budget=budget.dollars,
        period=budget.period,
        factor=float(factor),
        long=long,
        short=short,
        severity=severity,
        hold=hold,
        keep_firing=keep_firing,
    )
