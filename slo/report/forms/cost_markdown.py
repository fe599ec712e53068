"""The whole cost report as GitHub Markdown; figures are the page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.report import wording
from slo.report.cost.wording import month_name, what_happened
from slo.report.forms.assumptions_markdown import assumed
from slo.report.forms.heading import beginning, provenance, section
from slo.report.forms.markdown import escaped, table
from slo.report.wording import count, dollars, more_dollars, percent, unit_dollars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.cost.allocation import Allocation
    from slo.cost.budgets import CostBudgetStatus
    from slo.report.cost.weekly_cost import WeeklyCost
    from slo.report.forms.digest import Digest


def cost_markdown(report: WeeklyCost, digest: Digest) -> str:
    """A week's cost: what to do, budgets, why it changed, where it went, what it was worth."""
    lines = beginning(digest, report.verdict)
    lines += section("What to do, what brings most first", *_suggestions(report))
    lines += section("Budgets and the month", *_budgets(report))
    lines += section("Why it changed", *_change(report))
    lines += section("Days out of the ordinary", *_anomalies(report))
    for cut in report.allocations:
        lines += section(f"Cost by {cut.by}", *_allocation(report, cut))
    lines += section("What it is worth", *_worth(report))
    if report.models:
        lines += section("Models at equal work", *_models(report))
    lines += section("Data quality", *_quality(report))
    if report.assumptions.configured:
        lines += section(
            f"What people configured: {escaped(report.assumptions.model.title)}",
            *assumed(report.assumptions),
        )
    return "\n".join([*lines, *_provenance(report)]) + "\n"


def _suggestions(report: WeeklyCost) -> list[str]:
    if not report.suggestions:
        return ["Nothing stands out."]
    head = ("Suggestion", "Evidence", "Effort", "Risk to objectives", "Saves a month")
    rows = [
        (
            one.title,
            one.evidence,
            one.effort,
            one.risk,
            dollars(one.dollars_a_month) if one.dollars_a_month else wording.NONE,
        )
        for one in report.suggestions
    ]
    return table(head, rows, texts=4)


def _budgets(report: WeeklyCost) -> list[str]:
    lines = _budget_table("Budget", report.budgets)
    if report.categories:
        lines += ["", *_budget_table("Category of tickets", report.categories), ""]
        lines.append("Budgets of categories are for a part of what the others are for.")
    return [*lines, "", escaped(_month(report))]


def _budget_table(what: str, budgets: Sequence[CostBudgetStatus]) -> list[str]:
    head = (what, "State", "Allowed", "Spent", "Left", "Left of it", "This week", "Pace")
    rows = [
        (
            one.budget.title,
            one.standing,
            dollars(one.budget.dollars),
            dollars(one.spent),
            dollars(one.left),
            percent(one.remaining),
            dollars(one.in_week),
            f"{one.pace:.2f}x",
        )
        for one in budgets
    ]
    return table(head, rows, texts=2)


def _month(report: WeeklyCost) -> str:
    ahead = report.forecast
    spent = f"{dollars(ahead.spent)} were counted in {month_name(report)} by the end of the week"
    if not ahead.known:
        return f"{spent}. There are too few whole days to forecast the month."
    fixed = report.assumptions.model.fixed
    allow = f"The budgets and fixed items of {dollars(ahead.fixed)}" if fixed else "The budgets"
    estimated = (
        f" Days of the month without a whole record, which are estimated: {ahead.missing}."
        if ahead.missing
        else ""
    )
    return (
        f"{spent}; {dollars(ahead.expected)} are expected at its end, in nine of ten cases between "
        f"{dollars(ahead.low)} and {dollars(ahead.high)}. {allow} allow "
        f"{dollars(report.month_budget)} in a month of that length.{estimated}"
    )


