"""Files and folders of specifications, read as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.card import Card, Shown, listing
from slo.counting import counted
from slo.errors import Fault, SpecError
from slo.model.slo import Service, Slo
from slo.spec import wire
from slo.spec.cost_budget import cost_budget_of
from slo.spec.cost_model import cost_models_of
from slo.spec.document import parse_documents, read_documents
from slo.spec.each import each_of
from slo.spec.error_budget_policy import error_budget_policy_of
from slo.spec.faults import Faults
from slo.spec.objects import Objects
from slo.spec.openslo import service_of, slo_of
from slo.spec.own_wire import CostBudgetObject, ErrorBudgetPolicyObject, ThresholdAlertObject
from slo.spec.policy import alert_of_object
from slo.spec.threshold import service_alert_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from slo.model.cost_model import CostModel
    from slo.model.error_budget_policy import ErrorBudgetPolicy
    from slo.model.service_alert import CostBudget, ServiceAlert
    from slo.spec.document import Document

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Specs(Shown):
    """What services promise.

    Attributes:
        services: In the order of the files.
        slos: In the order of the files.
        cost_budgets: In the order of the files.
        alerts: On thresholds, those of cost budgets last.
        cost_models: At most one a service, in the order of the files.
        error_budget_policies: At most one for each service with an objective.

    """

    services: tuple[Service, ...]
    slos: tuple[Slo, ...]
    cost_budgets: tuple[CostBudget, ...] = ()
    alerts: tuple[ServiceAlert, ...] = ()
    cost_models: tuple[CostModel, ...] = ()
    error_budget_policies: tuple[ErrorBudgetPolicy, ...] = ()

    @property
    def counts(self) -> str:
        """How much there is of what: ``1 service, 13 objectives, ...``."""
        known = {one.service for one in self.slos} | {one.service for one in self.alerts}
        return (
            f"{counted(len(known), 'service')}, {counted(len(self.slos), 'objective')}, "
            f"{counted(len(self.alerts), 'alert')} on thresholds, "
            f"{counted(len(self.cost_budgets), 'budget')} of money"
        )

    @property
    def card(self) -> Card:
        """Objectives, alerts on thresholds and budgets of money."""
        several = ((self.slos, "Objectives"), (self.alerts, "Alerts"), (self.cost_budgets, "Cost"))
        tables = tuple(listing(of, caption) for of, caption in several if of)
        return Card("Specifications", f"{self.counts}.", tables)


def read_specs(paths: Sequence[Path], instead: Mapping[str, str] | None = None) -> Specs:
    """Read OpenSLO v1 and slobook/v1 from YAML files, and from folders at any depth.

    Args:
        paths: Files and folders.
        instead: Texts to be read in place of what files hold, by the files' names.

    Objects may refer to each other across files. Where no Service is declared at all, services
    are what the objectives call them; where one is, every one that is used must be.

    Raises:
        SpecError: With every fault of every file.

    """
    faults = Faults()
    documents: list[Document] = []
    for path in dict.fromkeys(_files(paths, faults)):
        file = str(path)
        if instead and file in instead:
            documents.extend(faults.attempt(parse_documents, instead[file], file) or ())
        else:
            documents.extend(faults.attempt(read_documents, path) or ())
    return specs_of(documents, faults)


def specs_of(documents: Sequence[Document], faults: Faults) -> Specs:
    """The specifications in some documents.

    Args:
        documents: What was read.
        faults: What was found wrong before; more is added.

    Raises:
        SpecError: With every fault, those found before among them.

    """
    each = [one for document in documents for one in faults.attempt(each_of, document) or ()]
    objects = Objects(each, faults)
    services = [service_of(service) for service, _ in objects.each(wire.ServiceObject)]
    # Policies are shared, and may be used by nobody yet: their own faults are found here.
    for policy, root in objects.each(wire.AlertPolicyObject):
        faults.attempt(alert_of_object, policy, root, objects)
    found = [
        faults.attempt(slo_of, slo, root, objects) for slo, root in objects.each(wire.SloObject)
    ]
    budgets = [
        faults.attempt(cost_budget_of, budget, root, objects)
        for budget, root in objects.each(CostBudgetObject)
    ]
    alerts = [
        faults.attempt(service_alert_of, alert, root, objects)
        for alert, root in objects.each(ThresholdAlertObject)
    ]
    models = cost_models_of(objects, faults)
    policies = [
        faults.attempt(error_budget_policy_of, policy, root, objects)
        for policy, root in objects.each(ErrorBudgetPolicyObject)
    ]
    faults.raise_if_any()
    slos = tuple(slo for slo in found if slo is not None)
    kept = tuple(budget for budget in budgets if budget is not None)
    of_budgets = (alert for budget in kept for alert in budget.alerts)
    told = (*(alert for alert in alerts if alert is not None), *of_budgets)
    _check_names(told, faults)
    agreed = tuple(policy for policy in policies if policy is not None)
    _check_policies(agreed, slos, faults)
    declared = {service.name for service in services}
    named = [*(slo.service for slo in slos), *(alert.service for alert in told)]
    implied = [name for name in dict.fromkeys(named) if name not in declared]
    return Specs(
        (*services, *(Service(name) for name in implied)), slos, kept, told, models, agreed
    )


def _check_names(alerts: Sequence[ServiceAlert], faults: Faults) -> None:
    """An alert of a cost budget may be named like one on a threshold."""
    seen: dict[tuple[str, str], ServiceAlert] = {}
    for alert in alerts:
        other = seen.setdefault((alert.service, alert.name), alert)
        if other is not alert:
            found = f"a second alert {alert.name!r} of {alert.service}"
            expected = f"a name of its own; the first stands in {other.file}"
            faults.note([Fault(alert.file, 0, "", found, expected)])
    faults.raise_if_any()


def _check_policies(
    policies: Sequence[ErrorBudgetPolicy], slos: Sequence[Slo], faults: Faults
) -> None:
    """What is done about a service's error budgets is said once, and said of some."""
    seen: dict[str, ErrorBudgetPolicy] = {}
    promised = sorted({one.service for one in slos})
    for policy in policies:
        other = seen.setdefault(policy.service, policy)
        if other is not policy:
            found = f"a second ErrorBudgetPolicy for {policy.service}"
            expected = f"one for each service; {other.name} stands in {other.file}"
            faults.note([Fault(policy.file, 0, "", found, expected)])
        elif policy.service not in promised:
            found = f"an ErrorBudgetPolicy for {policy.service}, which has no objective"
            expected = f"a service with objectives: {', '.join(promised) or 'there is none'}"
            faults.note([Fault(policy.file, 0, "", found, expected)])
    faults.raise_if_any()


def _files(paths: Sequence[Path], faults: Faults) -> list[Path]:
    return [file for path in paths for file in faults.attempt(_at, path) or ()]


def _at(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    if not found:
        raise SpecError([Fault(str(path), 0, "", "no file", "YAML files (*.yaml or *.yml)")])
    return found
