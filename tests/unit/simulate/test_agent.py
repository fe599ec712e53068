from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exporter import DEFINITIONS
from slo.model.duration import DAY, HOUR, MINUTE, SECOND, WEEK
from slo.model.span import Span, Week
from slo.promql import counter_selector
from slo.simulate import Gap, PlannedIncident, Scenario
from slo.simulate.agent import simulate
from slo.simulate.conditions import KINDS
from slo.simulate.families import HELP, family_of, histograms
from slo.simulate.scenario_file import read_scenario
from tests.catalogue import SPECS
from tests.metric_contract import known_labels

MONDAY = Week(2026, 41).span.start
TARGET_LABELS = {"instance", "job", "namespace", "pod"}


def quiet(**changes):
    """Two healthy days and a half, one scrape a minute."""
    plain = Scenario(MONDAY, length=60 * HOUR, scrape_interval=MINUTE)
    return replace(plain, **changes)


@pytest.fixture(scope="module")
def healthy():
    """A healthy week with a deployment, a surge and gaps."""
    return simulate(
        Scenario(
            MONDAY,
            length=WEEK,
            scrape_interval=MINUTE,
            surges=(Span(DAY, 2 * DAY),),
            deployments=(3 * DAY,),
            gaps=(Gap(2 * DAY, 40 * MINUTE, pod=1), Gap(5 * DAY, 5 * MINUTE)),
        )
    ).history


def matching(history, selector):
    return history.select(counter_selector(f"support_agent_{selector}"))


def counted(history, selector, span=None):
    """Events over a span, resets taken care of."""
    total = 0.0
    for series in matching(history, selector):
        increase = np.diff(series.values, prepend=0)
        increase = np.where(increase < 0, series.values, increase)
        within = span or history.span
        total += increase[(series.times >= within.start) & (series.times < within.end)].sum()
    return total


def share(history, part, whole, span=None):
    return counted(history, part, span) / counted(history, whole, span)


NOT_SIMULATED = {
    "support_agent_csat_score",
    "support_agent_llm_reasoning_tokens_total",
    "support_agent_llm_token_budget_remaining_tokens",
    "support_agent_metrics_scrape_incomplete",
    "support_agent_resolution_ratio",
}


@pytest.fixture(scope="module")
def bad_month():
    return simulate(replace(read_scenario("bad-month"), scrape_interval=5 * MINUTE))


def test_metrics_labels_and_buckets_are_the_exporters(bad_month):
    history = bad_month.history
    declared = {d.name: d for d in DEFINITIONS}
    names, seen = histograms(history), set()
    for series in history.series:
        labels = set(dict(series.labels)) - {"__name__"}
        if not series.metric.startswith("support_agent_"):
            continue
        assert labels >= TARGET_LABELS
        family = family_of(series.metric, names)
        exposed = family.name + ("_total" if family.kind == "counter" else "")
        assert family.kind == declared[exposed].kind
        assert labels - TARGET_LABELS - {"le"} == set(declared[exposed].labels)
        seen.add(exposed)
    for name in names:
        bounds = {dict(s.labels)["le"] for s in history.series if s.metric == f"{name}_bucket"}
        assert sorted(map(float, bounds)) == [*declared[name].buckets, np.inf]
    assert set(declared) - seen == NOT_SIMULATED
    helps = {name.removesuffix("_total"): d.help for name, d in declared.items()}
    assert all(helps[name] == text for name, text in HELP.items() if name in helps)


def test_others_metrics_have_their_real_names_and_labels(bad_month):
    others = [s for s in bad_month.history.series if not s.metric.startswith("support_agent_")]
    assert len({series.metric for series in others}) == 18
    for series in others:
        labels = set(dict(series.labels)) - {"__name__"}
        assert labels <= known_labels(series.metric), series


def test_every_selector_of_the_catalogue_selects_something(bad_month):
    asked = [s for slo in SPECS.slos for s in slo.indicator.selectors]
    asked += [s for one in SPECS.alerts for s in one.alert.selectors]
    assert [str(s) for s in dict.fromkeys(asked) if not bad_month.history.select(s)] == []


def test_a_pod_exposes_a_moderate_number_of_series(healthy):
    own = [s for s in healthy.series if dict(s.labels).get("pod") == "agent-0"]
    assert 200 <= len(own) <= 410


@pytest.mark.parametrize("part", ["ticket_llm_cost_usd_sum", "llm_feature_cost_usd_total"])
def test_categories_and_features_add_up_to_what_calls_cost(bad_month, part):
    """Day by day, through restarts, gaps and a cost runaway: nothing is left, nothing too much."""
    span = bad_month.history.span
    for start in range(span.start, span.end, DAY):
        day = Span(start, start + DAY)
        whole = counted(bad_month.history, "llm_cost_usd_total", day)
        assert counted(bad_month.history, part, day) == pytest.approx(whole, rel=1e-9)


