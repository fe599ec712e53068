"""The exporter's demonstration, scraped by a real Prometheus, against what it says it did."""

import json
import re
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from genai_prices import Usage, calc_price
from ruamel.yaml import YAML

from exporter.definitions import DEFINITIONS, NAMESPACE
from slo.model.duration import MINUTE
from slo.promql import error_ratio
from slo.promql_expression import measured
from slo.simulate.local_prometheus import program, serve
from tests.catalogue import SPECS
from tests.integration.conftest import Server

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
TICKETS = 150
SCRAPED = """
scrape_configs:
  - job_name: support-agent
    scrape_interval: 1s
    static_configs:
      - targets: ["127.0.0.1:{port}"]
        labels: {{namespace: support}}
"""
KINDS = ("input", "cache_read", "cache_write", "output")
NOTHING_WENT_WRONG = {"metrics_internal_errors_total", "metrics_scrape_incomplete"}


@dataclass(frozen=True, eq=False)
class Demo:
    """A demonstration that runs, and where it listens."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def get(self, path: str) -> bytes:
        with urlopen(self.url + path, timeout=30) as answer:
            return answer.read()

    def did(self) -> dict:
        return json.loads(self.get("/did"))

    def post(self, path: str, body: str) -> int:
        request = Request(self.url + path, body.encode(), {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status
        except HTTPError as error:
            return error.code

    def interrupted(self) -> tuple[int, str]:
        """Its exit code and all that it said since it began, once Ctrl-C is pressed."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def demo(*arguments: str):
    process = subprocess.Popen(
        [sys.executable, "-m", "exporter.demo", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise AssertionError("the demonstration ended before it said where it listens")
        yield Demo(process, found[0])
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


@dataclass(frozen=True, eq=False)
class Proof:
    """A demonstration that has come to rest, and a Prometheus that has seen all of it."""

    demo: Demo
    server: Server
    did: dict
    at: int

    def query(self, expr: str) -> list[float]:
        return self.server.query(expr, self.at)

    def total(self, name: str, **labels: str) -> float:
        matchers = ",".join(f'{label}="{value}"' for label, value in labels.items())
        return sum(self.query(f"sum({NAMESPACE}{name}{{{matchers}}})"))

    def count(self, name: str) -> int:
        return self.did["counts"].get(name, 0)


def at_rest(demo: Demo) -> dict:
    """What was done once nothing more is done."""
    deadline, before = time.monotonic() + 120, {}
    while True:
        did = demo.did()
        if did == before and did["counts"].get("received") == TICKETS and not did["pending"]:
            return did
        assert time.monotonic() < deadline, did
        before = did
        time.sleep(4)


def seen_by(server: Server) -> int:
    """An instant at which everything up to now has been scraped, in Unix milliseconds."""
    begun = time.time()
    while True:
        now = int(time.time() * 1000)
        if max(server.query("timestamp(up)", now), default=0) > begun + 1:
            return now
        time.sleep(0.2)


@pytest.fixture(scope="module")
def prove(tmp_path_factory):
    """A function that lets a demonstration with an incident run to its rest, once each."""
    with ExitStack() as stack:
        made: dict[str, Proof] = {}

        def start(incident: str) -> Proof:
            if incident not in made:
                arguments = f"--tickets {TICKETS} --rate 9 --workers 24 --incident {incident}"
                arguments += " --incident-after 1 --incident-lasts 10"
                running = stack.enter_context(demo(*arguments.split()))
                folder = tmp_path_factory.mktemp("prometheus")
                settings = SCRAPED.format(port=running.port)
                server = Server(stack.enter_context(serve(folder, settings=settings)))
                did = at_rest(running)
                made[incident] = Proof(running, server, did, seen_by(server))
            return made[incident]

        yield start


@pytest.fixture(scope="module", params=["provider", "queue"])
def proof(request, prove):
    return prove(request.param)


def test_it_is_up_under_the_labels_that_the_catalogue_asks_for(proof):
    assert proof.query('up{job="support-agent",namespace="support"}') == [1.0]


def test_every_metric_has_samples_and_was_put_to_use(prove):
    proofs = [prove("provider"), prove("queue")]
    unused = set()
    for one in DEFINITIONS:
        name = one.name.removeprefix(NAMESPACE)
        part = f"{name}_count" if one.kind == "histogram" else name
        # A gauge may be 0 at the end; it has been something else, or it says that all is well.
        found = [proof.query(f"max_over_time({NAMESPACE}{part}[5m])") for proof in proofs]
        if not any(value for values in found for value in values):
            unused.add(name)
    assert unused == NOTHING_WENT_WRONG
    for name in NOTHING_WENT_WRONG:
        assert [max(proof.query(NAMESPACE + name)) for proof in proofs] == [0, 0]


def test_tickets_are_counted_as_the_demonstration_counts_them(proof):
    assert proof.total("tickets_received_total") == proof.count("received") == TICKETS
    assert proof.total("tickets_processed_total") == TICKETS
    assert proof.total("ticket_processing_duration_seconds_count") == TICKETS
    for outcome in ("resolved", "escalated", "error", "cancelled"):
        assert proof.total("tickets_processed_total", outcome=outcome) == proof.count(outcome)
    assert proof.total("tickets_escalated_total") == proof.count("escalated")
    assert proof.total("tickets_in_progress") == proof.total("llm_requests_in_progress") == 0
    # Mail is taken by a context, everything else by a decorator: each tells how long it waited.
    assert proof.total("queue_wait_duration_seconds_count") == TICKETS
    resolution = "ticket_resolution_duration_seconds_count"
    assert proof.total(resolution, resolver="agent") == proof.count("resolved")
    assert proof.total(resolution, resolver="human") == proof.count("closed_by_people")
    assert proof.total("tickets_reopened_total") == proof.count("reopened")
    assert proof.total("csat_responses_total") == proof.count("rated") > 0


def test_what_happens_beside_tickets_is_counted_as_well(proof):
    assert proof.total("tool_calls_total", outcome="success") == proof.count("tool_calls")
    assert proof.total("tool_calls_total", outcome="error") == proof.count("tool_errors")
    assert proof.total("llm_retries_total") == proof.count("llm_retries")
    assert proof.total("llm_fallbacks_total") == proof.count("llm_fallbacks")
    assert proof.total("http_requests_total", method="POST", route="/ask") == proof.count("asked")
    sent = {"method": "POST", "route": "/tickets"}
    assert proof.total("http_requests_total", **sent, code_class="2xx") == TICKETS
    assert proof.total("http_requests_total", **sent, code_class="5xx") == proof.count("refused")


def test_tokens_are_those_that_the_providers_told_of(proof):
    told = {}
    for row in proof.did["tokens"]:
        for kind in KINDS:
            key = row["model"], kind
            told[key] = told.get(key, 0) + row.get(kind, 0)
    counted = {
        key: proof.total("llm_tokens_total", model=key[0], token_type=key[1]) for key in told
    }
    assert counted == told
    assert sum(told.values()) > 10_000
    reasoning = sum(row.get("reasoning", 0) for row in proof.did["tokens"])
    assert proof.total("llm_reasoning_tokens_total") == reasoning > 0


def test_a_batch_is_told_from_other_calls(proof):
    rows = [row for row in proof.did["tokens"] if row["model"] == "gpt-4o-mini"]
    assert sorted(row["batch"] for row in rows) == [False, True]


def test_dollars_are_tokens_times_prices(proof):
    """Priced here call by call's sum, in decimals, by genai-prices itself and the price file."""
    agreed = tomllib.loads(
        (files("exporter.demo") / "prices.toml").read_text(), parse_float=Decimal
    )
    (own,) = agreed["price"]
    dollars = Decimal(0)
    for row in proof.did["tokens"]:
        tokens = {kind: row.get(kind, 0) for kind in KINDS}
        if row["model"] == own["model"].removesuffix("*"):
            dollars += sum(tokens[kind] * own[kind] for kind in KINDS) / 1_000_000
        else:
            usage = Usage(
                input_tokens=sum(tokens[kind] for kind in KINDS[:3]),
                cache_read_tokens=tokens["cache_read"],
                cache_write_tokens=tokens["cache_write"],
                output_tokens=tokens["output"],
            )
            context = {"processing": "batch"} if row["batch"] else None
            dollars += calc_price(
                usage, row["model"], provider_id=row["provider"], price_context=context
            ).total_price
    assert dollars > 0
    for name in ("llm_cost_usd_total", "llm_feature_cost_usd_total"):
        assert proof.total(name) == pytest.approx(float(dollars), rel=1e-9)
    # What nobody sells is not free: it is counted as unpriced.
    unpriced = proof.total("llm_unpriced_requests_total", reason="unknown_model")
    assert unpriced == proof.count("unpriced_calls") > 0
    assert proof.total("llm_unpriced_requests_total") == unpriced
    assert proof.query(f'{NAMESPACE}llm_cost_usd_total{{provider="inhouse"}} > 0') == []


def test_shown_prices_give_the_same_dollars_where_no_call_is_of_a_batch(proof):
    by = "by (provider, model, token_type)"
    worked_out = (
        f'sum {by} ({NAMESPACE}llm_tokens_total{{provider="anthropic"}})'
        f" * sum {by} ({NAMESPACE}llm_price_usd_per_million_tokens) / 1e6"
    )
    spent = proof.query(f'sum({NAMESPACE}llm_cost_usd_total{{provider="anthropic"}})')
    assert proof.query(f"sum({worked_out})") == pytest.approx(spent, rel=1e-9)


def test_promtool_finds_nothing_to_say(proof):
    done = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=proof.demo.get("/metrics"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("slo", SPECS.slos, ids=lambda slo: slo.name)
def test_objectives_of_the_catalogue_are_measured(slo, proof):
    # Time slices begin with whole minutes, and the demonstration may be over before the first.
    (ratio,) = proof.server.query(error_ratio(slo.indicator, 5 * MINUTE), proof.at + MINUTE)
    assert 0 <= ratio <= 1


OF_THE_AGENT = [
    one
    for one in SPECS.alerts
    if all("support_agent_" in str(selector) for selector in one.alert.selectors)
]


@pytest.mark.parametrize("one", OF_THE_AGENT, ids=lambda one: one.name)
def test_what_alerts_look_at_is_there(one, proof):
    measure = one.alert.measure
    found = [proof.query(measured(measure, window)) for window in one.alert.windows]
    # Some fire where there is nothing to look at, and here there is.
    wanted = 0 if "absent" in measured(measure, MINUTE) else 1
    assert [len(values) for values in found] == [wanted] * len(found)


def test_troubles_are_seen_where_they_are(prove):
    provider, queue = prove("provider"), prove("queue")
    share = {
        name: provider.total("llm_requests_total", provider=name, outcome="error")
        / provider.total("llm_requests_total", provider=name)
        for name in ("anthropic", "openai")
    }
    assert share["anthropic"] > 3 * share["openai"]
    assert provider.query("max_over_time(support_agent_llm_circuit_breaker_open[5m])") == [1.0]
    assert provider.count("llm_fallbacks") > 2 * queue.count("llm_fallbacks")
    depth = "max(max_over_time(support_agent_queue_depth[5m]))"
    assert queue.query(depth) > provider.query(depth)
    waiting = "max(max_over_time(support_agent_db_pool_waiting_requests[5m]))"
    assert queue.query(waiting) > provider.query(waiting)
    assert queue.total("db_errors_total", error_type="pool_timeout") > 0


def test_rules_under_opentelemetrys_names_give_the_same_numbers(proof):
    path = ROOT / "docs" / "opentelemetry-rules.yml"
    check = [program("promtool"), "check", "rules", path]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    (group,) = YAML(typ="safe").load(path.read_text())["groups"]
    rules = {rule["record"].removeprefix("gen_ai_client_"): rule["expr"] for rule in group["rules"]}

    def total(name: str, provider: str) -> float:
        chosen = f'label_replace({rules[name]}, "asked", "$1", "gen_ai_provider_name", "(.+)")'
        summed = proof.server.get(
            "query", query=f"sum by (asked) ({chosen})", time=proof.at / 1000
        )["result"]
        return sum(float(x["value"][1]) for x in summed if x["metric"]["asked"] == provider)

    for provider in ("anthropic", "openai"):
        told = {
            kind: sum(
                row.get(kind, 0) for row in proof.did["tokens"] if row["provider"] == provider
            )
            for kind in (*KINDS, "reasoning")
        }
        usage = "inference_usage_"
        assert total(f"{usage}input_tokens_total", provider) == sum(told[k] for k in KINDS[:3])
        assert total(f"{usage}output_tokens_total", provider) == told["output"]
        assert total(f"{usage}cache_read_input_tokens_total", provider) == told["cache_read"]
        assert total(f"{usage}cache_write_input_tokens_total", provider) == told["cache_write"]
        assert total(f"{usage}reasoning_output_tokens_total", provider) == told["reasoning"]
        for name in ("request_duration", "time_to_first_chunk"):
            theirs = name.replace("request", "operation").replace("time", "operation_time")
            for part in ("bucket", "count", "sum"):
                ours = proof.total(f"llm_{name}_seconds_{part}", provider=provider)
                assert total(f"{theirs}_seconds_{part}", provider) == pytest.approx(ours)


def test_strange_tickets_make_no_series(prove):
    proof = prove("provider")
    categories = set(re.findall(rb'category="([^"]*)"', proof.demo.get("/metrics")))
    assert b"other" in categories
    assert b"gift cards" not in categories
    assert proof.total("metrics_dropped_labels_total") > 0


def test_a_ticket_of_ones_own_is_worked_on_and_ctrl_c_ends_everything():
    with demo("--tickets", "1", "--rate", "50") as running:
        assert running.post("/tickets", '{"category": "billing", "text": "Charged twice?"}') == 202
        assert running.post("/tickets", '{"category": "billing"}') == 400
        assert running.post("/tickets", "[]") == 400
        assert b"A support agent" in running.get("/")
        deadline = time.monotonic() + 60
        while running.did()["pending"] or running.did()["counts"].get("received") != 2:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        code, said = running.interrupted()
    assert code == 0
    assert "tickets: 2 received" in said
    assert "Traceback" not in said
    assert "Task was destroyed" not in said


def test_it_stops_by_itself_in_the_middle_of_trouble():
    trouble = ("--incident", "queue", "--incident-after", "0")
    with demo("--duration", "6", "--rate", "20", *trouble) as running:
        said, _ = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert "the database is slow" in said
    assert "stopping" in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_to_be():
    with demo("--tickets", "1") as running:
        done = subprocess.run(
            [sys.executable, "-m", "exporter.demo", "--port", running.port],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"--port {running.port}: Address already in use" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_configuration_that_it_prints_is_one_of_prometheus(tmp_path):
    command = [sys.executable, "-m", "exporter.demo", "--print-prometheus-config"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    path = tmp_path / "prometheus.yml"
    path.write_text(done.stdout)
    check = subprocess.run(
        [program("promtool"), "check", "config", path], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stderr
    refused = subprocess.run([*command, "--port", "0"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "expected a --port other than 0" in refused.stderr
