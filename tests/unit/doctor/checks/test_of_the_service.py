"""Checks of the service's metrics: metrics, scrape-interval, metrics-endpoint, replicas."""

import pytest

from slo.doctor.checks.metrics import ONLY_IN_TROUBLE, Reader, metrics
from slo.doctor.checks.metrics_endpoint import metrics_endpoint
from slo.doctor.checks.replicas import replicas
from slo.doctor.checks.scrape_interval import scrape_interval
from slo.model.duration import HOUR, MINUTE
from slo.promql import counter_selector
from tests.answering import Answering

REQUESTS = counter_selector('requests_total{path="/"}')
ONE = [({}, 1.0)]
JOB = {"count by (job, namespace)": [({"job": "shop", "namespace": "eu"}, 4.0)]}
INDICATOR = Reader("shop/availability", (REQUESTS,))


def named(*metrics):
    return {"count by (__name__)": [({"__name__": name}, 1.0) for name in metrics]}


def test_metrics_that_are_all_there():
    asked = Answering(found={**named("requests_total", "up"), "count(requests_total": ONE})
    found = metrics(asked, [INDICATOR], {"up": ("Down",)})
    assert (found.state, found.found) == ("fine", "2 metrics that something reads have samples")


def test_an_indicator_without_its_metric_is_broken():
    found = metrics(Answering(found=named("up")), [INDICATOR], {"up": ("Down",)})
    assert found.state == "broken"
    assert found.details == ("shop/availability: there is no metric requests_total",)


def test_an_indicator_with_other_labels_is_broken():
    found = metrics(Answering(found=named("requests_total")), [INDICATOR], {})
    assert found.details == (
        'shop/availability: no series of requests_total{path="/"}; the metric is there with '
        "other labels",
    )


def test_a_metric_that_only_alerts_read_is_named_with_them():
    asked = Answering(found={**named("requests_total"), "count(requests_total": ONE})
    found = metrics(asked, [INDICATOR], {"queue_depth": ("A", "B", "C", "D")})
    assert found.state == "attention"
    assert found.details == ("queue_depth, read by A, B, C, and 1 more",)


def test_what_is_there_in_trouble_only_may_be_absent():
    (metric, *_) = ONLY_IN_TROUBLE
    asked = Answering(found={**named("requests_total"), "count(requests_total": ONE})
    found = metrics(asked, [INDICATOR], {metric: ("A",)})
    assert found.state == "fine"
    assert found.details[0].startswith(f"{metric} is absent: ")


def test_names_are_asked_for_in_parts_that_an_address_can_hold():
    asked = Answering()
    metrics(asked, [], {f"metric_number_{number}": ("A",) for number in range(95)})
    questions = [one for one in asked.asked if one.startswith("count by (__name__)")]
    assert len(questions) == 3
    assert max(map(len, questions)) < 4000


def test_nothing_that_reads_is_nothing_to_check():
    assert metrics(Answering(), [], {}).state == "not checked"


@pytest.mark.parametrize(
    ("samples", "state"), [(20.0, "fine"), (4.0, "fine"), (3.0, "attention"), (1.0, "broken")]
)
def test_samples_in_the_shortest_window(samples, state):
    found = scrape_interval(Answering(found={"[5m]": [({}, samples)]}), [(REQUESTS, 5 * MINUTE)])
    assert found.state == state
    if state == "fine":
        assert found.found.startswith(f"at least {samples:g} samples")
    else:
        assert found.to_do.startswith("set scrape_interval to 1m15s or less")
        assert found.details == (f'requests_total{{path="/"}} in 5m: {samples:g}',)


def test_every_window_is_counted_and_the_fewest_samples_decide():
    asked = Answering(found={"[5m]": [({}, 2.0)], "[1h]": [({}, 60.0)]})
    found = scrape_interval(asked, [(REQUESTS, HOUR), (REQUESTS, 5 * MINUTE)])
    assert (found.state, len(found.details)) == ("attention", 1)
    assert scrape_interval(Answering(), [(REQUESTS, HOUR)]).state == "not checked"


def target(instance, health="up", namespace="eu", **fields):
    return {
        "labels": {"job": "shop", "namespace": namespace, "instance": instance},
        "health": health,
        "lastError": "" if health == "up" else "connection refused",
        "lastScrapeDuration": 0.1,
        "scrapeTimeout": "10s",
        **fields,
    }


