"""``kind: CostModel`` to the model's nouns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from slo.model.cost_model import (
    CategoryBudget,
    ContractPrice,
    CostModel,
    FixedCost,
    HumanCost,
    Validity,
)
from slo.model.duration import DAY
from slo.model.objective import CalendarPeriod
from slo.spec import own_wire, scalars
from slo.spec.faults import Faults
from slo.spec.openslo import check_service, one_line
from slo.spec.period import period_of
from slo.spec.place import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from slo.model.objective import Period
    from slo.spec.objects import Objects
    from slo.spec.place import Place

W = TypeVar("W")
M = TypeVar("M")

CALENDAR_MONTH = CalendarPeriod(1, "M", datetime(2026, 1, 1, tzinfo=UTC))
"""The period of a category's budget that names none."""


def cost_models_of(objects: Objects, faults: Faults) -> tuple[CostModel, ...]:
    """The cost model of each service that has one; what is wrong is noted."""
    first: dict[str, Place] = {}
    made = []
    for written, root in objects.each(own_wire.CostModelObject):
        place = root / "spec" / "service"
        other = first.setdefault(written.spec.service, place)
        if other is not place:
            found = f"a second CostModel of {written.spec.service!r}"
            expected = f"one a service; the first stands at {other.file}:{other.line}"
            faults.note([place.fault(found, expected)])
        made.append(faults.attempt(cost_model_of, written, root, objects))
    return tuple(one for one in made if one is not None)


def cost_model_of(written: own_wire.CostModelObject, root: Place, objects: Objects) -> CostModel:
    """What somebody configured about a service's cost.

    Raises:
        SpecError: With everything that does not fit.

    """
    spec, place, faults = written.spec, root / "spec", Faults()
    faults.attempt(_check_service, spec.service, place / "service", objects)
    if not any((spec.fixed, spec.categories, spec.human_ticket, spec.prices)):
        expected = "at least one of fixed, categories, humanTicket and prices"
        faults.note([place.fault("none of them", expected)])
    made = CostModel(
        name=written.metadata.name,
        service=spec.service,
        fixed=_all(_fixed_cost, spec.fixed or [], place / "fixed", faults),
        categories=_all(_category_budget, spec.categories or [], place / "categories", faults),
        human_ticket=_human_cost(spec.human_ticket, place / "humanTicket", faults),
        prices=_all(_contract_price, spec.prices or [], place / "prices", faults),
        display_name=written.metadata.display_name or "",
        owner=spec.owner or "",
        file=root.file,
    )
    faults.raise_if_any()
    _check_once(made, place)
    return made


def _check_service(name: str, place: Place, objects: Objects) -> None:
    check_service(name, place, objects)
    budgets = {one.spec.service for one, _ in objects.each(own_wire.CostBudgetObject)}
    if name not in budgets:
        expected = "a service with a CostBudget, whose counters the model adds to"
        raise place.refusal(f"{name!r}, which has none", expected)


def _all(
    one_of: Callable[[W, Place], M], written: Sequence[W], place: Place, faults: Faults
) -> tuple[M, ...]:
    made = [faults.attempt(one_of, one, place / index) for index, one in enumerate(written)]
    return tuple(one for one in made if one is not None)


def _fixed_cost(one: own_wire.FixedCost, place: Place) -> FixedCost:
    faults = Faults()
    name = faults.attempt(scalars.label, one.name, place / "name")
    dollars = faults.attempt(scalars.positive, one.usd_per_month, place / "usdPerMonth")
    valid = faults.attempt(_validity, one.since, one.until, place)
    if name is None or dollars is None or valid is None:
        raise faults.error
    return FixedCost(name, float(dollars), valid, one_line(one.description))


def _category_budget(one: own_wire.CategoryBudget, place: Place) -> CategoryBudget:
    faults = Faults()
    category = faults.attempt(scalars.label, one.category, place / "category")
    dollars = faults.attempt(scalars.positive, one.usd, place / "usd")
    period: Period | None = CALENDAR_MONTH
    if one.time_window is not None:
        period = faults.attempt(period_of, one.time_window, place / "timeWindow")
    if category is None or dollars is None or period is None:
        raise faults.error
    return CategoryBudget(category, float(dollars), period)


def _human_cost(one: own_wire.HumanTicket | None, place: Place, faults: Faults) -> HumanCost:
    if one is None:
        return HumanCost()
    if one.usd is None and not one.categories:
        faults.note([place.fault("neither", "usd, categories or both")])
    dollars = None
    if one.usd is not None:
        dollars = faults.attempt(scalars.positive, one.usd, place / "usd")
    named = place / "categories"
    costs = {
        category: faults.attempt(scalars.positive, usd, named / category)
        for category, usd in sorted((one.categories or {}).items())
    }
    return HumanCost(
        None if dollars is None else float(dollars),
        tuple((category, float(usd)) for category, usd in costs.items() if usd is not None),
    )


def _contract_price(one: own_wire.ContractPrice, place: Place) -> ContractPrice:
    faults = Faults()
    provider = faults.attempt(scalars.label, one.provider, place / "provider")
    model = faults.attempt(scalars.label, one.model, place / "model")
    token_type = faults.attempt(scalars.label, one.token_type, place / "tokenType")
    dollars = faults.attempt(scalars.not_negative, one.usd_per_million, place / "usdPerMillion")
    valid = faults.attempt(_validity, one.since, one.until, place)
    faults.raise_if_any()
    if not (provider and model and token_type and valid) or dollars is None:
        raise faults.error
    return ContractPrice(provider, model, token_type, float(dollars), valid)


def _validity(since: str | None, until: str | None, place: Place) -> Validity:
    """Days from one to another, both of them included."""
    faults = Faults()
    start = faults.attempt(scalars.day, since, place / "from") if since is not None else None
    last = faults.attempt(scalars.day, until, place / "until") if until is not None else None
    faults.raise_if_any()
    if start is not None and last is not None and last < start:
        raise (place / "until").refusal(shown(until), f"the last day, {since} or later")
    return Validity(start, None if last is None else last + DAY)


def _check_once(made: CostModel, place: Place) -> None:
    """Nothing is said twice of one day.

    Raises:
        SpecError: Something is.

    """
    faults = Faults()
    fixed = [(one.name, one.valid) for one in made.fixed]
    faults.attempt(_check_apart, fixed, place / "fixed", "name")
    categories = [(one.category, Validity()) for one in made.categories]
    faults.attempt(_check_apart, categories, place / "categories", "category")
    prices = [(one.item, one.valid) for one in made.prices]
    faults.attempt(_check_apart, prices, place / "prices", "model")
    faults.raise_if_any()


def _check_apart(found: Sequence[tuple[Hashable, Validity]], place: Place, field: str) -> None:
    faults = Faults()
    for index, (name, valid) in enumerate(found):
        for earlier, (other, days) in enumerate(found[:index]):
            if other == name and days.overlaps(valid):
                shown_name = " ".join(name) if isinstance(name, tuple) else name
                where = place / index / field
                line = (place / earlier / field).line
                expected = f"one for each day; the first stands at {place.file}:{line}"
                faults.note([where.fault(f"a second {shown_name!r}", expected)])
                break
    faults.raise_if_any()
