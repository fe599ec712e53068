"""The package as a stranger imports it: twice, anew, from threads, and with little installed."""

from __future__ import annotations

import json

import pytest

from tests.integration.exporter.programs import run

pytestmark = pytest.mark.integration

SAMPLES = """
from prometheus_client import REGISTRY

def sample(name, **labels):
    return REGISTRY.get_sample_value("support_agent_" + name, labels)
"""


def test_an_import_registers_nothing():
    code = """
    import exporter
    from prometheus_client import REGISTRY, generate_latest
    assert b"support_agent_" not in generate_latest(REGISTRY)
    exporter.metrics.tool_called("search")
    assert b'support_agent_tool_calls_total{outcome="success",tool="search"} 1.0' in (
        generate_latest(REGISTRY)
    )
    """
    run(code)


def test_the_documents_name_gives_the_same():
    code = """
    import exporter, metrics_exporter
    from metrics_exporter import metrics, track_llm_call, track_ticket_processing
    assert metrics is exporter.metrics
    assert track_llm_call is exporter.track_llm_call
    assert {name: getattr(metrics_exporter, name) for name in exporter.__all__} == {
        name: getattr(exporter, name) for name in exporter.__all__
    }
    """
    run(code)


def test_modules_that_are_imported_anew_find_the_metrics():
    code = (
        SAMPLES
        + """
import importlib, sys
import exporter
exporter.metrics.tool_called("search")
importlib.reload(exporter)
exporter.metrics.tool_called("search")
for module in [name for name in sys.modules if name.startswith("exporter")]:
    del sys.modules[module]
import exporter as anew
anew.metrics.tool_called("search")
assert sample("tool_calls_total", tool="search", outcome="success") == 3

@anew.track_ticket_processing
def process(ticket):
    return "escalated"

process({"category": "billing", "channel": "chat"})
labels = {"category": "billing", "channel": "chat", "outcome": "escalated"}
assert sample("tickets_processed_total", **labels) == 1
"""
    )
    run(code)


def test_threads_that_are_first_at_the_same_time_share_the_metrics():
    code = """
    import sys, threading
    import exporter
    sys.setswitchinterval(1e-6)
    barrier, found = threading.Barrier(8), []

    def use():
        barrier.wait()
        found.append(exporter.metrics)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert len(found) == 8 and len({id(one) for one in found}) == 1
    """
    for _ in range(3):
        run(code)


def test_an_application_may_make_the_metrics_itself():
    run(
        SAMPLES
        + """
import exporter
made = exporter.Metrics(settings=exporter.Settings(categories=("parcels",)))
assert exporter.metrics is made
try:
    exporter.Metrics()
except ValueError as error:
    assert "has the metrics of an agent already" in str(error), error
else:
    raise SystemExit("two of them")
exporter.track_ticket_processing(lambda ticket: None)({"category": "parcels", "channel": "chat"})
labels = {"category": "parcels", "channel": "chat", "outcome": "resolved"}
assert sample("tickets_processed_total", **labels) == 1
"""
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"SUPPORT_AGENT_MAX_SERIES": "many"},
        {"SUPPORT_AGENT_DEPLOYED_AT": "yesterday"},
        {"SUPPORT_AGENT_PRICE_FILE": "/nowhere/prices.toml"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_broken_environment_is_told_and_counted_and_stops_nobody(variables):
    code = (
        SAMPLES
        + """
import logging
logging.basicConfig(format="%(message)s", stream=__import__("sys").stdout)
import exporter
exporter.metrics.tool_called("search")
assert sample("tool_calls_total", tool="search", outcome="success") == 1
assert sample("metrics_internal_errors_total", site="settings") == 1
"""
    )
    ((name, value),) = variables.items()
    told = run(code, **variables)
    assert told.startswith("the settings of the metrics are not used: ")
    assert value in told
    assert name in told or "PRICE_FILE" in name


def test_a_foreign_metric_of_the_same_name_is_named_and_nothing_is_left_half_done():
    code = """
    from prometheus_client import Counter, REGISTRY, generate_latest
    Counter("support_agent_tool_calls", "Mine.")
    import exporter
    for _ in range(2):
        try:
            exporter.metrics
        except ValueError as error:
            assert "support_agent_tool_calls" in str(error), error
        else:
            raise SystemExit("nothing was said")
    assert generate_latest(REGISTRY).count(b"# HELP support_agent_") <= 2
    """
    run(code)


BLOCKED = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"anthropic", "openai", "flask", "opentelemetry", "genai_prices"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
"""


def test_it_works_with_prometheus_client_alone(tmp_path):
    path = tmp_path / "prices.toml"
    path.write_text(
        "as_of = 2026-11-01\n[[price]]\n"
        'provider = "own"\nmodel = "house"\ninput = 1.0\noutput = 2.0\n'
    )
    code = (
        BLOCKED
        + SAMPLES
        + """
import json
from prometheus_client import generate_latest
import exporter
answer = {"model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
priced = {"model": "house", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
assert exporter.track_llm_call(provider="openai", model="gpt-4o")(lambda: answer)() is answer
assert exporter.track_llm_call(provider="own", model="house")(lambda: priced)() is priced
exporter.track_ticket_processing(lambda ticket: None)({"category": "billing"})
generate_latest(REGISTRY)
tokens = {"provider": "openai", "model": "gpt-4o", "token_type": "input"}
print(json.dumps({
    "tokens": sample("llm_tokens_total", **tokens),
    "cost": sample("llm_cost_usd_total", **tokens),
    "unpriced": sample("llm_unpriced_requests_total", provider="openai", reason="unknown_model"),
    "own": sample("llm_cost_usd_total", provider="own", model="house", token_type="output"),
    "faults": sample("metrics_internal_errors_total", site="llm"),
}))
"""
    )
    found = json.loads(run(code, SUPPORT_AGENT_PRICE_FILE=str(path)))
    assert found == {
        "tokens": 1000,
        "cost": 0,
        "unpriced": 1,
        "own": pytest.approx(2e-4),
        "faults": 0,
    }


def test_tracked_functions_keep_their_types(tmp_path):
    """As a type checker sees them, in an application that is strict."""
    path = tmp_path / "application.py"
    path.write_text(
        "from typing import reveal_type\n"
        "from exporter import track_llm_call, track_response, track_ticket_processing\n"
        "@track_ticket_processing\n"
        "async def process(ticket: dict[str, str]) -> bool: return True\n"
        "@track_llm_call(provider='anthropic', model='claude-sonnet-4')\n"
        "def call(prompt: str, *, size: int = 1) -> list[str]: return []\n"
        "class Agent:\n"
        "    @track_response(channel='email')\n"
        "    def answer(self, text: str) -> str: return text\n"
        "reveal_type(process)\nreveal_type(call)\nreveal_type(Agent().answer)\n"
    )
    from mypy import api

    out, err, _ = api.run(["--strict", "--no-incremental", str(path)])
    revealed = [line.split('"')[1] for line in out.splitlines() if "Revealed" in line]
    assert revealed == [
        "def (ticket: dict[str, str]) -> typing.Coroutine[Any, Any, bool]",
        "def (prompt: str, *, size: int =) -> list[str]",
        "def (text: str) -> str",
    ], out + err
    assert "error" not in out
