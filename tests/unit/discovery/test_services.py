"""Labels to services."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.discovery.known import BY_METRIC
from slo.discovery.services import name_of, owner_labels, owner_of


def owner(metric: str = "", **labels: str):
    known = BY_METRIC.get(metric)
    kept = {name: labels[name] for name in owner_labels(labels, known)}
    found = owner_of(kept, known)
    return found.name, ",".join(str(matcher) for matcher in found.matchers)


@pytest.mark.parametrize(
    ("metric", "labels", "expected"),
    [
        ("", {"job": "shop", "pod": "x"}, ("shop", 'job="shop"')),
        (
            "",
            {"job": "shop", "namespace": "web", "service": "shop-svc"},
            ("shop", 'job="shop",namespace="web"'),
        ),
        ("", {"job": "web/shop"}, ("shop", 'job="web/shop"')),
        ("", {"job": "kubernetes-pods", "app": "cart"}, ("cart", 'app="cart"')),
        ("", {"job": "kubernetes-pods"}, ("kubernetes-pods", 'job="kubernetes-pods"')),
        ("", {"pod": "x"}, ("service", "")),
        ("", {"service": "tills"}, ("tills", 'service="tills"')),
        (
            "nginx_ingress_controller_requests",
            {"job": "nginx", "ingress": "checkout", "exported_namespace": "web", "namespace": "in"},
            ("checkout", 'ingress="checkout",exported_namespace="web"'),
        ),
        (
            "traefik_service_requests_total",
            {"job": "traefik", "service": "cart@docker"},
            ("cart", 'service="cart@docker"'),
        ),
        (
            "istio_requests_total",
            {"destination_service_name": "cart", "destination_service_namespace": "web"},
            ("cart", 'destination_service_name="cart",destination_service_namespace="web"'),
        ),
    ],
)
def test_whose_series_they_are(metric, labels, expected):
    assert owner(metric, **labels) == expected


def test_the_title_is_as_the_label_has_it():
    assert owner_of({"job": "Web Shop"}, None).title == "Web Shop"


@given(st.text())
def test_any_text_becomes_a_name_that_specifications_take(text):
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", name_of(text))


def test_texts_without_letters_stay_apart():
    assert name_of("商店") != name_of("支払い")
