"""OpenSLO v1 objects to the model's nouns: the one mapper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model import names
from slo.model.objective import Objective
from slo.model.slo import Service, Slo
from slo.spec import scalars, wire
from slo.spec.faults import Faults
from slo.spec.indicator import Promise, indicator_of
from slo.spec.period import period_of
from slo.spec.place import shown
from slo.spec.policy import alerts_of, checked_policy, default_policy

if TYPE_CHECKING:
    from slo.model.indicator import Indicator
    from slo.spec.objects import Objects
    from slo.spec.place import Place


def service_of(service: wire.ServiceObject) -> Service:
    """A service as it is written."""
    return Service(
        service.metadata.name,
        service.metadata.display_name or "",
        one_line(service.spec.description),
    )


def slo_of(slo: wire.SloObject, root: Place, objects: Objects) -> Slo:
    """An objective with its indicator, period and alerts.

    An objective without ``alertPolicies`` gets the workbook's.

    Raises:
        SpecError: With everything that does not fit.

    """
    spec, place, faults = slo.spec, root / "spec", Faults()
    faults.attempt(check_service, spec.service, place / "service", objects)
    period = faults.attempt(period_of, spec.time_window, place / "timeWindow")
    promise = faults.attempt(_only_objective, spec, place)
    objective = faults.attempt(objective_of, promise.objective, promise.place) if promise else None
    indicator = faults.attempt(_indicator, spec, place, promise, objects) if promise else None
    guards = place / "alertPolicies"
    alerts = faults.attempt(alerts_of, spec.alert_policies or [], guards, objects)
    faults.raise_if_any()
    if period is None or objective is None or indicator is None or alerts is None:
        raise faults.error
    policy = default_policy(objective, period, indicator)
    if spec.alert_policies is not None:
        policy = checked_policy(slo.metadata.name, alerts, objective, indicator, guards)
    annotations = slo.metadata.annotations or {}
    return Slo(
        name=slo.metadata.name,
        service=spec.service,
        indicator=indicator,
        objective=objective,
        period=period,
        policy=policy,
        display_name=slo.metadata.display_name or "",
        description=one_line(spec.description),
        owner=annotations.get(names.OWNER, ""),
        runbook=annotations.get(names.RUNBOOK, ""),
        dashboard=annotations.get(names.DASHBOARD, ""),
        evidence=annotations.get(names.EVIDENCE, ""),
        file=root.file,
    )


def objective_of(objective: wire.Objective, place: Place) -> Objective:
    """The promised share, digit by digit.

    Raises:
        SpecError: There is not exactly one of target and targetPercent, or it is out of range.

    """
    if (objective.target is None) == (objective.target_percent is None):
        found = "neither" if objective.target is None else "both"
        raise place.refusal(found, "one of target (such as 0.999) and targetPercent (99.9)")
    if objective.target is not None:
        text, where = objective.target, place / "target"
        ratio = scalars.number(text, where)
        if 1 < ratio < 100:  # noqa: PLR2004  percent
            meant = scalars.number(text, where) / 100
            expected = f"a share below 1: write target: {meant:f} or targetPercent: {text}"
            raise where.refusal(text, expected)
    else:
        text, where = objective.target_percent or "", place / "targetPercent"
        percent = scalars.number(text, where)
        ratio = percent / 100
        if 0 < percent < 1:
            expected = f"a percentage: write target: {text} or targetPercent: {percent * 100:f}"
            raise where.refusal(text, expected)
    if not 0 < ratio < 1:
        highest = "1" if objective.target is not None else "100"
        expected = f"more than 0 and less than {highest}: an error budget must be left"
        raise where.refusal(shown(text), expected)
    return Objective(ratio)


def check_service(name: str, place: Place, objects: Objects) -> None:
    """Where no service is declared at all, they are what objectives call them.

    Raises:
        SpecError: Services are declared, and this is none of them.

    """
    if objects.has_any(wire.ServiceObject):
        objects.find(wire.ServiceObject, name, place)
    else:
        scalars.name(name, place)


def _only_objective(spec: wire.SloSpec, place: Place) -> Promise:
    if len(spec.objectives) != 1:
        expected = "exactly one; write an SLO of its own for each further one"
        raise (place / "objectives").refusal(f"{len(spec.objectives)} objectives", expected)
    objective, here = spec.objectives[0], place / "objectives" / 0
    composite = {
        "indicator": objective.indicator,
        "indicatorRef": objective.indicator_ref,
        "compositeWeight": objective.composite_weight,
    }
    for field, value in composite.items():
        if value is not None:
            expected = "the indicator beside the objectives: composites are not supported"
            raise (here / field).refusal(f"{field} within an objective", expected)
    return Promise(spec.budgeting_method, place / "budgetingMethod", objective, here)


def _indicator(spec: wire.SloSpec, place: Place, promise: Promise, objects: Objects) -> Indicator:
    if (spec.indicator is None) == (spec.indicator_ref is None):
        found = "neither" if spec.indicator is None else "both"
        raise place.refusal(found, "one of indicator and indicatorRef")
    if spec.indicator is not None:
        return indicator_of(spec.indicator.spec, place / "indicator" / "spec", promise)
    where = place / "indicatorRef"
    sli, root = objects.find(wire.SliObject, spec.indicator_ref or "", where)
    return indicator_of(sli.spec, root / "spec", promise)


def one_line(text: str | None) -> str:
    """YAML's folded blocks end in a line break that nobody means."""
    return " ".join((text or "").split())