def test_a_ticket_is_charged_for_its_own_calls(healthy):
    name = "ticket_llm_cost_usd"
    charged, done = counted(healthy, f"{name}_count"), counted(healthy, "tickets_processed_total")
    # Of calls there are 2.8 a ticket by chance, so a few tickets have none.
    assert 1 - np.exp(-2.8) - 0.005 < charged / done < 1 - np.exp(-2.8) + 0.005
    bounds = np.array([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0])
    at_most = [counted(healthy, f'{name}_bucket{{le="{bound}"}}') for bound in bounds]
    tickets = np.diff(at_most, prepend=0.0)
    assert tickets.sum() == charged
    least, most = tickets @ [0.0, *bounds[:-1]], tickets @ bounds
    assert least < counted(healthy, f"{name}_sum") < most


def test_queries_are_slow_while_connections_are_lacking():
    exhaustion = PlannedIncident("pool-exhaustion", DAY, 2 * HOUR, 1.0)
    history = simulate(quiet(incidents=(exhaustion,))).history
    name = "db_query_duration_seconds"
    during, before = Span(MONDAY + DAY, MONDAY + DAY + 2 * HOUR), Span(MONDAY, MONDAY + DAY)

    def late(span):
        fast = counted(history, f'{name}_bucket{{le="0.1"}}', span)
        return 1 - fast / counted(history, f"{name}_count", span)

    assert late(before) < 0.01
    assert late(during) > 0.1


@pytest.mark.parametrize("interval", [15 * SECOND, MINUTE])
def test_how_often_replies_are_late_does_not_depend_on_the_scrape_interval(interval):
    history = simulate(quiet(scrape_interval=interval, pods=3)).history
    name = "response_duration_seconds"
    assert share(history, f'{name}_bucket{{le="5.0"}}', f"{name}_count") > 0.98


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_incidents_name_objectives_and_signals_of_the_catalogue(kind):
    known = {slo.name for slo in SPECS.slos} | {one.signal for one in SPECS.alerts}
    assert set(KINDS[kind].slos) <= known


def test_staging_is_another_namespace_that_nothing_happens_to(bad_month):
    def failing(namespace):
        calls = f'llm_requests_total{{namespace="{namespace}"'
        return share(bad_month.history, f'{calls},outcome="error"}}', f"{calls}}}")

    assert failing("support") > 0.01
    assert failing("support-staging") < 0.006
    tried = counted(bad_month.history, 'tickets_received_total{namespace="support-staging"}')
    served = counted(bad_month.history, 'tickets_received_total{namespace="support"}')
    assert 0.015 < tried / served < 0.025


@pytest.mark.parametrize(
    ("bad", "all_", "lowest", "highest"),
    [
        ('http_requests_total{code_class="5xx"}', "http_requests_total", 0.0002, 0.0005),
        (
            'tickets_processed_total{outcome="error"}',
            "tickets_processed_total",
            0.0008,
            0.0016,
        ),
        ('llm_requests_total{outcome="error"}', "llm_requests_total", 0.0036, 0.0044),
        (
            'tickets_processed_total{outcome="resolved"}',
            'tickets_processed_total{outcome=~"resolved|escalated|error"}',
            0.70,
            0.73,
        ),
        (
            'csat_responses_total{score=~"4|5"}',
            "csat_responses_total",
            0.89,
            0.92,
        ),
        (
            'llm_time_to_first_chunk_seconds_bucket{le="5.0",provider="anthropic"}',
            'llm_time_to_first_chunk_seconds_count{provider="anthropic"}',
            0.987,
            0.995,
        ),
        (
            'response_duration_seconds_bucket{le="5.0"}',
            "response_duration_seconds_count",
            0.980,
            0.986,
        ),
    ],
)
def test_healthy_levels(healthy, bad, all_, lowest, highest):
    assert lowest <= share(healthy, bad, all_) <= highest


def test_traffic_has_days_and_weeks(healthy):
    def tickets(day, first_hour, last_hour):
        start = MONDAY + day * DAY
        span = Span(start + first_hour * HOUR, start + last_hour * HOUR)
        return counted(healthy, "tickets_received_total", span)

    assert 5_000 < counted(healthy, "tickets_received_total") / 7 < 8_000
    assert tickets(3, 10, 12) > 5 * tickets(3, 2, 4)
    assert tickets(1, 0, 24) > 1.5 * tickets(6, 0, 24)


