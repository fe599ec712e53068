"""``kind: ErrorBudgetPolicy`` to the model's nouns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slo.model.error_budget_policy import UNTIL, ErrorBudgetPolicy, PolicyStep, default_policy
from slo.spec import scalars
from slo.spec.faults import Faults
from slo.spec.openslo import check_service, one_line
from slo.spec.place import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from slo.spec.objects import Objects
    from slo.spec.own_wire import ErrorBudgetPolicyObject
    from slo.spec.own_wire import PolicyStep as WrittenStep
    from slo.spec.place import Place

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


def error_budget_policy_of(
    written: ErrorBudgetPolicyObject, root: Place, objects: Objects
) -> ErrorBudgetPolicy:
    """What is to be done about an error budget.

    ``kept`` may be left out, and so may ``incident``: then it has no consequence.

    Raises:
        SpecError: With everything that does not fit.

    """
    spec, place, faults = written.spec, root / "spec", Faults()
    faults.attempt(check_service, spec.service, place / "service", objects)
    kept = default_policy(spec.service).kept
    if spec.kept is not None:
        kept = faults.attempt(_action, spec.kept, place / "kept") or ""
    spent = faults.attempt(_action, spec.spent, place / "spent", (UNTIL,))
    steps = faults.attempt(_steps, spec.steps or [], place / "steps")
    above, consequence = None, ""
    if spec.incident is not None:
        here = place / "incident"
        above = faults.attempt(_share, spec.incident.budget_spent_above, here / "budgetSpentAbove")
        consequence = faults.attempt(_action, spec.incident.action, here / "action") or ""
    faults.raise_if_any()
    if spent is None or steps is None:
        raise faults.error
    return ErrorBudgetPolicy(
        service=spec.service,
        kept=kept,
        steps=steps,
        spent=spent,
        incident_above=above,
        incident=consequence,
        name=written.metadata.name,
        file=root.file,
    )


def _steps(written: Sequence[WrittenStep], place: Place) -> tuple[PolicyStep, ...]:
    faults, steps = Faults(), {}
    for index, one in enumerate(written):
        here = place / index
        below = faults.attempt(_share, one.budget_left_below, here / "budgetLeftBelow")
        action = faults.attempt(_action, one.action, here / "action")
        if below is None or action is None:
            continue
        if below in steps:
            again = (here / "budgetLeftBelow").fault(
                f"a second step below {below}", "each share of the budget once"
            )
            faults.note([again])
        steps[below] = PolicyStep(below, action)
    faults.raise_if_any()
    return tuple(steps[below] for below in sorted(steps))


def _share(text: str, place: Place) -> Decimal:
    share = scalars.positive(text, place)
    if share >= 1:
        raise place.refusal(shown(text), "a share of the budget below 1, such as 0.25")
    return share


def _action(text: str, place: Place, placeholders: tuple[str, ...] = ()) -> str:
    action = one_line(text)
    if not action:
        raise place.refusal("nothing", "what is to be done, in a sentence")
    unknown = [one for one in _PLACEHOLDER.findall(action) if one not in placeholders]
    if unknown:
        raise place.refusal(unknown[0], f"text; {UNTIL} is known in spec.spent only")
    return action
