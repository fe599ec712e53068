"""What is read: metrics that the exporter declares, by labels that it gives them."""

from dataclasses import replace
from pathlib import Path

from exporter.definitions import DEFINITIONS
from slo.cost.sources import cost_sources
from slo.promql import counter_selector
from slo.spec import read_specs
from tests.agent_costs import LLM, RUNNING

CATALOGUE = Path(__file__).resolve().parents[3] / "slo" / "catalog" / "ai_support"
LABELS = {one.name: set(one.labels) for one in DEFINITIONS}


def test_the_exporter_declares_every_metric_and_label_that_is_read():
    read = cost_sources((LLM, RUNNING))
    by = {
        read.llm: {"provider", "model", "token_type"},
        read.tokens: {"provider", "model", "token_type"},
        read.price: {"provider", "model", "token_type"},
        read.calls: {"provider", "model"},
        read.tickets: {"category", "outcome"},
        read.by_category: {"category"},
        read.by_feature: {"feature"},
        read.unpriced: {"provider", "reason"},
        read.human_ticket: set(),
        RUNNING.cost: {"service"},
    }
    assert set(by) == set(read.selectors)
    for selector, labels in by.items():
        assert labels <= LABELS[selector.metric.removesuffix("_sum")], selector


def test_the_catalogues_budgets_give_their_namespace_to_all():
    read = cost_sources(read_specs([CATALOGUE]).cost_budgets)
    assert {str(one).partition("{")[2] for one in read.selectors} == {'namespace="support"}'}
    assert [title for title, _ in read.running] == ["Running cost"]


def test_a_budget_of_one_provider_does_not_hide_the_others():
    narrow = counter_selector('support_agent_llm_cost_usd_total{namespace="a",provider="acme"}')
    read = cost_sources((replace(LLM, cost=narrow),))
    assert str(read.llm) == 'support_agent_llm_cost_usd_total{namespace="a"}'


def test_any_counter_of_dollars_is_running_cost():
    bill = replace(RUNNING, cost=counter_selector("bill_usd_total"), display_name="The bill")
    assert cost_sources((bill,)).running == (("The bill", bill.cost),)