def test_counters_are_whole_and_rise_but_for_resets(healthy):
    resets = set()
    for series in healthy.series:
        if not series.metric.endswith(("_total", "_bucket", "_count", "_sum")):
            continue
        fallen = series.times[1:][np.diff(series.values) < 0]
        resets.update(int(time - MONDAY) // HOUR for time in fallen)
        if not series.metric.endswith(("_sum", "_usd_total", "_seconds_total")):
            assert np.array_equal(series.values, np.floor(series.values)), series
    assert resets == {3 * 24}


def test_buckets_are_cumulative_and_end_at_the_count(healthy):
    pod = 'channel="chat",pod="agent-0"'
    buckets = matching(healthy, f"response_duration_seconds_bucket{{{pod}}}")
    ordered = sorted(buckets, key=lambda series: float(dict(series.labels)["le"]))
    table = np.array([series.values for series in ordered])
    (count,) = matching(healthy, f"response_duration_seconds_count{{{pod}}}")
    (total,) = matching(healthy, f"response_duration_seconds_sum{{{pod}}}")
    assert np.all(np.diff(table, axis=0) >= 0)
    assert np.array_equal(table[-1], count.values)
    assert 1.2 < total.values[-1] / count.values[-1] < 2.5


def test_cost_is_tokens_times_price(healthy):
    labels = 'model="claude-sonnet-4",token_type="output",pod="agent-0"'
    (tokens,) = matching(healthy, f"llm_tokens_total{{{labels}}}")
    (cost,) = matching(healthy, f"llm_cost_usd_total{{{labels}}}")
    assert cost.values == pytest.approx(tokens.values * 15 / 1e6, rel=1e-12)
    assert 60 < counted(healthy, "llm_cost_usd_total") / 7 < 180


def test_no_ticket_is_lost(healthy):
    received = counted(healthy, 'tickets_received_total{pod="agent-0"}')
    processed = counted(healthy, 'tickets_processed_total{pod="agent-0"}')
    # What the pod had not counted yet at its restart may differ by a few.
    assert abs(received - processed) <= 5


def test_a_pod_comes_and_goes(healthy):
    for series in matching(healthy, 'http_requests_total{pod="agent-2"}'):
        assert series.times[0] < MONDAY + DAY + MINUTE
        assert MONDAY + 2 * DAY - 2 * MINUTE < series.times[-1] < MONDAY + 2 * DAY + MINUTE
        assert series.values[0] < 100
    assert counted(healthy, 'tickets_received_total{pod="agent-2"}') == pytest.approx(
        counted(
            healthy, 'tickets_received_total{pod="agent-1"}', Span(MONDAY + DAY, MONDAY + 2 * DAY)
        ),
        rel=0.1,
    )


def test_pods_are_scraped_at_offsets_of_their_own_and_a_little_late(healthy):
    series = matching(healthy, 'queue_depth{pod=~"agent-[01]"}')
    phases = [one.times % MINUTE for one in series]
    assert len({int(phase.min()) for phase in phases}) == 2
    for phase in phases:
        assert 0 < phase.max() - phase.min() <= 25


def test_series_of_a_pod_share_their_times(healthy):
    assert len({id(series.times) for series in matching(healthy, "http_requests_total")}) == 3


def test_gaps_of_one_pod_and_of_prometheus(healthy):
    first, second = (matching(healthy, f'queue_depth{{pod="agent-{n}"}}')[0] for n in (0, 1))
    ups = [healthy.select(counter_selector(f'up{{pod="agent-{n}"}}'))[0] for n in (0, 1)]

    def within(series, start, length):
        return (series.times >= MONDAY + start) & (series.times < MONDAY + start + length)

    assert within(first, 2 * DAY, 40 * MINUTE).sum() >= 38
    assert within(second, 2 * DAY, 40 * MINUTE).sum() == 0
    assert ups[1].values[within(ups[1], 2 * DAY, 40 * MINUTE)].tolist() == [0.0] * 40
    for series in (first, second, *ups):
        assert within(series, 5 * DAY, 5 * MINUTE).sum() == 0
    for up in ups:
        assert 0 < np.sum(up.values == 0) < 70


def test_a_deployment_changes_the_version(healthy):
    versions = {
        dict(series.labels)["version"]: (series.times[0], series.times[-1])
        for series in matching(healthy, 'build_info{pod="agent-0"}')
    }
    assert list(versions) == ["1.20.0", "1.21.0"]
    assert versions["1.20.0"][1] < MONDAY + 3 * DAY < versions["1.21.0"][0]
    (stamp,) = matching(healthy, 'deployment_timestamp_seconds{pod="agent-0",version="1.21.0"}')
    assert set(stamp.values) == {(MONDAY + 3 * DAY) / 1000}


def test_the_same_scenario_gives_the_same_bits_and_another_seed_others():
    first, again, other = (simulate(quiet(length=HOUR, seed=seed)).history for seed in (1, 1, 2))
    assert [s.labels for s in first.series] == [s.labels for s in again.series]
    for one, two in zip(first.series, again.series, strict=True):
        assert one.times.tobytes() == two.times.tobytes()
        assert one.values.tobytes() == two.values.tobytes()
    assert counted(first, "http_requests_total") != counted(other, "http_requests_total")


def test_progress_is_told_pod_by_pod():
    told = []
    simulate(quiet(length=HOUR), lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("kind", "severity", "part", "whole", "bounds"),
    [
        (
            "provider-outage",
            0.5,
            'llm_requests_total{outcome="error"}',
            "llm_requests_total",
            (0.36, 0.44),
        ),
        (
            "slow-model",
            0.5,
            'response_duration_seconds_bucket{le="5.0"}',
            "response_duration_seconds_count",
            (0.2, 0.4),
        ),
        (
            "bad-deployment",
            0.1,
            'http_requests_total{code_class="5xx"}',
            "http_requests_total",
            (0.09, 0.11),
        ),
        (
            "bad-prompt",
            0.5,
            'tickets_processed_total{outcome="resolved"}',
            "tickets_processed_total",
            (0.3, 0.4),
        ),
        (
            "queue-backlog",
            0.9,
            'response_duration_seconds_bucket{le="5.0"}',
            "response_duration_seconds_count",
            (0.0, 0.2),
        ),
        (
            "error-leak",
            0.4,
            'tickets_processed_total{outcome="error"}',
            "tickets_processed_total",
            (0.15, 0.25),
        ),
    ],
)
def test_incidents_do_what_they_say(kind, severity, part, whole, bounds):
    planned = PlannedIncident(kind, 10 * HOUR, 2 * HOUR, severity)
    made = simulate(quiet(length=20 * HOUR, incidents=(planned,)))
    (incident,) = made.incidents
    lowest, highest = bounds
    assert lowest <= share(made.history, part, whole, incident.span) <= highest
    assert incident.span.start == MONDAY + 10 * HOUR
    assert (incident.name, incident.kind, incident.service) == (f"{kind}-1", kind, "support-agent")


def test_a_runaway_costs_more_and_harms_no_objective_on_events():
    planned = PlannedIncident("cost-runaway", 10 * HOUR, 5 * HOUR, 1.0)
    made = simulate(quiet(incidents=(planned,)))
    day_after = Span(MONDAY + 34 * HOUR, MONDAY + 39 * HOUR)
    dear = counted(made.history, "llm_cost_usd_total", made.incidents[0].span)
    usual = counted(made.history, "llm_cost_usd_total", day_after)
    assert 1.8 < dear / usual < 2.8
    assert set(made.incidents[0].slos) <= {one.signal for one in SPECS.alerts}


def level(history, selector, span):
    """The highest value within a span."""
    found = [
        series.values[(series.times >= span.start) & (series.times < span.end)]
        for series in history.select(counter_selector(selector))
    ]
    return max((float(values.max()) for values in found if values.size), default=0.0)


@pytest.mark.parametrize(
    ("kind", "severity", "selector", "usual", "then"),
    [
        ("pool-exhaustion", 1.0, "support_agent_db_pool_connections", 20, 50),
        ("pool-exhaustion", 1.0, "support_agent_db_pool_waiting_requests", 0, 1),
        ("memory-leak", 0.65, "container_memory_working_set_bytes", 0.75e9, 1.9e9),
        ("crash-loop", 1.0, "kube_pod_container_status_waiting_reason", 0, 1),
        ("crash-loop", 1.0, "kube_pod_container_status_restarts_total", 0, 5),
    ],
)
def test_what_runs_out_shows_in_a_gauge(kind, severity, selector, usual, then):
    planned = PlannedIncident(kind, 10 * HOUR, 2 * HOUR, severity)
    made = simulate(quiet(length=20 * HOUR, incidents=(planned,)))
    before = Span(MONDAY, MONDAY + 10 * HOUR)
    assert level(made.history, selector, before) <= usual
    assert level(made.history, selector, made.incidents[0].span) >= then


def test_kubernetes_knows_the_pods_of_every_environment():
    history = simulate(quiet(staging_pods=1)).history
    for metric in ("kube_pod_status_ready", "container_memory_working_set_bytes"):
        found = history.select(counter_selector(metric))
        pods = [(dict(one.labels)["namespace"], dict(one.labels)["pod"]) for one in found]
        assert max(pods) == ("support-staging", "agent-0")
        assert len(set(pods)) == len(pods) == 3


def test_a_full_disk_has_little_left():
    planned = PlannedIncident("disk-full", 10 * HOUR, 20 * HOUR, 0.53)
    history = simulate(quiet(length=40 * HOUR, incidents=(planned,))).history
    (left,) = history.select(counter_selector("node_filesystem_avail_bytes"))
    (size,) = history.select(counter_selector("node_filesystem_size_bytes"))
    free = left.values / size.values
    assert free[0] > 0.5
    assert free.min() < 0.06
    assert free[-1] > 0.5


def test_a_retry_storm_costs_and_is_refused():
    planned = PlannedIncident("retry-storm", 10 * HOUR, 5 * HOUR, 1.0)
    made = simulate(quiet(incidents=(planned,)))
    during, after = made.incidents[0].span, Span(MONDAY + 34 * HOUR, MONDAY + 39 * HOUR)

    def both(selector):
        return counted(made.history, selector, during) / counted(made.history, selector, after)

    assert 4 < both("llm_cost_usd_total") < 9
    assert both('llm_errors_total{error_type="rate_limit"}') > 50


def test_a_pod_that_crashes_is_down_and_the_other_one_serves():
    planned = PlannedIncident("crash-loop", 10 * HOUR, 2 * HOUR, 1.0)
    history = simulate(quiet(length=20 * HOUR, incidents=(planned,))).history
    during = Span(MONDAY + 10 * HOUR + MINUTE, MONDAY + 12 * HOUR)
    assert level(history, 'up{pod="agent-0"}', during) == 0
    assert level(history, 'up{pod="agent-1"}', during) == 1
    available = "kube_deployment_status_replicas_available"
    assert level(history, available, during) == 1
    assert counted(history, 'tickets_received_total{pod="agent-1"}', during) > 300


def test_customers_are_less_content_where_less_is_resolved():
    planned = PlannedIncident("bad-prompt", 10 * HOUR, 24 * HOUR, 0.45)
    made = simulate(quiet(incidents=(planned,)))
    good, rated = 'csat_responses_total{score=~"4|5"}', "csat_responses_total"
    during = made.incidents[0].span
    assert share(made.history, good, rated, Span(MONDAY, MONDAY + 10 * HOUR)) > 0.87
    assert share(made.history, good, rated, during) < 0.82


def test_the_lengths_of_answers_have_heavy_tails(healthy):
    """A mean of few calls swings more than that of a normal distribution would."""
    labels = 'provider="anthropic",token_type="output",pod="agent-0"'
    (tokens,) = matching(healthy, f"llm_tokens_total{{{labels}}}")
    mean = counted(healthy, f"llm_tokens_total{{{labels}}}") / counted(
        healthy, 'llm_requests_total{provider="anthropic",outcome="success",pod="agent-0"}'
    )
    assert 170 < mean < 205
    assert np.diff(tokens.values).max() > 20 * mean


def test_a_backlog_harms_until_it_is_worked_off():
    planned = PlannedIncident("queue-backlog", 10 * HOUR, 2 * HOUR, 0.95)
    made = simulate(quiet(length=20 * HOUR, incidents=(planned,)))
    (incident,) = made.incidents
    assert MONDAY + 12 * HOUR + 5 * MINUTE < incident.span.end < MONDAY + 14 * HOUR
    depth = np.sum([s.values.max() for s in matching(made.history, "queue_depth")])
    assert depth > 300


def test_a_bad_version_is_rolled_back():
    planned = PlannedIncident("bad-deployment", 10 * HOUR, HOUR, 0.1)
    history = simulate(quiet(length=20 * HOUR, incidents=(planned,))).history
    good, bad = matching(history, 'build_info{pod="agent-0"}')
    assert [dict(s.labels)["version"] for s in (good, bad)] == ["1.20.0", "1.21.0"]
    assert good.times[-1] > bad.times[-1]
    assert not np.any((good.times > bad.times[0]) & (good.times < bad.times[-1]))


def test_what_is_planned_beyond_the_end_is_cut_or_left_out():
    planned = (
        PlannedIncident("slow-model", 59 * HOUR, 5 * HOUR, 0.5),
        PlannedIncident("slow-model", 61 * HOUR, HOUR, 0.5),
    )
    made = simulate(quiet(incidents=planned))
    assert [incident.span for incident in made.incidents] == [
        Span(MONDAY + 59 * HOUR, MONDAY + 60 * HOUR)
    ]