def _change(report: WeeklyCost) -> list[str]:
    moved = report.change
    if moved is None:
        return [
            "This week or the one before is not covered well enough to be compared: "
            f"{percent(report.coverage)} and {percent(report.last_coverage)}."
        ]
    parts = [(part.name, more_dollars(part.dollars)) for part in moved.parts]
    lines = table(("Part", "Change on the week before"), parts)
    if report.movers:
        rows = [
            (line.name, dollars(line.dollars), dollars(line.before), more_dollars(line.change))
            for line in report.movers
        ]
        head = ("What moved most", "This week", "Week before", "Change")
        lines += ["", *table(head, rows)]
    return lines


def _anomalies(report: WeeklyCost) -> list[str]:
    if not report.anomalies.found:
        return ["None."] if report.anomalies.judged else ["No day can be compared yet."]
    rows = [
        (wording.day(one.day), what_happened(one), dollars(one.change.after))
        for one in report.anomalies.found
    ]
    return table(("Day", "What happened", "Cost"), rows, texts=2)


def _allocation(report: WeeklyCost, cut: Allocation) -> list[str]:
    rows = [
        (
            line.name,
            dollars(line.dollars),
            percent(line.dollars / cut.dollars) if cut.dollars else wording.NONE,
            more_dollars(line.change) if report.change else wording.NONE,
        )
        for line in cut.lines
    ]
    return table((cut.by.capitalize(), "This week", "Share", "Change"), rows)


def _worth(report: WeeklyCost) -> list[str]:
    this, last = report.this, report.last
    rows = [
        ("Tickets finished", count(this.tickets), count(last.tickets)),
        ("of them resolved by AI", count(this.resolved), count(last.resolved)),
        ("Cost per ticket", unit_dollars(this.per_ticket), unit_dollars(last.per_ticket)),
        (
            "of it language models",
            unit_dollars(this.llm_per_ticket),
            unit_dollars(last.llm_per_ticket),
        ),
        (
            "Cost per ticket resolved by AI",
            unit_dollars(this.per_resolved),
            unit_dollars(last.per_resolved),
        ),
        (
            "A person's cost per ticket, on average",
            unit_dollars(this.per_human_ticket),
            unit_dollars(last.per_human_ticket),
        ),
        ("People's cost avoided", dollars(this.avoided), dollars(last.avoided)),
        ("Net savings", dollars(this.net), dollars(last.net)),
    ]
    return table(("Number", "This week", "Week before"), rows)


def _models(report: WeeklyCost) -> list[str]:
    head = ("Model", "Provider", "Cost", "Calls", "Cost per call", "All work by this model")
    rows = [
        (
            one.model,
            one.provider,
            dollars(one.dollars),
            count(one.calls),
            unit_dollars(one.per_call),
            dollars(one.all_work),
        )
        for one in report.models
    ]
    return table(head, rows, texts=2)


def _quality(report: WeeklyCost) -> list[str]:
    checked = report.reconciliation
    counted, computed = dollars(checked.counted), dollars(checked.computed)
    agree = "they agree" if checked.agrees else f"they differ by {more_dollars(checked.difference)}"
    lines = [
        f"- The cost counter says {counted}, tokens times list price say {computed}: {agree}.",
        f"- {percent(report.coverage)} of the week and {percent(report.last_coverage)} of the week "
        "before are covered by samples.",
    ]
    if checked.without_price or checked.unpriced_calls:
        lines.append(
            f"- {count(checked.without_price)} tokens have no list price, "
            f"{count(checked.unpriced_calls)} calls had no known cost."
        )
    return [line.replace("$", r"\$") for line in lines]


def _provenance(report: WeeklyCost) -> list[str]:
    made_of = report.provenance
    facts = (
        ("Source", made_of.source or "not known"),
        ("Prometheus", made_of.server_version or "none stored these samples"),
        ("Week", str(report.week.span)),
        ("History", f"{made_of.history}, {count(made_of.samples)} samples"),
        ("Specification", made_of.specification),
        ("slobook", made_of.slobook),
    )
    return provenance(facts, made_of.queries)
