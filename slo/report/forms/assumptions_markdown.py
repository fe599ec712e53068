"""What people configured about cost, as GitHub Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slo.report.forms.markdown import code, escaped, table
from slo.report.wording import count, dollars, more_dollars, unit_dollars

if TYPE_CHECKING:
    from slo.cost.assumptions import Assumptions
    from slo.model.cost_model import HumanCost


def assumed(found: Assumptions) -> list[str]:
    """Where it stands and who answers for it, fixed items, people's cost, contract prices."""
    model = found.model
    source = f" in {code(Path(model.file).name)}" if model.file else ""
    owner = f", for which {escaped(model.owner)} answers" if model.owner else ""
    lines = [f"From the CostModel {code(model.name)}{source}{owner}."]
    if found.fixed:
        items = [
            (item.name, str(item.valid), dollars(item.dollars), dollars(spent))
            for item, spent in found.fixed
        ]
        lines += ["", *table(("Fixed item", "Days", "A month", "This week"), items, texts=2)]
    if human := _human(model.human_ticket):
        lines += ["", escaped(f"A ticket that a person handles: {human}.")]
    if found.prices:
        rows = [
            (
                f"{one.price.provider} {one.price.model} {one.price.token_type}",
                str(one.price.valid),
                unit_dollars(one.price.dollars),
                count(one.tokens),
                dollars(one.dollars),
                dollars(one.counted),
                more_dollars(one.difference),
            )
            for one in found.prices
        ]
        head = (
            *("Contract price of tokens", "Days", "A million", "Used this week", "Counted"),
            *("At list price", "Difference"),
        )
        lines += ["", *table(head, rows, texts=2)]
    return lines


def _human(cost: HumanCost) -> str:
    """What a ticket costs that a person handles: ``$5.00, billing $8.00``."""
    amounts = [] if cost.dollars is None else [unit_dollars(cost.dollars)]
    amounts += [f"{category} {unit_dollars(each)}" for category, each in cost.by_category]
    return ", ".join(amounts)
