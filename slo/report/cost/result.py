"""The cost report's numbers as JSON holds them, in the shape that ``result_shape`` describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.model.duration import DAY
from slo.report.result_types import day_result, instant_result, number_result, span_result

if TYPE_CHECKING:
    from slo.cost.allocation import Allocation
    from slo.cost.anomalies import Anomaly
    from slo.cost.assumptions import Assumptions
    from slo.cost.budgets import CostBudgetStatus
    from slo.cost.change import Change
    from slo.cost.comparison import ModelCost
    from slo.cost.value import Value
    from slo.model.cost_model import Validity
    from slo.report.cost import result_shape as shaped
    from slo.report.cost.weekly_cost import WeeklyCost


def cost_result_of(report: WeeklyCost) -> shaped.WeeklyCostResult:
    """A report's numbers, unrounded.

    Money is US dollars, instants are ISO 8601 in UTC, shares 0 to 1; None where there is no
    number. Everything stands in the page's order.
    """
    made_of, ahead, checked = report.provenance, report.forecast, report.reconciliation
    days = report.ledger.within(report.week.span)
    return {
        "schema": "slobook/weekly-cost/1",
        "service": report.service,
        "week": str(report.week),
        "window": span_result(report.week.span),
        "until": instant_result(report.until),
        "coverage": report.coverage,
        "coverage_last_week": report.last_coverage,
        "verdict": report.verdict,
        "state": report.state,
        "falls_short": report.falls_short,
        "this_week": _value(report.this),
        "last_week": _value(report.last),
        "daily_usd": [float(one) for one in report.ledger.totals[days]],
        "change": _change(report.change) if report.change else None,
        "allocations": {one.by: _allocation(one) for one in report.allocations},
        "movers": [
            {"name": one.name, "usd": one.dollars, "usd_last_week": one.before}
            for one in report.movers
        ],
        "budgets": [_budget(one) for one in report.budgets],
        "category_budgets": [_budget(one) for one in report.categories],
        "forecast": {
            "month": span_result(ahead.month),
            "spent_usd": ahead.spent,
            "budget_usd": report.month_budget,
            "fixed_usd": ahead.fixed,
            "expected_usd": number_result(ahead.expected),
            "low_usd": number_result(ahead.low),
            "high_usd": number_result(ahead.high),
            "days_missing": ahead.missing,
            "days_learnt_from": ahead.learnt_from,
        },
        "days_judged": report.anomalies.judged,
        "anomalies": [_anomaly(one) for one in report.anomalies.found],
        "models": [_model(one) for one in report.models],
        "reconciliation": {
            "counted_usd": checked.counted,
            "computed_usd": checked.computed,
            "tokens_without_price": checked.without_price,
            "unpriced_calls": checked.unpriced_calls,
            "agrees": checked.agrees,
        },
        "cost_model": _assumptions(report.assumptions) if report.assumptions.configured else None,
        "suggestions": [
            {
                "title": one.title,
                "evidence": one.evidence,
                "usd_a_month": one.dollars_a_month,
                "effort": one.effort,
                "risk": one.risk,
            }
            for one in report.suggestions
        ],
        "provenance": {
            "source": made_of.source,
            "prometheus_version": made_of.server_version,
            "history": span_result(made_of.history),
            "samples": made_of.samples,
            "specification": made_of.specification,
            "queries": list(made_of.queries),
            "slobook": made_of.slobook,
        },
    }


def _value(one: Value) -> shaped.ValueResult:
    return {
        "usd": one.dollars,
        "llm_usd": one.llm,
        "running_usd": one.running,
        "tickets": one.tickets,
        "resolved": one.resolved,
        "calls": one.calls,
        "tokens": one.tokens,
        "usd_per_ticket": number_result(one.per_ticket),
        "llm_usd_per_ticket": number_result(one.llm_per_ticket),
        "usd_per_resolved": number_result(one.per_resolved),
        "usd_per_human_ticket": number_result(one.per_human_ticket),
        "avoided_usd": number_result(one.avoided),
        "net_usd": number_result(one.net),
        "roi": number_result(one.roi),
    }


def _change(one: Change) -> shaped.ChangeResult:
    return {
        "usd": one.dollars,
        "price_usd": one.price,
        "volume_usd": one.volume,
        "mix_usd": one.mix,
        "running_usd": one.running,
        "without_tokens_usd": one.unmeasured,
        "volume_drivers": {part.name: part.dollars for part in one.drivers},
    }


def _allocation(one: Allocation) -> list[shaped.LineResult]:
    return [
        {"name": line.name, "usd": line.dollars, "usd_last_week": line.before} for line in one.lines
    ]


def _budget(one: CostBudgetStatus) -> shaped.BudgetResult:
    return {
        "name": one.budget.name,
        "usd": one.budget.dollars,
        "period": span_result(one.period),
        "standing": one.standing,
        "spent_usd": one.spent,
        "left_usd": one.left,
        "remaining": one.remaining,
        "spent_in_week_usd": one.in_week,
        "pace": one.pace,
        "coverage_of_period": one.coverage,
    }


def _assumptions(one: Assumptions) -> shaped.CostModelResult:
    model, human = one.model, one.model.human_ticket
    return {
        "name": model.name,
        "owner": model.owner,
        "fixed": [
            {
                "name": item.name,
                "usd_a_month": item.dollars,
                "first_day": _first_day(item.valid),
                "last_day": _last_day(item.valid),
                "usd": dollars,
            }
            for item, dollars in one.fixed
        ],
        "human_ticket_usd": human.dollars,
        "human_ticket_usd_by_category": dict(human.by_category),
        "prices": [
            {
                "provider": effect.price.provider,
                "model": effect.price.model,
                "token_type": effect.price.token_type,
                "usd_per_million": effect.price.dollars,
                "first_day": _first_day(effect.price.valid),
                "last_day": _last_day(effect.price.valid),
                "tokens": effect.tokens,
                "usd": effect.dollars,
                "usd_at_list_price": effect.counted,
            }
            for effect in one.prices
        ],
    }


def _first_day(valid: Validity) -> str | None:
    return None if valid.start is None else day_result(valid.start)


def _last_day(valid: Validity) -> str | None:
    return None if valid.end is None else day_result(valid.end - DAY)


def _anomaly(one: Anomaly) -> shaped.AnomalyResult:
    return {
        "day": day_result(one.day),
        "usd": one.change.after,
        "usual_usd": one.change.before,
        "likely_cause": one.change.cause.name,
        "parts": {part.name: part.dollars for part in one.change.parts},
    }


def _model(one: ModelCost) -> shaped.ModelResult:
    return {
        "provider": one.provider,
        "model": one.model,
        "usd": one.dollars,
        "calls": one.calls,
        "tokens": one.tokens,
        "cached": number_result(one.cached),
        "usd_per_call": number_result(one.per_call),
        "all_work_usd": number_result(one.all_work),
    }
