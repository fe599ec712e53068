"""Finalizers run in the middle of anything, also while their own thread holds a metric's lock."""

from __future__ import annotations

import pytest

from tests.integration.exporter.programs import run

pytestmark = pytest.mark.integration

MADE = """
import gc
from prometheus_client import CollectorRegistry, generate_latest
from exporter import Metrics, Settings

TIMES = 600
models = tuple(f"{kind}-{number}" for kind in ("bound", "found") for number in range(TIMES))
metrics = Metrics(CollectorRegistry(), Settings(max_series=10**9, models=models))

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
    """Cycles with open streams, collected at any moment of binding new label values."""
    code = (
        MADE
        + """
tracked = metrics.track_llm_call(provider="openai", model="gpt-4o")(chunks)
for number in range(TIMES):
    holder = Holder()
    holder.stream = tracked(holder)
    next(holder.stream)
    del holder
    gc.set_threshold(5 + number % 97)
    metrics.track_llm_call(provider="openai", model=f"bound-{number}")(dict)()
    if number % 100 == 0:
        generate_latest(metrics.registry)
gc.collect()
generate_latest(metrics.registry)
assert total("llm_requests_total") == 2 * TIMES, total("llm_requests_total")
assert total("llm_requests_in_progress") == 0
assert total("metrics_internal_errors_total") == 0
print("done")
"""
    )
    assert run(code, seconds=60) == "done\n"


def test_finalizers_of_the_application_may_record_what_they_like():
    """Also under label values that nobody has met, while others are bound."""
    code = (
        MADE
        + """
found, within = [], []
labels = type(metrics.metric("tool_calls_total")).labels
depth = 0

def watched(self, *values, **named):
    global depth
    depth += 1
    try:
        return labels(self, *values, **named)
    finally:
        depth -= 1

type(metrics.metric("tool_calls_total")).__mro__[1].labels = watched

class Finalized:
    def __init__(self, number):
        self.itself, self.number = self, number

    def __del__(self):
        found.append(self.number)
        if depth:
            within.append(self.number)
        metrics.llm_retried("openai", f"found-{self.number}")
        with metrics.llm_call(provider="openai", model=f"found-{self.number}"):
            pass
        metrics.track_ticket_processing(lambda ticket: None)({"category": "billing"})

for number in range(TIMES):
    Finalized(number)
    gc.set_threshold(5 + number % 97)
    metrics.track_llm_call(provider="openai", model=f"bound-{number}")(dict)()
gc.set_threshold(0)
gc.collect()
metrics.tool_called("next")
assert len(found) == TIMES
# It was what it is meant to be: some were found in the middle of binding.
assert len(within) > TIMES / 20, len(within)
assert total("tickets_processed_total") == TIMES, total("tickets_processed_total")
assert total("llm_retries_total") == TIMES, total("llm_retries_total")
assert total("llm_requests_in_progress") == 0
# A whole call cannot be put off: where it could not be counted, that is told, once.
missing = 2 * TIMES - total("llm_requests_total")
assert missing == total("metrics_internal_errors_total"), missing
print("done")
"""
    )
    assert run(code, seconds=60) == "done\n"
