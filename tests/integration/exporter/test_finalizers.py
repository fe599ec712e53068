"""Finalizers run in the middle of anything, also while their own thread holds a metric's lock."""

from __future__ import annotations

import pytest

from tests.integration.exporter.programs import run

pytestmark = pytest.mark.integration

MADE = """
import gc
from prometheus_client import CollectorRegistry, generate_latest
from exporter import Metrics, Settings

metrics = Metrics(CollectorRegistry(), Settings(max_series=1_000_000))

def total(name):
    family, = metrics.metric(name).collect()
    return sum(one.value for one in family.samples if one.name == "support_agent_" + name)

class Holder:
    pass

def chunks(holder):
    yield 1
    yield 2
"""


def test_streams_that_are_found_while_a_metric_is_bound_do_not_wait_for_themselves():
    """Cycles with open streams, collected at every allocation that new label values make."""
    code = (
        MADE
        + """
gc.set_threshold(1)
tracked = metrics.track_llm_call(provider="openai", model="gpt-4o")(chunks)
for number in range(3_000):
    holder = Holder()
    holder.stream = tracked(holder)
    next(holder.stream)
    del holder
    metrics.llm_fell_back(f"a{number % 30}", f"b{number // 30 % 30}", "cost")
    metrics.track_llm_call(provider="openai", model=f"m{number % 20}")(dict)()
    if number % 500 == 0:
        generate_latest(metrics.registry)
gc.collect()
generate_latest(metrics.registry)
generate_latest(metrics.registry)
assert total("llm_requests_total") == 6_000, total("llm_requests_total")
assert total("llm_requests_in_progress") == 0
assert total("metrics_internal_errors_total") == 0
print("done")
"""
    )
    assert run(code, seconds=120) == "done\n"


def test_finalizers_of_the_application_may_record_what_they_like():
    """Also under label values that nobody has met, while others are bound or exposed."""
    code = (
        MADE
        + """
gc.set_threshold(1)
count = 0

class Finalized:
    def __init__(self, number):
        self.itself, self.number = self, number

    def __del__(self):
        global count
        count += 1
        metrics.llm_fell_back(f"c{self.number % 30}", f"d{self.number // 30 % 30}", "error")
        metrics.track_ticket_processing(lambda ticket: None)({"category": "billing"})
        with metrics.llm_call(provider="openai", model=f"m{self.number % 20}"):
            pass

for number in range(2_000):
    Finalized(number)
    metrics.llm_fell_back(f"a{number % 30}", f"b{number // 30 % 30}", "cost")
    if number % 500 == 0:
        generate_latest(metrics.registry)
gc.collect()
gc.set_threshold(0)
metrics.tool_called("next")
assert count == 2_000, count
assert total("llm_fallbacks_total") == 4_000, total("llm_fallbacks_total")
assert total("tickets_processed_total") == 2_000, total("tickets_processed_total")
print(total("llm_requests_total"), total("metrics_internal_errors_total"))
"""
    )
    calls, faults = map(float, run(code, seconds=120).split())
    assert (calls, faults) == (2_000, 0)