def scraped(*targets, **found):
    return Answering({"targets": {"activeTargets": list(targets)}}, {**JOB, **found})


def test_targets_that_are_up():
    found = metrics_endpoint(scraped(target("a"), target("b")), [REQUESTS])
    assert (found.state, found.found) == ("fine", "2 of 2 targets are up; the slowest needs 0.10 s")


def test_targets_of_another_namespace_are_another_environment():
    asked = scraped(target("a"), target("b", "down", namespace="test"))
    assert metrics_endpoint(asked, [REQUESTS]).state == "fine"


def test_a_target_that_is_down_is_told_with_the_reason():
    found = metrics_endpoint(scraped(target("a"), target("b", "down")), [REQUESTS])
    assert (found.state, found.details) == ("broken", ("shop in eu, b: connection refused",))


def test_a_scrape_that_is_about_to_fail():
    found = metrics_endpoint(scraped(target("a", lastScrapeDuration=7.5)), [REQUESTS])
    assert (found.state, found.details) == ("attention", ("a: 7.5 s of 10 s",))


def test_a_scrape_that_says_that_it_lacks_something():
    incomplete = {"metrics_scrape_incomplete": [({"instance": "a"}, 1.0)]}
    found = metrics_endpoint(scraped(target("a"), **incomplete), [REQUESTS])
    assert (found.state, found.details) == ("attention", ("a: a collector fails",))


def test_names_of_jobs_are_no_patterns():
    job = {"count by (job, namespace)": [({"job": "a.b(c)"}, 1.0)]}
    other = target("a") | {"labels": {"job": "a.b(c)", "instance": "a"}}
    asked = Answering({"targets": {"activeTargets": [other]}}, job)
    metrics_endpoint(asked, [REQUESTS])
    assert r'job=~"a\\.b\\(c\\)"' in asked.asked[-1]


def test_metrics_that_are_pushed_have_no_endpoint():
    assert metrics_endpoint(scraped(), [REQUESTS]).state == "not checked"
    assert metrics_endpoint(Answering(), [REQUESTS]).state == "not checked"


def replicated(*targets, prometheus=0, alertmanagers=0):
    asked = scraped(*targets)
    asked.found["prometheus_build_info"] = [({"instance": str(n)}, 1.0) for n in range(prometheus)]
    known = [{"url": str(number)} for number in range(alertmanagers)]
    asked.paths["alertmanagers"] = {"activeAlertmanagers": known}
    return asked


def test_two_of_everything():
    asked = replicated(target("a"), target("b"), prometheus=2, alertmanagers=3)
    found = replicas(asked, [REQUESTS])
    assert found.state == "fine"
    assert found.details == ("shop in eu: 2 up", "Prometheus: 2 up", "Alertmanager: 3 up")


def test_what_stands_alone_is_named():
    asked = replicated(target("a"), target("b", "down"), prometheus=1, alertmanagers=2)
    found = replicas(asked, [REQUESTS])
    assert found.state == "attention"
    assert found.found == "fewer than 2 are up of shop in eu, Prometheus"


def advice(*targets, **monitoring):
    return replicas(replicated(*targets, **monitoring), [REQUESTS]).to_do


def test_whoever_stands_alone_is_told_where_its_own_replicas_are_set():
    assert advice(target("a"), prometheus=2) == (
        "shop in eu: run a second replica of the service (in Kubernetes replicas: 2 in its "
        "Deployment), and have Prometheus scrape it"
    )
    assert advice(target("a"), target("b", "down")) == (
        "shop in eu: start the targets that are down; slo doctor --only metrics-endpoint"
    )
    of_prometheus = advice(target("a"), target("b"), prometheus=1, alertmanagers=2)
    assert "prometheusSpec.replicas: 2" in of_prometheus
    assert "alertmanager" not in of_prometheus.lower()
    assert "Deployment" not in of_prometheus
    of_alertmanager = advice(target("a"), target("b"), prometheus=2, alertmanagers=1)
    assert "alertmanagerSpec.replicas: 3" in of_alertmanager
    assert "prometheusSpec" not in of_alertmanager
    everything = advice(target("a"), prometheus=1, alertmanagers=1)
    assert len(everything.split("; ")) == 3


def test_what_nobody_scrapes_nobody_counts():
    asked = Answering({"targets": {"activeTargets": []}})
    assert replicas(asked, [REQUESTS]).state == "not checked"
